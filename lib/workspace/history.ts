import { createStore, type StoreApi } from '@/lib/base'
import { revertChanges } from './revert'
import type { Edit, EditOrigin, Workspace } from './workspace'

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
  /** False when there is nothing to undo, or when it would lose later work; then `state` says why. */
  undo(): boolean
  redo(): boolean
  dispose(): void
}

const maxEntries = 200
const notRecorded: ReadonlySet<EditOrigin> = new Set(['undo', 'import'])

export function createHistory(workspace: Workspace): History {
  const state = createStore<HistoryState>(() => ({ undo: null, redo: null, refused: null }))
  const undone: Edit[] = []
  const done: Edit[] = []

  const settle = (refused: string | null) =>
    state.setState({ undo: done.at(-1)?.label ?? null, redo: undone.at(-1)?.label ?? null, refused })

  const dispose = workspace.subscribe((edit) => {
    if (notRecorded.has(edit.origin) || isTyping(edit)) return
    done.push(edit)
    if (done.length > maxEntries) done.shift()
    undone.length = 0
    settle(null)
  })

  /** Taking an edit back is an edit too, so that one rule serves both ways. */
  function step(from: Edit[], to: Edit[], verb: 'Undo' | 'Redo'): boolean {
    const edit = from.at(-1)
    if (!edit) return false
    const reverted = revertChanges(workspace.files, edit.changes)
    if (!reverted.ok) {
      settle(`“${edit.label}” stays: ${reverted.conflicts.join(', ')} changed in the same lines since. ${byHand[verb]}`)
      return false
    }
    from.pop()
    // Null when later edits have taken it back already.
    const inverse = workspace.apply(reverted.changes, { origin: 'undo', label: `${verb} “${edit.label}”` })
    if (inverse) to.push({ ...inverse, label: edit.label })
    settle(null)
    return inverse !== null || step(from, to, verb)
  }

  return {
    state,
    undo: () => step(done, undone, 'Undo'),
    redo: () => step(undone, done, 'Redo'),
    dispose,
  }
}

const byHand = {
  Undo: 'Change those lines by hand, or go back to a checkpoint.',
  Redo: 'Change those lines by hand.',
}

function isTyping({ origin, changes }: Edit): boolean {
  return origin === 'user' && changes.every(({ before, after }) => before !== null && after !== null)
}
