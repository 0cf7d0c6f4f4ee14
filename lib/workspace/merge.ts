import { diffRegions, type Region, splitLines } from './diff'

/**
 * Both changes of one text, when they touch different lines; null when they conflict. Equal changes count once.
 * Changes that lie side by side conflict too: which comes first cannot be known.
 */
export function mergeTexts(base: string, ours: string, theirs: string): string | null {
  if (ours === theirs || theirs === base) return ours
  if (ours === base) return theirs
  const baseLines = splitLines(base)
  const sides = [splitLines(ours), splitLines(theirs)]
  const changes = sides
    .flatMap((lines) => diffRegions(baseLines, lines).map((region) => ({ region, lines: linesOf(region, lines) })))
    .sort((a, b) => a.region.beforeStart - b.region.beforeStart || a.region.beforeEnd - b.region.beforeEnd)
  const merged: string[] = []
  let at = 0
  let previous: (typeof changes)[number] | null = null
  for (const change of changes) {
    if (previous && isSame(previous, change)) continue
    if (previous && change.region.beforeStart <= previous.region.beforeEnd) return null
    merged.push(...baseLines.slice(at, change.region.beforeStart), ...change.lines)
    at = change.region.beforeEnd
    previous = change
  }
  merged.push(...baseLines.slice(at))
  return merged.join('')
}

function linesOf({ afterStart, afterEnd }: Region, lines: readonly string[]): string[] {
  return lines.slice(afterStart, afterEnd)
}

interface Change {
  region: Region
  lines: string[]
}

function isSame(a: Change, b: Change): boolean {
  return (
    a.region.beforeStart === b.region.beforeStart &&
    a.region.beforeEnd === b.region.beforeEnd &&
    a.lines.join('') === b.lines.join('')
  )
}
