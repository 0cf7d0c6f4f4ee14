import { explainAmbiguity, explainMiss } from './explain'
import { findFuzzy, findIgnoringBlanks } from './find-fuzzy'
import { fitIndent } from './indent'
import type { PlaceResult } from './place-strict'
import { withoutTrailingBlank } from './place-strict'
import { contiguous, type Placement } from './placement'
import { type Chunk, type ChunkLine, oldLines } from './section'
import { seekAll } from './seek'

/** Places chunks where they clearly belong: exact first, then forgiving, never when two places are as good. */
export function placeLenient(texts: readonly string[], chunks: readonly Chunk[], path: string): PlaceResult {
  const placements: Placement[] = []
  for (const chunk of chunks) {
    const from = placements.at(-1)?.end ?? 0
    const free = candidates(texts, chunk).filter((candidate) => !placements.some((taken) => overlaps(taken, candidate)))
    if (free.length === 0) return { ok: false, reason: 'no-match', message: explainMiss(texts, chunk, path) }
    const chosen = choose(free, texts, chunk, from)
    if (chosen === null) {
      const lines = free.map((candidate) => candidate.start + 1)
      return { ok: false, reason: 'ambiguous', message: explainAmbiguity(lines, chunk, path) }
    }
    placements.push({ ...chosen, lines: fitIndent(texts, chosen) })
  }
  return { ok: true, placements }
}

/** All places that the most exact way of looking finds. */
function candidates(texts: readonly string[], chunk: Chunk): Placement[] {
  const old = oldLines(chunk)
  if (old.length === 0) return insertionPoints(texts, chunk)
  const exact = startsOf(texts, chunk.lines, old)
  if (exact.length > 0) return exact
  for (let lines: readonly ChunkLine[] = chunk.lines; endsBlank(lines); ) {
    lines = withoutTrailingBlank(lines)
    const shorter = startsOf(texts, lines, oldLines({ ...chunk, lines: [...lines] }))
    if (shorter.length > 0) return shorter
  }
  const ignoringBlanks = findIgnoringBlanks(texts, chunk.lines)
  return ignoringBlanks.length > 0 ? ignoringBlanks : findFuzzy(texts, chunk.lines)
}

function startsOf(texts: readonly string[], lines: readonly ChunkLine[], old: readonly string[]): Placement[] {
  return old.length === 0 ? [] : seekAll(texts, old).map((start) => contiguous(lines, start))
}

function endsBlank(lines: readonly ChunkLine[]): boolean {
  return lines.findLast((line) => line.kind !== 'add')?.text === ''
}

/** Without lines to find: after the hinted line, else at the end; a scope alone does not say where inside it. */
function insertionPoints(texts: readonly string[], chunk: Chunk): Placement[] {
  if (chunk.lineHint !== null) return [contiguous(chunk.lines, Math.min(chunk.lineHint, texts.length))]
  return chunk.scopes.length > 0 ? [] : [contiguous(chunk.lines, texts.length)]
}

function overlaps(a: Placement, b: Placement): boolean {
  return a.start < b.end && b.start < a.end
}

/** Narrows by what the patch says: end of file, order, scopes, line hint. Null when several remain. */
function choose(free: readonly Placement[], texts: readonly string[], chunk: Chunk, from: number): Placement | null {
  let rest = [...free]
  const narrow = (keep: (candidate: Placement) => boolean) => {
    const kept = rest.filter(keep)
    if (rest.length > 1 && kept.length > 0) rest = kept
  }
  if (chunk.endOfFile) narrow((candidate) => candidate.end === texts.length)
  narrow((candidate) => candidate.start >= from)
  const scope = scopeStart(texts, chunk, from)
  if (scope !== null) {
    narrow((candidate) => candidate.start >= scope)
    rest = rest.slice(0, 1)
  }
  if (chunk.lineHint !== null) narrow(nearestTo(rest, chunk.lineHint - 1))
  return rest.length === 1 ? (rest[0] ?? null) : null
}

/** The line of the innermost scope; null when there is none or a scope stands in several places. */
function scopeStart(texts: readonly string[], chunk: Chunk, from: number): number | null {
  let start: number | null = null
  for (const scope of chunk.scopes) {
    const found: number[] = seekAll(texts, [scope], start === null ? from : start + 1)
    const [only] = found
    if (only === undefined || (found.length > 1 && start === null)) return null
    start = only
  }
  return start
}

function nearestTo(candidates: readonly Placement[], line: number): (candidate: Placement) => boolean {
  const least = Math.min(...candidates.map((candidate) => Math.abs(candidate.start - line)))
  return (candidate) => Math.abs(candidate.start - line) === least
}
