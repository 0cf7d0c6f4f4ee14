import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createStore } from '@/lib/base'
import { applyExecutables, type ExecutableChange, type Executables } from './executables'
import { createHistory } from './history'
import type { LinkChange, LinkMap } from './links'
import { createWorkspace, type EditMeta } from './workspace'

const agent: EditMeta = { origin: 'agent', label: 'Patch' }
const user: EditMeta = { origin: 'user', label: 'Edit' }
const text = 'one\ntwo\nthree\nfour\nfive\nsix\n'

function setUp(files: Record<string, string | Uint8Array> = { 'a.txt': text }) {
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const state = createStore<{ links: LinkMap }>(() => ({ links: new Map() }))
  const links = {
    state,
    change(changes: readonly LinkChange[]) {
      const next = new Map(state.getState().links)
      for (const { path, target } of changes) target === null ? next.delete(path) : next.set(path, target)
      state.setState({ links: next })
    },
  }
  const marks = createStore<{ executables: Executables }>(() => ({ executables: new Set() }))
  const executables = {
    state: marks,
    change: (changes: readonly ExecutableChange[]) =>
      marks.setState({ executables: applyExecutables(marks.getState().executables, changes) }),
  }
  return { workspace, links, executables, history: createHistory(workspace, { links, executables }) }
}

describe('undo', () => {
  test('takes back all files of an edit, and redo brings them again', () => {
    const { workspace, history } = setUp({ 'a.txt': 'a', 'b.bin': new Uint8Array([0]) })
    const before = workspace.files
    workspace.apply(
      [
        { path: 'a.txt', after: null },
        { path: 'c.txt', after: 'a' },
        { path: 'b.bin', after: new Uint8Array([1]) },
      ],
      agent,
    )
    const after = workspace.files
    expect(history.state.getState()).toMatchObject({ undo: 'Patch', redo: null })
    expect([history.undo(), workspace.files]).toEqual([true, before])
    expect(history.state.getState()).toMatchObject({ undo: null, redo: 'Patch' })
    expect([history.redo(), workspace.files]).toEqual([true, after])
    expect([history.undo(), history.undo(), workspace.files]).toEqual([true, false, before])
  })

  test('leaves typing to the editor, and keeps what was typed in other lines', () => {
    const { workspace, history } = setUp()
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'TWO') }], agent)
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'TWO').replace('six', 'typed') }], user)
    expect(history.undo()).toBe(true)
    expect(workspace.files.get('a.txt')).toBe(text.replace('six', 'typed'))
    expect(history.redo()).toBe(true)
    expect(workspace.files.get('a.txt')).toBe(text.replace('two', 'TWO').replace('six', 'typed'))
  })

  test('refuses as a whole, with the reason, when later work would be lost', () => {
    const { workspace, history } = setUp({ 'a.txt': text, 'b.txt': 'b' })
    workspace.apply(
      [
        { path: 'a.txt', after: text.replace('two', 'TWO') },
        { path: 'b.txt', after: 'B' },
      ],
      agent,
    )
    workspace.apply([{ path: 'a.txt', after: text.replace('two', 'typed over') }], user)
    const now = workspace.files
    expect([history.undo(), workspace.files]).toEqual([false, now])
    expect(history.state.getState()).toMatchObject({
      undo: 'Patch',
      refused: expect.stringContaining('a.txt changed in the same lines'),
    })
  })

  test('refuses to delete an added file that was written on since', () => {
    const { workspace, history } = setUp({})
    workspace.apply([{ path: 'new.txt', after: 'agent' }], agent)
    workspace.apply([{ path: 'new.txt', after: 'agent and user' }], user)
    expect([history.undo(), workspace.files.get('new.txt')]).toEqual([false, 'agent and user'])
  })

  test('takes links along, but for those that lead elsewhere by now', () => {
    const { workspace, links, history } = setUp({})
    const shown = () => Object.fromEntries(links.state.getState().links)
    const made = [
      { path: 'a', target: 'x' },
      { path: 'b', target: 'x' },
    ]
    history.change({ changes: [{ path: 'x', after: '' }], links: made, meta: { origin: 'user', label: 'Make' } })
    const removed = [{ path: 'a', target: null }]
    history.change({ changes: [], links: removed, meta: { origin: 'user', label: 'Remove' } })
    expect([history.undo(), shown()]).toEqual([true, { a: 'x', b: 'x' }])
    links.change([{ path: 'b', target: 'y' }])
    expect([history.undo(), shown(), workspace.files.size]).toEqual([true, { b: 'y' }, 0])
    expect([history.redo(), history.redo(), shown(), workspace.files.size]).toEqual([true, true, { b: 'y' }, 1])
  })

  test('takes back what became executable, with the files of the step or without any', () => {
    const { history, executables, workspace } = setUp({ 'a.sh': '1' })
    const marked = () => [...executables.state.getState().executables]
    const meta: EditMeta = { origin: 'restore', label: 'Back' }
    const executable = (path: string, is: boolean) => [{ path, executable: is }]
    history.change({ changes: [{ path: 'a.sh', after: '2' }], links: [], executables: executable('a.sh', true), meta })
    history.change({ changes: [], links: [], executables: executable('b.sh', true), meta })
    expect(marked()).toEqual(['a.sh', 'b.sh'])
    expect([history.undo(), marked()]).toEqual([true, ['a.sh']])
    expect([history.undo(), marked(), workspace.files.get('a.sh')]).toEqual([true, [], '1'])
    expect([history.redo(), marked(), workspace.files.get('a.sh')]).toEqual([true, ['a.sh'], '2'])
    // What somebody has changed since is left as it is.
    executables.change(executable('a.sh', false))
    expect([history.undo(), marked()]).toEqual([true, []])
  })

  test('takes back what one press changed in several files', () => {
    const { workspace, history } = setUp({ a: '1', b: '1' })
    workspace.apply(
      ['a', 'b'].map((path) => ({ path, after: '2' })),
      { origin: 'user', label: 'Replace' },
    )
    expect([history.undo(), Object.fromEntries(workspace.files)]).toEqual([true, { a: '1', b: '1' }])
  })

  test('passes over edits that were taken back by hand', () => {
    const { workspace, history } = setUp({ 'a.txt': 'a' })
    workspace.apply([{ path: 'b.txt', after: 'b' }], { origin: 'user', label: 'Create b.txt' })
    workspace.apply([{ path: 'a.txt', after: 'A' }], agent)
    workspace.apply([{ path: 'a.txt', after: 'a' }], user)
    expect(history.undo()).toBe(true)
    expect([...workspace.files.keys()]).toEqual(['a.txt'])
  })

  test('forgets what could be redone once something new is done', () => {
    const { workspace, history } = setUp({ 'a.txt': 'a' })
    workspace.apply([{ path: 'a.txt', after: 'b' }], agent)
    history.undo()
    workspace.apply([{ path: 'a.txt', after: 'c' }], agent)
    expect([history.redo(), workspace.files.get('a.txt')]).toEqual([false, 'c'])
  })
})

test.each([3, 77, 20261122])('any edits can be undone to the start and redone to the end (seed %i)', (seed) => {
  const change = fc.record({
    path: fc.constantFrom('a', 'b', 'c/d'),
    after: fc.option(fc.constantFrom('', 'x\n', 'x\ny\n'), { nil: null }),
  })
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(change, { minLength: 1, maxLength: 3, selector: ({ path }) => path })),
      (edits) => {
        const { workspace, history } = setUp({ a: 'x\n' })
        const start = workspace.files
        for (const changes of edits) workspace.apply(changes, agent)
        const end = workspace.files
        while (history.undo());
        expect(workspace.files).toEqual(start)
        while (history.redo());
        expect(workspace.files).toEqual(end)
      },
    ),
    { seed, numRuns: 200 },
  )
})
