import { describe, expect, test } from 'vitest'
import { createReview, type Review } from './review'
import { packJudgements, unpackJudgements } from './stored-judgements'
import { createWorkspace, type Workspace } from './workspace'

const text = 'one\ntwo\nthree\nfour\nfive\nsix\n'
const byAgent = text.replace('two', 'agent 2').replace('six', 'agent 6')

function setUp(): { workspace: Workspace; review: Review } {
  const workspace = createWorkspace(new Map<string, string | Uint8Array>([['a.txt', text]]))
  const review = createReview(workspace)
  workspace.apply([{ path: 'a.txt', after: byAgent }], { origin: 'agent', label: 'Patch', turnId: 't' })
  return { workspace, review }
}

/** What a reload leaves: files and what storage holds. */
function reload({ workspace, review }: { workspace: Workspace; review: Review }) {
  const again = createWorkspace(new Map(workspace.files))
  const saved = structuredClone(review.save())
  const savedJudgements = structuredClone(review.saveJudgements())
  return { workspace: again, review: createReview(again, { saved, savedJudgements }) }
}

const firstHunk = (review: Review) => review.state.getState().files[0]?.hunks[0]?.id ?? ''
const textIn = (workspace: Workspace) => workspace.files.get('a.txt')

describe('taking back after a reload', () => {
  test('brings back each of what was judged before it, last first', () => {
    const before = setUp()
    before.review.undo('a.txt', firstHunk(before.review))
    before.review.edit('a.txt', firstHunk(before.review), 'mine')
    before.review.delivered(before.review.state.getState().outcomes)
    const { workspace, review } = reload(before)
    expect(review.state.getState()).toEqual(before.review.state.getState())
    expect(review.state.getState().last).toBe('Edit a change in a.txt')
    expect(review.takeBack()).toEqual({ ok: true, left: [] })
    expect(textIn(workspace)).toBe(text.replace('six', 'agent 6'))
    expect(review.takeBack()).toEqual({ ok: true, left: [] })
    expect(textIn(workspace)).toBe(byAgent)
    expect(review.state.getState()).toMatchObject({ last: null, outcomes: [{ outcome: 'reopened' }, {}] })
    expect(review.state.getState().files[0]?.hunks).toHaveLength(2)
  })

  test('keeps what was typed elsewhere meanwhile, and refuses where the same lines changed', () => {
    const before = setUp()
    before.review.undo('a.txt')
    const { workspace, review } = reload(before)
    workspace.apply([{ path: 'a.txt', after: text.replace('four', 'typed') }], { origin: 'user', label: 'Edit' })
    const later = reload({ workspace, review })
    expect(later.review.takeBack().ok).toBe(true)
    expect(textIn(later.workspace)).toBe(byAgent.replace('four', 'typed'))
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'typed') }], { origin: 'user', label: 'Edit' })
    expect(review.takeBack().ok).toBe(false)
  })

  test('brings back binary files and files that were made or deleted', () => {
    const workspace = createWorkspace(new Map<string, string | Uint8Array>([['old.txt', 'old']]))
    const review = createReview(workspace)
    const bytes = new Uint8Array([1, 2])
    workspace.apply(
      [
        { path: 'old.txt', after: null },
        { path: 'new.bin', after: bytes },
      ],
      { origin: 'agent', label: 'Patch', turnId: 't' },
    )
    review.undo()
    const again = reload({ workspace, review })
    expect(again.review.takeBack().ok).toBe(true)
    expect([...again.workspace.files]).toEqual([['new.bin', bytes]])
  })
})

describe('what is stored', () => {
  test('is the same object until something is judged, so that typing costs nothing', () => {
    const { workspace, review } = setUp()
    const before = review.saveJudgements()
    workspace.apply([{ path: 'a.txt', after: `${byAgent}typed\n` }], { origin: 'user', label: 'Edit' })
    expect(review.saveJudgements()).toBe(before)
    review.keep('a.txt')
    const after = review.saveJudgements()
    expect(after).not.toBe(before)
    expect(review.saveJudgements()).toBe(after)
  })

  test('holds each text once, and the newest judgements only where texts are large', () => {
    const { review } = setUp()
    review.keep('a.txt', firstHunk(review))
    review.keep('a.txt', firstHunk(review))
    expect((review.saveJudgements() as { texts: unknown[] }).texts).toHaveLength(3)
    const entry = (baseline: string) => ({ baseline, agents: baseline })
    const large = (name: string) => {
      const data = name.repeat(900_000)
      const file = { path: name, dataBefore: data, dataAfter: data, entryBefore: entry(data), entryAfter: null }
      return { label: name, files: [file], outcomes: [], outcomesBefore: [] }
    }
    const packed = packJudgements(['a', 'b', 'c'].map(large))
    expect((packed as { texts: unknown[] }).texts).toHaveLength(2)
    const kept = unpackJudgements(packed)
    expect(kept.map(({ label }) => label)).toEqual(['b', 'c'])
  })

  test.each([undefined, null, 'x', { texts: 1 }, { texts: [], judgements: [{ label: 'x', files: [{ path: 'a' }] }] }])(
    'is nothing where storage holds %j',
    (saved) => expect(unpackJudgements(saved)).toEqual([]),
  )

  test('is dropped from where it is broken: an older judgement stands on the newer ones', () => {
    const file = { path: 'a', data: [0, -1], entryBefore: [0, 0], entryAfter: null }
    const stored = (label: string, files: unknown) => ({ label, files, outcomes: [], outcomesBefore: [] })
    const judgements = [stored('old', [file]), stored('broken', [{ ...file, data: [7, 0] }]), stored('new', [file])]
    expect(unpackJudgements({ texts: ['t'], judgements }).map(({ label }) => label)).toEqual(['new'])
  })
})

test('outcomes that were told can wait again, without touching what waits already', () => {
  const { review } = setUp()
  review.undo('a.txt', firstHunk(review))
  const told = review.state.getState().outcomes
  review.delivered(told)
  review.keep('a.txt', firstHunk(review))
  const waiting = review.state.getState().outcomes
  review.tellAgain(told)
  review.tellAgain(told)
  expect(review.state.getState().outcomes).toEqual([...told, ...waiting])
})
