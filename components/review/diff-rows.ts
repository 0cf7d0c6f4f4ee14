export interface DiffRow {
  kind: 'file' | 'hunk' | 'add' | 'remove' | 'context' | 'gap'
  text: string
  /** 1-based line numbers, where known. */
  before?: number
  after?: number
}

/** Reads the patch text of the `apply_patch` tool as rows to show; unfinished text is fine. */
export function patchRows(patch: string): DiffRow[] {
  return patch
    .split('\n')
    .filter((line) => !/^\*\*\* (?:Begin|End) (?:Patch|of File)/.test(line))
    .map(patchRow)
    .filter((row, index, rows) => !(row.text === '' && row.kind === 'context' && index === rows.length - 1))
}

function patchRow(line: string): DiffRow {
  const file = /^\*\*\* (Add File|Update File|Delete File|Move to): (.*)$/.exec(line)
  if (file) return { kind: 'file', text: `${file[1]}: ${file[2]}` }
  if (line.startsWith('@@')) return { kind: 'hunk', text: line.slice(2).trim() }
  if (line.startsWith('+')) return { kind: 'add', text: line.slice(1) }
  if (line.startsWith('-')) return { kind: 'remove', text: line.slice(1) }
  return { kind: 'context', text: line.startsWith(' ') ? line.slice(1) : line }
}
