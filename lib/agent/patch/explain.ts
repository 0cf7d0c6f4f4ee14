import { type Chunk, newLines, oldLines } from './section'
import { seekAll } from './seek'
import { similarity } from './similarity'

const maxShown = 12
/** In longer files only the chunk's longest lines are looked for: more would be felt. */
const maxComparisons = 15_000

/** Tells the model what was looked for and what the file has in the most similar place. */
export function explainMiss(texts: readonly string[], chunk: Chunk, path: string): string {
  const old = oldLines(chunk)
  if (old.length === 0) {
    return `${path}: an insertion after '@@ ${chunk.scopes.join(' ')}' needs a line of context. Repeat the line before it, starting with a space.`
  }
  const parts = [`${path}: these lines were not found:`, quote(old.slice(0, maxShown).map((line) => `  ${line}`))]
  const fresh = newLines(chunk)
  if (fresh.length > 0 && fresh.join('\n') !== old.join('\n') && seekAll(texts, fresh).length > 0) {
    return `${path}: the file already has the lines this chunk would produce. Read it again before changing more.\n${parts[1]}`
  }
  const nearest = nearestWindow(texts, old)
  if (nearest === null) parts.push('Nothing in the file is similar. Read the file again.')
  else {
    const shown = texts.slice(nearest, nearest + Math.min(old.length, maxShown))
    parts.push(`The most similar place is at line ${nearest + 1}:`, quote(numbered(shown, nearest)))
  }
  return parts.join('\n')
}

export function explainAmbiguity(lines: readonly number[], chunk: Chunk, path: string): string {
  const shown = oldLines(chunk).slice(0, maxShown)
  return [
    `${path}: these lines stand in ${lines.length} places (lines ${lines.slice(0, 8).join(', ')}):`,
    quote(shown.map((line) => `  ${line}`)),
    "Add lines of context, or name the function or class after '@@'.",
  ].join('\n')
}

function nearestWindow(texts: readonly string[], old: readonly string[]): number | null {
  const sample = old
    .map((line, offset) => ({ line, offset }))
    .filter(({ line }) => line.trim() !== '')
    .sort((a, b) => b.line.length - a.line.length)
    .slice(0, Math.max(1, Math.floor(maxComparisons / (texts.length + 1))))
  let best = { start: 0, score: 0 }
  for (let start = 0; start < texts.length; start++) {
    let score = 0
    for (const { line, offset } of sample) score += similarity(texts[start + offset] ?? '', line)
    if (score > best.score) best = { start, score }
  }
  return best.score > 0.3 * sample.length ? best.start : null
}

function numbered(texts: readonly string[], from: number): string[] {
  const width = String(from + texts.length).length
  return texts.map((text, offset) => `${String(from + offset + 1).padStart(width)} | ${text}`)
}

function quote(lines: readonly string[]): string {
  return lines.join('\n')
}
