import { encodeUtf8 } from '@/lib/base'
import { sha256 } from './content-key'
import { diffRegions, type Region, splitLines } from './diff'

/** A change within a file that is judged by itself: lines that gave way to others, without their surroundings. */
export interface ReviewHunk extends Region {
  /** From its own lines, so that it stays while other hunks come and go. Of several alike the last has number 0. */
  id: string
  /** Stays the same while the lines change; for what shows it. */
  key: string
  removed: readonly string[]
  added: readonly string[]
  /** The user has changed these lines since the agent wrote them. */
  isShared: boolean
}

/** `agents` is the later side without what the user did to the agent's own lines. */
export function reviewHunks(before: string, after: string, agents: string): ReviewHunk[] {
  const beforeLines = splitLines(before)
  const afterLines = splitLines(after)
  const users = agents === after ? [] : diffRegions(splitLines(agents), afterLines)
  const seen = new Map<string, number>()
  // Counted from the end: what is judged from the top on leaves the others their names.
  const hunks = diffRegions(beforeLines, afterLines).toReversed()
  const named = hunks.map((region) => {
    const removed = beforeLines.slice(region.beforeStart, region.beforeEnd)
    const added = afterLines.slice(region.afterStart, region.afterEnd)
    const name = sha256(encodeUtf8(`${removed.join('')}\0${added.join('')}`)).slice(0, 12)
    const nth = seen.get(name) ?? 0
    seen.set(name, nth + 1)
    const id = `${name}-${nth}`
    return {
      ...region,
      id,
      key: id,
      removed,
      added,
      isShared: users.some((each) => touchesAfter(each, region)),
    }
  })
  return named.reverse()
}

/** The later text with other lines in the hunk's place. */
export function replaceInAfter(after: string, hunk: ReviewHunk, lines: readonly string[]): string {
  return splitLines(after)
    .toSpliced(hunk.afterStart, hunk.afterEnd - hunk.afterStart, ...lines)
    .join('')
}

/** The earlier text with other lines in the hunk's place. */
export function replaceInBefore(before: string, hunk: ReviewHunk, lines: readonly string[]): string {
  return splitLines(before)
    .toSpliced(hunk.beforeStart, hunk.beforeEnd - hunk.beforeStart, ...lines)
    .join('')
}

/** `agents` as it is now: outside the hunks, both sides and the agent's are one. */
export function alignAgents(before: string, after: string, agents: string): string {
  if (agents === after) return agents
  const afterLines = splitLines(after)
  const hunks = diffRegions(splitLines(before), afterLines)
  const agentLines = splitLines(agents)
  const foreign = diffRegions(agentLines, afterLines).filter((each) => !hunks.some((hunk) => touchesAfter(each, hunk)))
  return foreign
    .reduceRight(
      (lines, { beforeStart, beforeEnd, afterStart, afterEnd }) =>
        lines.toSpliced(beforeStart, beforeEnd - beforeStart, ...afterLines.slice(afterStart, afterEnd)),
      agentLines,
    )
    .join('')
}

function touchesAfter(a: Region, b: Region): boolean {
  return a.afterStart <= b.afterEnd && b.afterStart <= a.afterEnd
}
