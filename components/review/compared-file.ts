import { diffStat, type FileChange } from '@/lib/workspace'

/** A file that differs between two states of the project. */
export interface ComparedFile {
  path: string
  kind: 'add' | 'update' | 'delete'
  before: string
  after: string
  additions: number
  deletions: number
  isBinary: boolean
}

export function compareFiles(changes: readonly FileChange[]): ComparedFile[] {
  return changes.map(({ path, before, after }) => {
    const isBinary = before instanceof Uint8Array || after instanceof Uint8Array
    const sides = { before: textOf(before), after: textOf(after) }
    const stat = isBinary ? { additions: 0, deletions: 0 } : diffStat(sides.before, sides.after)
    return { path, kind: before === null ? 'add' : after === null ? 'delete' : 'update', ...sides, ...stat, isBinary }
  })
}

function textOf(data: FileChange['before']): string {
  return typeof data === 'string' ? data : ''
}
