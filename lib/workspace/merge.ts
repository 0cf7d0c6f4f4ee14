import { diffRegions, type Region, splitLines } from './diff'

/**
 * Both changes of one text, when they touch different lines; null when they conflict. Equal changes count once.
 * Changes that lie side by side conflict too: which comes first cannot be known.
 */
export function mergeTexts(base: string, ours: string, theirs: string): string | null {
  if (ours === theirs || theirs === base) return ours
  if (ours === base) return theirs
  const baseLines = splitLines(base)
  const changes = [...changesOf(baseLines, ours), ...changesOf(baseLines, theirs)].sort(byPlace)
  const single = changes.filter((change, index) => index === 0 || !isSame(changes[index - 1] as Change, change))
  const conflict = single.some((change, index) => index > 0 && touches(single[index - 1] as Change, change))
  return conflict ? null : applied(baseLines, single)
}

/** `ours` with those changes of `theirs` that touch none of its own; the others are left out. */
export function mergeApart(base: string, ours: string, theirs: string): string {
  if (theirs === base) return ours
  if (ours === base) return theirs
  const baseLines = splitLines(base)
  const own = changesOf(baseLines, ours)
  const apart = changesOf(baseLines, theirs).filter((change) => !own.some((each) => touches(each, change)))
  return applied(baseLines, [...own, ...apart].sort(byPlace))
}

interface Change {
  region: Region
  lines: string[]
}

function changesOf(baseLines: readonly string[], text: string): Change[] {
  const lines = splitLines(text)
  return diffRegions(baseLines, lines).map((region) => ({
    region,
    lines: lines.slice(region.afterStart, region.afterEnd),
  }))
}

function applied(baseLines: readonly string[], changes: readonly Change[]): string {
  const merged: string[] = []
  let at = 0
  for (const { region, lines } of changes) {
    merged.push(...baseLines.slice(at, region.beforeStart), ...lines)
    at = region.beforeEnd
  }
  return [...merged, ...baseLines.slice(at)].join('')
}

function byPlace(a: Change, b: Change): number {
  return a.region.beforeStart - b.region.beforeStart || a.region.beforeEnd - b.region.beforeEnd
}

/** Of changes of the same base. */
function touches(a: Change, b: Change): boolean {
  return a.region.beforeStart <= b.region.beforeEnd && b.region.beforeStart <= a.region.beforeEnd
}

function isSame(a: Change, b: Change): boolean {
  return (
    a.region.beforeStart === b.region.beforeStart &&
    a.region.beforeEnd === b.region.beforeEnd &&
    a.lines.join('') === b.lines.join('')
  )
}
