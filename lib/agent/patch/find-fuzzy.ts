import type { Placement } from './placement'
import type { ChunkLine } from './section'
import { similarity } from './similarity'
import { plainPunctuation, trim } from './text-lines'

/** Kept lines may differ this much each, and on average over the whole chunk. */
const leastLine = 0.5
const leastAverage = 0.8
/** The best place must beat the second by this. */
const clearLead = 0.1
/** Beyond this many comparisons the search would be felt. */
const maxComparisons = 400_000

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
  const old = lines.filter((line) => line.kind !== 'add')
  if (old.length < 2 || old.length > texts.length || old.length * texts.length > maxComparisons) return []
  const scored: { start: number; score: number }[] = []
  for (let start = 0; start + old.length <= texts.length; start++) {
    const score = scoreAt(texts, old, start)
    if (score >= leastAverage) scored.push({ start, score })
  }
  scored.sort((a, b) => b.score - a.score)
  const [best, second] = scored
  if (best === undefined || (second !== undefined && best.score - second.score < clearLead)) return []
  const at = old.map((_, offset) => best.start + offset)
  return [{ lines, at, start: best.start, end: best.start + old.length }]
}

function scoreAt(texts: readonly string[], old: readonly ChunkLine[], start: number): number {
  let sum = 0
  let anchored = false
  for (const [offset, line] of old.entries()) {
    const text = texts[start + offset] ?? ''
    const same = loosely(text) === loosely(line.text)
    if (line.kind === 'remove' && !same) return 0
    const score = same ? 1 : similarity(text, line.text)
    if (score < leastLine) return 0
    anchored ||= same && loosely(text) !== ''
    sum += score
  }
  return anchored ? sum / old.length : 0
}

function loosely(text: string): string {
  return plainPunctuation(text)
    .replace(/[\s;,]+$/, '')
    .replace(/\s+/g, '')
    .replace(/["`]/g, "'")
}
