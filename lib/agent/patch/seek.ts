import { plainPunctuation, trim, trimEnd } from './text-lines'

/** From exact to forgiving; a later one is only tried when the earlier ones find nothing. */
const views: ((line: string) => string)[] = [(line) => line, trimEnd, trim, plainPunctuation]

/** The first place at or after `from` where `pattern` stands, as the Codex CLI finds it; `atEnd` pins it to the tail. */
export function seekFirst(
  lines: readonly string[],
  pattern: readonly string[],
  from: number,
  atEnd: boolean,
): number | null {
  if (pattern.length === 0) return from
  const last = lines.length - pattern.length
  const start = atEnd ? Math.max(last, from) : from
  for (const view of views) {
    const found = places(lines.map(view), pattern.map(view), start, last)[0]
    if (found !== undefined) return found
  }
  return null
}

/** Every place from `from` where the most exact view that finds anything finds the pattern. */
export function seekAll(lines: readonly string[], pattern: readonly string[], from = 0): number[] {
  const more = [...views, (line: string) => plainPunctuation(line).replace(/\s+/g, ' ')]
  for (const view of more) {
    const found = places(lines.map(view), pattern.map(view), from, lines.length - pattern.length)
    if (found.length > 0) return found
  }
  return []
}

function places(lines: readonly string[], pattern: readonly string[], from: number, last: number): number[] {
  const found: number[] = []
  for (let at = from; at <= last; at++) {
    if (pattern.every((line, offset) => lines[at + offset] === line)) found.push(at)
  }
  return found
}
