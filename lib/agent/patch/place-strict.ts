import { contiguous, type Placement } from './placement'
import { type Chunk, type ChunkLine, oldLines } from './section'
import { seekFirst } from './seek'

export type PlaceResult =
  | { ok: true; placements: Placement[] }
  | { ok: false; reason: 'no-match' | 'ambiguous'; message: string }

/** Places chunks as the Codex CLI does: first match, always forward. */
export function placeStrict(texts: readonly string[], chunks: readonly Chunk[], path: string): PlaceResult {
  const placements: Placement[] = []
  let from = 0
  for (const chunk of chunks) {
    for (const scope of chunk.scopes) {
      const found = seekFirst(texts, [scope], from, false)
      if (found === null)
        return { ok: false, reason: 'no-match', message: `Failed to find context '${scope}' in ${path}.` }
      from = found + 1
    }
    const placement = placeChunk(texts, chunk, from)
    if (placement === null) {
      const expected = oldLines(chunk).join('\n')
      return { ok: false, reason: 'no-match', message: `Failed to find expected lines in ${path}:\n${expected}` }
    }
    placements.push(placement)
    // An insertion without context goes to the end and does not move the search.
    if (oldLines(chunk).length > 0) from = placement.end
  }
  return { ok: true, placements }
}

function placeChunk(texts: readonly string[], chunk: Chunk, from: number): Placement | null {
  const old = oldLines(chunk)
  if (old.length === 0) return contiguous(chunk.lines, texts.length)
  const start = seekFirst(texts, old, from, chunk.endOfFile)
  if (start !== null) return contiguous(chunk.lines, start)
  if (old.at(-1) !== '') return null
  const shorter = withoutTrailingBlank(chunk.lines)
  const retry = seekFirst(texts, old.slice(0, -1), from, chunk.endOfFile)
  return retry === null ? null : contiguous(shorter, retry)
}

/** A final blank line often stands for the file's last newline: drops it from the old side, and from the new if it ends so too. */
export function withoutTrailingBlank(lines: readonly ChunkLine[]): ChunkLine[] {
  const out: (ChunkLine | null)[] = [...lines]
  const lastOld = lines.findLastIndex((line) => line.kind !== 'add')
  out[lastOld] = lines[lastOld]?.kind === 'keep' ? { kind: 'add', text: '' } : null
  const lastNew = out.findLastIndex((line) => line !== null && line.kind !== 'remove')
  const line = out[lastNew]
  if (line?.text === '') out[lastNew] = line.kind === 'keep' ? { kind: 'remove', text: '' } : null
  return out.filter((entry) => entry !== null)
}
