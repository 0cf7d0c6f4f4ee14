import { diffRegions, type Region, splitLines } from './diff'
import type { ReviewHunk } from './review-hunks'

/** A file under review, as far as its hunks are concerned. */
interface Side {
  before: string
  hunks: readonly ReviewHunk[]
}

/**
 * By id, the id under which each hunk is found now: itself, or what holds its lines since somebody changed them. One that
 * is gone has none. Told by the place in the earlier side, which stays as it is while the later one is written.
 */
export function followHunks(before: Side, now: Side): ReadonlyMap<string, string> {
  const moved = new Map<string, string>()
  if (before.hunks === now.hunks) return new Map(now.hunks.map(({ id }) => [id, id]))
  if (before.hunks.length === 0 || now.hunks.length === 0) return moved
  const place = placing(before.before, now.before)
  for (const hunk of before.hunks) {
    const { start, end } = place(hunk)
    const there = now.hunks.filter(({ beforeStart, beforeEnd }) => beforeStart <= end && start <= beforeEnd)
    const target = there.find((each) => isAlike(each, hunk)) ?? there[0]
    if (target) moved.set(hunk.id, target.id)
  }
  return moved
}

/** Gives hunks the keys of those that they go on from, so that a card that is being written in stays the same card. */
export function withKeys(hunks: readonly ReviewHunk[], before: Side | undefined, now: Side): ReviewHunk[] {
  const keys = new Map<string, string>()
  if (before) {
    const keyOf = new Map(before.hunks.map(({ id, key }) => [id, key]))
    for (const [from, to] of followHunks(before, now)) {
      const key = keyOf.get(from)
      if (key !== undefined && !keys.has(to)) keys.set(to, key)
    }
  }
  const taken = new Set(keys.values())
  return hunks.map((hunk) => {
    let key = keys.get(hunk.id) ?? hunk.id
    while (!keys.has(hunk.id) && taken.has(key)) key += '+'
    taken.add(key)
    return key === hunk.key ? hunk : { ...hunk, key }
  })
}

function isAlike(a: ReviewHunk, b: ReviewHunk): boolean {
  return a.removed.join('') === b.removed.join('') && a.added.join('') === b.added.join('')
}

/** Where the lines of a region of the one text are in the other, with what was put directly before or behind them. */
function placing(from: string, to: string): (region: Region) => { start: number; end: number } {
  const regions = from === to ? [] : diffRegions(splitLines(from), splitLines(to))
  const placed = (line: number, last: Region | undefined) => {
    if (!last) return line
    return line < last.beforeEnd ? last.afterStart : line - last.beforeEnd + last.afterEnd
  }
  return ({ beforeStart: start, beforeEnd: end }) => ({
    start: placed(
      start,
      regions.findLast(({ beforeStart }) => beforeStart < start),
    ),
    end: placed(
      end,
      regions.findLast(({ beforeStart }) => beforeStart <= end),
    ),
  })
}
