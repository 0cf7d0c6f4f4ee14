import { createStore, type StoreApi } from '@/lib/base'
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
  /** Changes files and links in one step, which is taken back as one. */
  change(step: {
    changes: readonly { path: string; after: FileData | null }[]
    links: readonly LinkChange[]
    meta: EditMeta
  }): void
  /** False when there is nothing to undo, or when it would lose later work; then `state` says why. */
  undo(): boolean
  redo(): boolean
  dispose(): void
}

/** Where the links are: beside the files, so that no Edit has them. */
interface Links {
  state: StoreApi<{ links: LinkMap }>
  change(changes: readonly LinkChange[]): void
}

interface Entry {
  label: string
  changes: readonly FileChange[]
  links: readonly { path: string; before: string | null; after: string | null }[]
}

const maxEntries = 200
const notRecorded: ReadonlySet<EditOrigin> = new Set(['undo', 'import'])

export function createHistory(workspace: Workspace, links: Links): History {
  const state = createStore<HistoryState>(() => ({ undo: null, redo: null, refused: null }))
  const undone: Entry[] = []
  const done: Entry[] = []
  /** What `change` is about to do with links, until its edit is there. */
  let linksOfStep: Entry['links'] = []

  const settle = (refused: string | null) =>
    state.setState({ undo: done.at(-1)?.label ?? null, redo: undone.at(-1)?.label ?? null, refused })

  function record(entry: Entry) {
    done.push(entry)
    if (done.length > maxEntries) done.shift()
    undone.length = 0
    settle(null)
  }

  const dispose = workspace.subscribe(({ origin, label, changes }) => {
    if (notRecorded.has(origin) || (linksOfStep.length === 0 && isTyping(origin, changes))) return
    record({ label, changes, links: linksOfStep })
  })

  const change: History['change'] = ({ changes, links: wanted, meta }) => {
    const { links: before } = links.state.getState()
    linksOfStep = wanted.map(({ path, target }) => ({ path, before: before.get(path) ?? null, after: target }))
    try {
      const edit = workspace.apply(changes, meta)
      if (edit === null && linksOfStep.length > 0) record({ label: meta.label, changes: [], links: linksOfStep })
    } finally {
      linksOfStep = []
    }
    links.change(wanted)
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
    const isTaken = inverse !== null || back.length > 0
    if (isTaken) {
      const turned = back.map(({ path, before, after }) => ({ path, before: after, after: before }))
      to.push({ label: entry.label, changes: inverse?.changes ?? [], links: turned })
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
