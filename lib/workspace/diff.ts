import { diffArrays } from 'diff'

/** Lines `beforeStart..beforeEnd` became lines `afterStart..afterEnd`; 0-based, ends exclusive. */
export interface Region {
  beforeStart: number
  beforeEnd: number
  afterStart: number
  afterEnd: number
}

export interface HunkLine {
  kind: 'context' | 'add' | 'delete'
  /** Without its line end. */
  text: string
  /** The last line of a file that does not end its last line. */
  isUnended?: boolean
}

/** A change with its surroundings, numbered as `diff -u` does: 1-based, and 0 where a side has no lines. */
export interface Hunk {
  oldStart: number
  oldLines: number
  newStart: number
  newLines: number
  lines: HunkLine[]
}

/** Lines with their ends; a text without a last line end has a last line without one. */
export function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/)
}

export function diffStat(before: string, after: string): { additions: number; deletions: number } {
  const stat = { additions: 0, deletions: 0 }
  for (const region of diffRegions(splitLines(before), splitLines(after))) {
    stat.additions += region.afterEnd - region.afterStart
    stat.deletions += region.beforeEnd - region.beforeStart
  }
  return stat
}

/** Changes closer than twice `context` lines share a hunk. */
export function diffHunks(before: string, after: string, context = 3): Hunk[] {
  const beforeLines = splitLines(before)
  const afterLines = splitLines(after)
  const groups: Region[][] = []
  for (const region of diffRegions(beforeLines, afterLines)) {
    const last = groups.at(-1)?.at(-1)
    if (last && region.beforeStart - last.beforeEnd <= context * 2) groups.at(-1)?.push(region)
    else groups.push([region])
  }
  return groups.map((group) => toHunk(group, beforeLines, afterLines, context))
}

/** As `diff -u` and `git diff` write it; empty when nothing changed. `null` means “no such file”. */
export function unifiedDiff(path: string, before: string | null, after: string | null): string {
  const hunks = diffHunks(before ?? '', after ?? '')
  if (hunks.length === 0) return ''
  const header = `--- ${before === null ? '/dev/null' : `a/${path}`}\n+++ ${after === null ? '/dev/null' : `b/${path}`}\n`
  return header + hunks.map(formatHunk).join('')
}

/** Beyond this many changed lines an exact diff takes longer than anybody waits; anchors give a good one at once. */
const maxEditLength = 250

/** What changed, in order, without overlaps; everything between is the same on both sides. */
export function diffRegions(before: readonly string[], after: readonly string[]): Region[] {
  let start = 0
  let beforeEnd = before.length
  let afterEnd = after.length
  while (start < beforeEnd && start < afterEnd && before[start] === after[start]) start++
  while (beforeEnd > start && afterEnd > start && before[beforeEnd - 1] === after[afterEnd - 1]) {
    beforeEnd--
    afterEnd--
  }
  const whole = { beforeStart: start, beforeEnd, afterStart: start, afterEnd }
  if (start === beforeEnd && start === afterEnd) return []
  if (start === beforeEnd || start === afterEnd) return [whole]
  return exactRegions(before, after, whole) ?? anchoredRegions(before, after, whole)
}

/** Myers' algorithm; null when the texts are too different. */
function exactRegions(before: readonly string[], after: readonly string[], within: Region): Region[] | null {
  const runs = diffArrays(
    before.slice(within.beforeStart, within.beforeEnd),
    after.slice(within.afterStart, within.afterEnd),
    { maxEditLength },
  )
  if (!runs) return null
  const regions: Region[] = []
  let at = within.beforeStart
  let to = within.afterStart
  let isOpen = false
  for (const { added, removed, count } of runs) {
    if (!added && !removed) {
      at += count
      to += count
      isOpen = false
      continue
    }
    if (!isOpen) regions.push({ beforeStart: at, beforeEnd: at, afterStart: to, afterEnd: to })
    isOpen = true
    const region = regions.at(-1) as Region
    if (removed) region.beforeEnd = at += count
    else region.afterEnd = to += count
  }
  return regions
}

/** Patience diff: lines that occur once on each side hold the texts together; what lies between is diffed by itself. */
function anchoredRegions(before: readonly string[], after: readonly string[], within: Region): Region[] {
  const regions: Region[] = []
  let beforeStart = within.beforeStart
  let afterStart = within.afterStart
  for (const [at, to] of [...anchors(before, after, within), [within.beforeEnd, within.afterEnd] as const]) {
    if (beforeStart < at || afterStart < to) {
      const gap = { beforeStart, beforeEnd: at, afterStart, afterEnd: to }
      regions.push(...((beforeStart < at && afterStart < to && exactRegions(before, after, gap)) || [gap]))
    }
    beforeStart = at + 1
    afterStart = to + 1
  }
  return regions
}

function anchors(before: readonly string[], after: readonly string[], within: Region): (readonly [number, number])[] {
  const placeInAfter = uniquePlaces(after, within.afterStart, within.afterEnd)
  const pairs = [...uniquePlaces(before, within.beforeStart, within.beforeEnd)]
    .map(([line, at]) => [at, placeInAfter.get(line)] as const)
    .filter((pair): pair is readonly [number, number] => pair[1] !== undefined)
  return longestRising(pairs)
}

function uniquePlaces(lines: readonly string[], start: number, end: number): Map<string, number> {
  const places = new Map<string, number>()
  const repeated = new Set<string>()
  for (let index = start; index < end; index++) {
    const line = lines[index] as string
    if (places.has(line)) repeated.add(line)
    places.set(line, index)
  }
  for (const line of repeated) places.delete(line)
  return places
}

/** The longest run of pairs, given by rising first number, in which the second rises too (patience sorting). */
function longestRising(pairs: (readonly [number, number])[]): (readonly [number, number])[] {
  const piles: number[] = []
  const previous = new Array<number>(pairs.length).fill(-1)
  for (const [index, [, to]] of pairs.entries()) {
    let low = 0
    let high = piles.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[piles[middle] as number]?.[1] ?? 0) < to) low = middle + 1
      else high = middle
    }
    previous[index] = piles[low - 1] ?? -1
    piles[low] = index
  }
  const run: (readonly [number, number])[] = []
  for (let index = piles.at(-1) ?? -1; index !== -1; index = previous[index] as number) {
    run.push(pairs[index] as readonly [number, number])
  }
  return run.reverse()
}

function toHunk(group: Region[], before: string[], after: string[], context: number): Hunk {
  const first = group[0] as Region
  const last = group.at(-1) as Region
  const beforeStart = Math.max(0, first.beforeStart - context)
  const afterStart = first.afterStart - (first.beforeStart - beforeStart)
  const beforeEnd = Math.min(before.length, last.beforeEnd + context)
  const afterEnd = last.afterEnd + (beforeEnd - last.beforeEnd)
  const lines: HunkLine[] = []
  let at = beforeStart
  for (const region of group) {
    lines.push(...toLines('context', before.slice(at, region.beforeStart)))
    lines.push(...toLines('delete', before.slice(region.beforeStart, region.beforeEnd)))
    lines.push(...toLines('add', after.slice(region.afterStart, region.afterEnd)))
    at = region.beforeEnd
  }
  lines.push(...toLines('context', before.slice(at, beforeEnd)))
  const oldLines = beforeEnd - beforeStart
  const newLines = afterEnd - afterStart
  return {
    oldStart: oldLines === 0 ? beforeStart : beforeStart + 1,
    oldLines,
    newStart: newLines === 0 ? afterStart : afterStart + 1,
    newLines,
    lines,
  }
}

function toLines(kind: HunkLine['kind'], lines: string[]): HunkLine[] {
  return lines.map((line) =>
    line.endsWith('\n') ? { kind, text: line.slice(0, -1) } : { kind, text: line, isUnended: true },
  )
}

const signs = { context: ' ', add: '+', delete: '-' }

function formatHunk({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string {
  const body = lines.map(
    ({ kind, text, isUnended }) => `${signs[kind]}${text}\n${isUnended ? '\\ No newline at end of file\n' : ''}`,
  )
  return `@@ -${formatRange(oldStart, oldLines)} +${formatRange(newStart, newLines)} @@\n${body.join('')}`
}

function formatRange(start: number, count: number): string {
  return count === 1 ? `${start}` : `${start},${count}`
}
