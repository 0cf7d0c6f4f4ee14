import { markers } from './parse'

/** What a patch that is still being written does to one file so far. */
export interface FileProgress {
  path: string
  kind: 'add' | 'update' | 'delete'
  movedTo?: string
  additions: number
  deletions: number
}

const kinds = [
  ['add', markers.add],
  ['update', markers.update],
  ['delete', markers.delete],
] as const

/** Reads the whole lines of a partial patch, for a live view. Never judges: that is the parser's business. */
export function patchProgress(partial: string): FileProgress[] {
  const files: FileProgress[] = []
  // The last piece is still being written: half a path must not be shown.
  for (const line of partial.split('\n').slice(0, -1)) {
    const text = line.trimEnd()
    const header = kinds.find(([, marker]) => text.trimStart().startsWith(marker))
    const file = files.at(-1)
    if (header !== undefined) {
      const path = text.trimStart().slice(header[1].length).trim()
      files.push({ path, kind: header[0], additions: 0, deletions: 0 })
    } else if (file !== undefined && text.startsWith(markers.move)) file.movedTo = text.slice(markers.move.length)
    else if (file !== undefined && line.startsWith('+')) file.additions += 1
    else if (file?.kind === 'update' && line.startsWith('-')) file.deletions += 1
  }
  return files
}
