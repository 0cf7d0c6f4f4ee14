import { plural } from '@/lib/base'
import { diffHunks } from '@/lib/workspace'

export interface DiffRow {
  kind: 'file' | 'hunk' | 'add' | 'remove' | 'context' | 'gap'
  text: string
  /** 1-based line numbers, where known. */
  before?: number
  after?: number
}

/** Reads the patch text of the `apply_patch` tool as rows to show; unfinished text is fine. */
export function patchRows(patch: string): DiffRow[] {
  const lines = patch.split('\n').filter((line) => !/^\*\*\* (?:Begin|End)\b/.test(line))
  if (lines.at(-1) === '') lines.pop()
  return lines.map(patchRow)
}

function patchRow(line: string): DiffRow {
  const file = /^\*\*\* (Add File|Update File|Delete File|Move to): (.*)$/.exec(line)
  if (file) return { kind: 'file', text: `${file[1]}: ${file[2]}` }
  if (line.startsWith('@@')) return { kind: 'hunk', text: line.slice(2).trim() }
  if (line.startsWith('+')) return { kind: 'add', text: line.slice(1) }
  if (line.startsWith('-')) return { kind: 'remove', text: line.slice(1) }
  return { kind: 'context', text: line.startsWith(' ') ? line.slice(1) : line }
}

/** The file an unfinished patch is at, and its lines so far. */
export function patchProgress(patch: string): { path: string; additions: number; deletions: number } {
  const rows = patchRows(patch)
  const file = rows.findLast((row) => row.kind === 'file')?.text ?? ''
  return {
    path: file.slice(file.indexOf(': ') + 1).trim(),
    additions: rows.filter((row) => row.kind === 'add').length,
    deletions: rows.filter((row) => row.kind === 'remove').length,
  }
}

/** The differences of two texts with three lines around each, and how much lies between. */
export function unifiedRows(before: string, after: string): DiffRow[] {
  const rows: DiffRow[] = []
  let shownUntil = 0
  for (const hunk of diffHunks(before, after)) {
    const skipped = hunk.oldStart - 1 - shownUntil
    if (skipped > 0) rows.push({ kind: 'gap', text: `${plural(skipped, 'line')} the same` })
    let oldLine = hunk.oldStart
    let newLine = hunk.newStart
    for (const { kind, text, isUnended } of hunk.lines) {
      if (kind === 'add') rows.push({ kind, text, after: newLine++ })
      else if (kind === 'delete') rows.push({ kind: 'remove', text, before: oldLine++ })
      else rows.push({ kind, text, before: oldLine++, after: newLine++ })
      if (isUnended) rows.push({ kind: 'gap', text: 'No newline at the end' })
    }
    shownUntil = hunk.oldStart - 1 + hunk.oldLines
  }
  return rows
}
