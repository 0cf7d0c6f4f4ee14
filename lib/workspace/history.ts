import { createStore, type StoreApi } from '@/lib/base'
import type { ExecutableChange, Executables } from './executables'
import type { FileChange, FileData } from './files'
import type { LinkChange, LinkMap } from './links'
import { revertChanges } from './revert'
import type { EditMeta, EditOrigin, Workspace } from './workspace'

export interface HistoryState {
  /** The label of the edit that comes next; null when there is none. */
  undo: string | null
  redo: string | null
  /** Why the last undo or redo was refused, as a sentence; null after a success. */
  refused: string | null
}

/** Undo and redo of everything but typing, which the editor's own buffers undo. */
export interface History {
  state: StoreApi<HistoryState>
  /** Changes files, links and what is executable in one step, which is taken back as one. */
  change(step: {
    changes: readonly { path: string; after: FileData | null }[]
    links: readonly LinkChange[]
    executables?: readonly ExecutableChange[]
    meta: EditMeta
  }): void
  /** False when there is nothing to undo, or when it would lose later work; then `state` says why. */
  undo(): boolean
  redo(): boolean
  dispose(): void
}

/** What lies beside the files, so that no Edit has it. */
interface Beside {
  links: { state: StoreApi<{ links: LinkMap }>; change(changes: readonly LinkChange[]): void }
  executables: { state: StoreApi<{ executables: Executables }>; change(changes: readonly ExecutableChange[]): void }
}

interface Entry {
  label: string
  changes: readonly FileChange[]
  links: readonly { path: string; before: string | null; after: string | null }[]
  executables: readonly ExecutableChange[]
}

const maxEntries = 200
const notRecorded: ReadonlySet<EditOrigin> = new Set(['undo', 'import'])

export function createHistory(workspace: Workspace, { links, executables }: Beside): History {
  const state = createStore<HistoryState>(() => ({ undo: null, redo: null, refused: null }))
  const undone: Entry[] = []
  const done: Entry[] = []
  /** What `change` is about to do beside the files, until its edit is there. */
  let besideOfStep: Omit<Entry, 'label' | 'changes'> = { links: [], executables: [] }
  const isBeside = () => besideOfStep.links.length + besideOfStep.executables.length > 0

  const settle = (refused: string | null) =>
    state.setState({ undo: done.at(-1)?.label ?? null, redo: undone.at(-1)?.label ?? null, refused })

  function record(entry: Entry) {
    done.push(entry)
    if (done.length > maxEntries) done.shift()
    undone.length = 0
    settle(null)
  }

  const dispose = workspace.subscribe(({ origin, label, changes }) => {
    if (notRecorded.has(origin) || (!isBeside() && isTyping(origin, changes))) return
    record({ label, changes, ...besideOfStep })
  })

  const change: History['change'] = ({ changes, links: wanted, executables: marks = [], meta }) => {
    const { links: before } = links.state.getState()
    const { executables: marked } = executables.state.getState()
    besideOfStep = {
      links: wanted.map(({ path, target }) => ({ path, before: before.get(path) ?? null, after: target })),
      executables: marks.filter(({ path, executable }) => marked.has(path) !== executable),
    }
    try {
      const edit = workspace.apply(changes, meta)
      if (edit === null && isBeside()) record({ label: meta.label, changes: [], ...besideOfStep })
    } finally {
      besideOfStep = { links: [], executables: [] }
    }
    links.change(wanted)
    executables.change(marks)
  }

  /** Taking an edit back is an edit too, so that one rule serves both ways. */
  function step(from: Entry[], to: Entry[], verb: 'Undo' | 'Redo'): boolean {
    const entry = from.at(-1)
    if (!entry) return false
    const reverted = revertChanges(workspace.files, entry.changes)
    if (!reverted.ok) {
      settle(
        `“${entry.label}” stays: ${reverted.conflicts.join(', ')} changed in the same lines since. ${byHand[verb]}`,
      )
      return false
    }
    from.pop()
    // Null when later edits have taken it back already.
    const inverse = workspace.apply(reverted.changes, { origin: 'undo', label: `${verb} “${entry.label}”` })
    // A link that leads elsewhere by now was made since, and stays.
    const { links: linked } = links.state.getState()
    const back = entry.links.filter(
      ({ path, before, after }) => before !== after && (linked.get(path) ?? null) === after,
    )
    links.change(back.map(({ path, before }) => ({ path, target: before })))
    const { executables: marked } = executables.state.getState()
    const unmarked = entry.executables
      .filter(({ path, executable }) => marked.has(path) === executable)
      .map(({ path, executable }) => ({ path, executable: !executable }))
    executables.change(unmarked)
    const isTaken = inverse !== null || back.length + unmarked.length > 0
    if (isTaken) {
      const turned = back.map(({ path, before, after }) => ({ path, before: after, after: before }))
      to.push({ label: entry.label, changes: inverse?.changes ?? [], links: turned, executables: unmarked })
    }
    settle(null)
    return isTaken || step(from, to, verb)
  }

  return {
    state,
    change,
    undo: () => step(done, undone, 'Undo'),
    redo: () => step(undone, done, 'Redo'),
    dispose,
  }
}

const byHand = {
  Undo: 'Change those lines by hand, or go back to a checkpoint.',
  Redo: 'Change those lines by hand.',
}

/** In one file at a time, which neither comes nor goes. */
function isTyping(origin: EditOrigin, changes: readonly FileChange[]): boolean {
  return (
    origin === 'user' && changes.length === 1 && changes.every(({ before, after }) => before !== null && after !== null)
  )
}
