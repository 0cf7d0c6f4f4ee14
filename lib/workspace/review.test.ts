import { describe, expect, test } from 'vitest'
import { createReview } from './review'
import { createWorkspace, type EditMeta } from './workspace'

const agent: EditMeta = { origin: 'agent', label: 'Patch', turnId: 'turn1' }
const user: EditMeta = { origin: 'user', label: 'Edit' }
const text = 'one\ntwo\nthree\nfour\nfive\nsix\n'

function setUp(files: Record<string, string | Uint8Array> = { 'a.txt': text }, saved?: unknown) {
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const review = createReview(workspace, { saved })
  return { workspace, review, shown: () => review.state.getState().files }
}

describe('the review', () => {
  test('compares with the file before the first of the agent’s edits', () => {
    const { workspace, shown } = setUp()
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'TWO') }], agent)
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'TWO').replace('six\n', '') }], agent)
    expect(shown()).toMatchObject([
      {
        path: 'a.txt',
        kind: 'update',
        before: text,
        after: 'one\nTWO\nthree\nfour\nfive\n',
        binary: false,
        additions: 1,
        deletions: 2,
        isShared: false,
      },
    ])
  })

  test('is what another tab stored, once this one takes over', () => {
    const writer = setUp()
    const reader = setUp()
    writer.workspace.apply([{ path: 'a.txt', after: text.replace('two', 'TWO') }], agent)
    reader.workspace.apply([{ path: 'a.txt', after: text.replace('two', 'TWO') }], {
      origin: 'import',
      label: 'Other tab',
    })
    expect(reader.shown()).toEqual([])
    reader.review.recall(structuredClone(writer.review.save()), structuredClone(writer.review.saveJudgements()))
    expect(reader.shown()).toEqual(writer.shown())
    expect(reader.review.undo('a.txt')).toMatchObject({ ok: true })
    expect(reader.workspace.files.get('a.txt')).toBe(text)
  })

  test('shows a rename as a deletion and an addition, and binary files without text', () => {
    const { workspace, shown } = setUp({ 'old.txt': 'a\n', 'b.bin': new Uint8Array([0]) })
    workspace.apply(
      [
        { path: 'old.txt', after: null },
        { path: 'new.txt', after: 'a\n' },
        { path: 'b.bin', after: new Uint8Array([1]) },
      ],
      agent,
    )
    expect(
      shown().map(({ path, kind, binary, additions, deletions }) => [path, kind, binary, additions, deletions]),
    ).toEqual([
      ['b.bin', 'update', true, 0, 0],
      ['new.txt', 'add', false, 1, 0],
      ['old.txt', 'delete', false, 0, 1],
    ])
  })

  test('takes no notice of the user’s own files, and counts what programs do in a turn as the agent’s', () => {
    const { workspace, shown } = setUp()
    workspace.apply([{ path: 'mine.txt', after: 'x' }], user)
    workspace.apply([{ path: 'made.txt', after: 'x' }], {
      origin: 'sandbox',
      label: 'Written by a program',
      turnId: 'turn1',
    })
    workspace.apply([{ path: 'other.txt', after: 'x' }], { origin: 'sandbox', label: 'Written by a program' })
    expect(shown().map(({ path }) => path)).toEqual(['made.txt'])
  })

  test('shows nothing of a file that is as it was', () => {
    const { workspace, shown } = setUp()
    workspace.apply(
      [
        { path: 'a.txt', after: 'x' },
        { path: 'new.txt', after: 'x' },
      ],
      agent,
    )
    workspace.apply([{ path: 'a.txt', after: text }], agent)
    workspace.apply([{ path: 'new.txt', after: null }], user)
    expect(shown()).toEqual([])
    workspace.apply([{ path: 'a.txt', after: 'typed' }], user)
    expect(shown()).toEqual([])
  })

  test('keeps the objects of files that did not change', () => {
    const { workspace, shown } = setUp({ 'a.txt': 'a', 'b.txt': 'b' })
    workspace.apply(
      [
        { path: 'a.txt', after: 'A' },
        { path: 'b.txt', after: 'B' },
      ],
      agent,
    )
    const [first] = shown()
    workspace.apply([{ path: 'b.txt', after: 'BB' }], agent)
    expect(shown()[0]).toBe(first)
  })
})

describe('keep', () => {
  test('forgets one file, or all', () => {
    const { workspace, review, shown } = setUp({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' })
    workspace.apply(
      ['a.txt', 'b.txt', 'c.txt'].map((path) => ({ path, after: 'new' })),
      agent,
    )
    review.keep('b.txt')
    expect(shown().map(({ path }) => path)).toEqual(['a.txt', 'c.txt'])
    review.keep()
    expect(shown()).toEqual([])
    expect(workspace.files.get('b.txt')).toBe('new')
  })
})

describe('undo', () => {
  test('brings files back, added ones away and deleted ones again', () => {
    const { workspace, review, shown } = setUp({ 'a.txt': 'a', 'b.txt': 'b' })
    const before = workspace.files
    workspace.apply(
      [
        { path: 'a.txt', after: null },
        { path: 'b.txt', after: 'B' },
        { path: 'c.txt', after: 'c' },
      ],
      agent,
    )
    review.undo('b.txt')
    expect(shown().map(({ path }) => path)).toEqual(['a.txt', 'c.txt'])
    review.undo()
    expect([workspace.files, shown()]).toEqual([before, []])
  })

  test('leaves what the user typed in other lines, before and after the agent', () => {
    const { workspace, review, shown } = setUp()
    const change = (from: string, to: string, meta: EditMeta) =>
      workspace.apply([{ path: 'a.txt', after: String(workspace.files.get('a.txt')).replace(from, to) }], meta)
    change('one', 'typed 1', user)
    change('three', 'agent 3', agent)
    change('six', 'typed 6', user)
    change('agent 3', 'agent III', agent)
    expect(shown()).toMatchObject([{ additions: 1, deletions: 1, isShared: false }])
    review.undo('a.txt')
    expect(workspace.files.get('a.txt')).toBe('typed 1\ntwo\nthree\nfour\nfive\ntyped 6\n')
  })

  test('leaves typing in the agent’s lines alone, and says so', () => {
    const { workspace, review, shown } = setUp()
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'agent').replace('six', 'agent 6') }], agent)
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'agent and user').replace('six', 'agent 6') }], user)
    expect(shown()).toMatchObject([{ isShared: true, before: text, hunks: [{ isShared: true }, { isShared: false }] }])
    expect(review.undo()).toEqual({ ok: true, left: ['a.txt'] })
    expect(workspace.files.get('a.txt')).toBe(text.replace('two', 'agent and user'))
    expect(review.undo()).toMatchObject({ ok: false, reason: expect.stringContaining('a.txt') })
  })
})

describe('storage', () => {
  test('brings the review back', () => {
    const { workspace, review, shown } = setUp({ 'a.txt': 'a', 'b.bin': new Uint8Array([0]) })
    workspace.apply(
      [
        { path: 'a.txt', after: 'A' },
        { path: 'b.bin', after: new Uint8Array([2]) },
        { path: 'c.txt', after: 'c' },
      ],
      agent,
    )
    const again = setUp(Object.fromEntries(workspace.files), structuredClone(review.save()))
    expect(again.shown()).toEqual(shown())
  })

  test.each([undefined, null, 'x', [1], [{ path: 'a.txt' }], { 'a.txt': 'x' }])('ignores %j', (saved) => {
    expect(setUp({}, saved).shown()).toEqual([])
  })
})
