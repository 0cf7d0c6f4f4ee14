import { diffStat, type FileChange, sameData, type Workspace } from '@/lib/workspace'
import type { ChangedFile } from '../events'

/** Gathers what programs write into the project from now on: one change a path, from its first state to its last. */
export function watchWrites(workspace: Workspace): { changes(): FileChange[]; dispose(): void } {
  const byPath = new Map<string, FileChange>()
  const dispose = workspace.subscribe((edit) => {
    if (edit.origin !== 'sandbox') return
    for (const change of edit.changes) {
      byPath.set(change.path, { ...change, before: byPath.get(change.path)?.before ?? change.before })
    }
  })
  return {
    changes: () => [...byPath.values()].filter(({ before, after }) => !sameData(before, after)),
    dispose,
  }
}

export function toChangedFile({ path, before, after }: FileChange): ChangedFile {
  const isText = before instanceof Uint8Array || after instanceof Uint8Array
  const lines = isText ? { additions: 0, deletions: 0 } : diffStat(before ?? '', after ?? '')
  return { path, kind: before === null ? 'add' : after === null ? 'delete' : 'update', ...lines }
}
