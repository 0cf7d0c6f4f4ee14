import { diffRegions, type Region } from '@/lib/workspace/diff'

/**
 * The changed regions of two texts, placed as git places them: a group of added or removed lines that could as well
 * stand elsewhere slides down, and then to the place where its borders are indented least (git's indent heuristic).
 */
export function changedRegions(before: readonly string[], after: readonly string[]): Region[] {
  const regions = diffRegions(before, after)
  for (let i = 0; i < regions.length; i++) {
    const region = regions[i] as Region
    const isInsert = region.beforeStart === region.beforeEnd
    const isDelete = region.afterStart === region.afterEnd
    if (isInsert === isDelete) continue
    slide(region, isInsert ? after : before, isInsert ? 'after' : 'before', regions[i - 1], regions[i + 1])
  }
  return joinTouching(regions)
}

function slide(
  region: Region,
  lines: readonly string[],
  side: 'before' | 'after',
  previous: Region | undefined,
  next: Region | undefined,
): void {
  const start = region[`${side}Start`]
  const end = region[`${side}End`]
  const length = end - start
  const lowest = previous ? previous[`${side}End`] : 0
  const highest = next ? next[`${side}Start`] : lines.length
  let up = 0
  while (start - up - 1 >= lowest && lines[start - up - 1] === lines[end - up - 1]) up++
  let down = 0
  while (end + down < highest && lines[start + down] === lines[end + down]) down++
  if (up === 0 && down === 0) return
  let best = down
  let bestScore: Score | null = null
  for (let shift = Math.max(-up, down - 100 - length); shift <= down; shift++) {
    const score = addScores(splitScore(lines, start + shift), splitScore(lines, end + shift))
    if (bestScore === null || isAtLeastAsGood(score, bestScore)) {
      best = shift
      bestScore = score
    }
  }
  region.beforeStart += best
  region.beforeEnd += best
  region.afterStart += best
  region.afterEnd += best
}

interface Score {
  indent: number
  penalty: number
}

const maxIndent = 200
const maxBlanks = 20

/** How good a place before line `at` is for the border of a group; weights from git's xdiff. */
function splitScore(lines: readonly string[], at: number): Score {
  const isEnd = at >= lines.length
  const indent = isEnd ? -1 : indentOf(lines[at] ?? '')
  let preBlank = 0
  let preIndent = -1
  for (let i = at - 1; i >= 0; i--) {
    preIndent = indentOf(lines[i] ?? '')
    if (preIndent !== -1) break
    preBlank++
    if (preBlank === maxBlanks) {
      preIndent = 0
      break
    }
  }
  let postBlank = 0
  let postIndent = -1
  for (let i = at + 1; i < lines.length; i++) {
    postIndent = indentOf(lines[i] ?? '')
    if (postIndent !== -1) break
    postBlank++
    if (postBlank === maxBlanks) {
      postIndent = 0
      break
    }
  }
  let penalty = 0
  if (preIndent === -1 && preBlank === 0) penalty += 1
  if (isEnd) penalty += 21
  const post = indent === -1 ? 1 + postBlank : 0
  const totalBlank = preBlank + post
  penalty += -30 * totalBlank + 6 * post
  const effective = indent !== -1 ? indent : postIndent
  const anyBlanks = totalBlank !== 0
  if (effective !== -1 && preIndent !== -1) {
    if (effective > preIndent) penalty += anyBlanks ? 10 : -4
    else if (effective < preIndent) {
      if (postIndent !== -1 && postIndent > effective) penalty += anyBlanks ? 21 : 24
      else penalty += anyBlanks ? 17 : 23
    }
  }
  return { indent: effective, penalty }
}

function addScores(a: Score, b: Score): Score {
  return { indent: a.indent + b.indent, penalty: a.penalty + b.penalty }
}

function isAtLeastAsGood(a: Score, b: Score): boolean {
  return 60 * Math.sign(a.indent - b.indent) + (a.penalty - b.penalty) <= 0
}

/** Columns of white space at the start; -1 for a blank line. */
function indentOf(line: string): number {
  let columns = 0
  for (const character of line) {
    if (character === ' ') columns += 1
    else if (character === '\t') columns += 8 - (columns % 8)
    else if (!/\s/.test(character)) return columns
    if (columns >= maxIndent) return maxIndent
  }
  return -1
}

function joinTouching(regions: readonly Region[]): Region[] {
  const joined: Region[] = []
  for (const region of regions) {
    const last = joined.at(-1)
    if (last && last.beforeEnd === region.beforeStart && last.afterEnd === region.afterStart) {
      last.beforeEnd = region.beforeEnd
      last.afterEnd = region.afterEnd
    } else joined.push({ ...region })
  }
  return joined
}
