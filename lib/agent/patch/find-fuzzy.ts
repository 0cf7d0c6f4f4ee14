import { contiguous, type Placement } from './placement'
import type { ChunkLine } from './section'
import { similarity } from './similarity'
import { plainPunctuation, trim } from './text-lines'

/** Kept lines may differ this much each, and on average over the whole chunk. */
const leastLine = 0.5
const leastAverage = 0.8
/** The best place must beat the second by this. */
const clearLead = 0.1
/** Places where the chunk stands when blank lines are not counted on either side. */
export function findIgnoringBlanks(texts: readonly string[], lines: readonly ChunkLine[]): Placement[] {
  const old = lines.filter((line) => line.kind !== 'add')
  const wanted = old.filter((line) => trim(line.text) !== '').map((line) => plainPunctuation(line.text))
  if (wanted.length === 0) return []
  const filled = texts.flatMap((text, index) => (trim(text) === '' ? [] : [{ text: plainPunctuation(text), index }]))
  const found: Placement[] = []
  for (let first = 0; first + wanted.length <= filled.length; first++) {
    if (!wanted.every((text, offset) => filled[first + offset]?.text === text)) continue
    const indexes = filled.slice(first, first + wanted.length).map((line) => line.index)
    found.push(alignBlanks(texts, lines, indexes))
  }
  return found
}

/** Blank lines of the chunk are matched with blank lines of the file where both have one. */
function alignBlanks(texts: readonly string[], lines: readonly ChunkLine[], indexes: readonly number[]): Placement {
  const filled = indexes.values()
  let next = indexes[0] ?? 0
  const at = lines
    .filter((line) => line.kind !== 'add')
    .map((line) => {
      if (trim(line.text) !== '') {
        next = (filled.next().value ?? next) + 1
        return next - 1
      }
      const isBlank = next > (indexes[0] ?? 0) && trim(texts[next] ?? 'x') === ''
      return isBlank ? next++ : null
    })
  const used = at.filter((index) => index !== null)
  return { lines, at, start: used[0] ?? 0, end: (used.at(-1) ?? 0) + 1 }
}

/**
 * The one place that is clearly meant although kept lines differ from the file's. Removed lines must be the same but
 * for spaces, quotes and final punctuation: what is deleted has been seen.
 */
export function findFuzzy(texts: readonly string[], lines: readonly ChunkLine[]): Placement[] {
  const old = lines.filter((line) => line.kind !== 'add').map((line) => ({ ...line, loose: loosely(line.text) }))
  if (old.length < 2) return []
  const file = texts.map((text) => ({ text, loose: loosely(text) }))
  const scored: { start: number; score: number }[] = []
  for (let start = 0; start + old.length <= file.length; start++) {
    const score = scoreAt(file, start, old)
    if (score >= leastAverage) scored.push({ start, score })
  }
  scored.sort((a, b) => b.score - a.score)
  const [best, second] = scored
  if (best === undefined || (second !== undefined && best.score - second.score < clearLead)) return []
  return [contiguous(lines, best.start)]
}

interface Line {
  text: string
  loose: string
}

/** 0 when a removed line differs, a kept one differs too much, or no line is the same. */
function scoreAt(file: readonly Line[], start: number, old: readonly (ChunkLine & Line)[]): number {
  const isSame = (line: Line, offset: number) => line.loose === file[start + offset]?.loose
  if (!old.some((line, offset) => line.loose !== '' && isSame(line, offset))) return 0
  if (old.some((line, offset) => line.kind === 'remove' && !isSame(line, offset))) return 0
  let sum = 0
  for (const [offset, line] of old.entries()) {
    const score = isSame(line, offset) ? 1 : similarity(file[start + offset]?.text ?? '', line.text)
    if (score < leastLine) return 0
    sum += score
  }
  return sum / old.length
}

function loosely(text: string): string {
  return plainPunctuation(text)
    .replace(/[\s;,]+$/, '')
    .replace(/\s+/g, '')
    .replace(/["`]/g, "'")
}
