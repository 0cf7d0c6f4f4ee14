import type { ChunkLine } from './section'
import { preferredEnding, type SourceLine, splitSource } from './text-lines'

/** Where a chunk goes in a file. */
export interface Placement {
  lines: readonly ChunkLine[]
  /** For each kept or removed line its index in the file; null when the file lacks that blank line. */
  at: readonly (number | null)[]
  /** First index touched, and the index after the last; equal for a pure insertion. */
  start: number
  end: number
}

export function contiguous(lines: readonly ChunkLine[], start: number): Placement {
  const at = lines.filter((line) => line.kind !== 'add').map((_, offset) => start + offset)
  return { lines, at, start, end: start + at.length }
}

/**
 * The file with every placement applied. Kept lines keep the file's own text and ending, added ones take the file's
 * first ending, and the last line ends up terminated.
 */
export function rewrite(content: string, placements: readonly Placement[]): string {
  const source = splitSource(content)
  const ending = preferredEnding(source)
  const removed = new Set<number>()
  const added = new Map<number, SourceLine[]>()
  for (const placement of placements) collect(placement, removed, added, ending)
  const out: SourceLine[] = []
  for (let index = 0; index <= source.length; index++) {
    out.push(...(added.get(index) ?? []))
    const line = source[index]
    if (line !== undefined && !removed.has(index)) out.push(line)
  }
  return out.map((line) => line.text + (line.ending || ending)).join('')
}

/** Added lines go where their run of changes begins: before the lines that the run removes. */
function collect(placement: Placement, removed: Set<number>, added: Map<number, SourceLine[]>, ending: string) {
  const indexes = placement.at.values()
  let runStart = placement.start
  let inRun = false
  for (const { kind, text } of placement.lines) {
    if (kind === 'add') {
      added.set(runStart, [...(added.get(runStart) ?? []), { text, ending }])
      inRun = true
      continue
    }
    const index = indexes.next().value ?? null
    if (index === null) continue
    if (kind === 'keep') {
      runStart = index + 1
      inRun = false
    } else {
      if (!inRun) runStart = index
      removed.add(index)
      inRun = true
    }
  }
}
