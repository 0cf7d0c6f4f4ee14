import { encodeUtf8, fromLatin1, toLatin1 } from '@/lib/base'
import { diffRegions, type Region, splitLines } from '@/lib/workspace/diff'

export interface MergedText {
  content: Uint8Array
  conflicts: number
}

interface Side {
  regions: Region[]
  lines: readonly string[]
}

/** Conflicts closer than this are shown as one, as git does. */
const joinWithin = 3

export interface MergeStyle {
  /** What the markers call both sides. */
  names: [ours: string, theirs: string]
  /** Whose lines are taken where both changed the same ones; without it they are marked. */
  favor?: 'ours' | 'theirs' | undefined
}

/** Three-way merge of texts in whatever encoding; conflicts are marked with the names of both sides. */
export function mergeText(
  base: Uint8Array,
  sides: Record<'ours' | 'theirs', Uint8Array>,
  style: MergeStyle,
): MergedText {
  const baseLines = splitLines(toLatin1(base))
  const [ours, theirs] = [sides.ours, sides.theirs].map((bytes): Side => {
    const lines = splitLines(toLatin1(bytes))
    return { lines, regions: diffRegions(baseLines, lines) }
  }) as [Side, Side]
  const out: string[] = []
  let conflicts = 0
  let at = 0
  for (const chunk of chunksOf(ours, theirs)) {
    out.push(...baseLines.slice(at, chunk.start))
    const original = baseLines.slice(chunk.start, chunk.end).join('')
    const a = sideLines(ours, chunk)
    const b = sideLines(theirs, chunk)
    if (a.join('') === b.join('') || b.join('') === original) out.push(...a)
    else if (a.join('') === original) out.push(...b)
    else {
      const marked = markConflicts(a, b, style)
      conflicts += marked.conflicts
      out.push(...marked.lines)
    }
    at = chunk.end
  }
  out.push(...baseLines.slice(at))
  return { content: fromLatin1(out.join('')), conflicts }
}

interface Chunk {
  start: number
  end: number
}

/** Ranges of the base that either side changed; ranges that touch are one. */
function chunksOf(ours: Side, theirs: Side): Chunk[] {
  const all = [...ours.regions, ...theirs.regions].sort(
    (a, b) => a.beforeStart - b.beforeStart || a.beforeEnd - b.beforeEnd,
  )
  const chunks: Chunk[] = []
  for (const { beforeStart, beforeEnd } of all) {
    const last = chunks.at(-1)
    if (last && beforeStart <= last.end) last.end = Math.max(last.end, beforeEnd)
    else chunks.push({ start: beforeStart, end: beforeEnd })
  }
  return chunks
}

/** What a side has in place of a range of the base. */
function sideLines({ regions, lines }: Side, { start, end }: Chunk): string[] {
  const within = regions.filter((region) => region.beforeStart >= start && region.beforeEnd <= end)
  const first = within[0]
  const last = within.at(-1)
  if (first && last) {
    return lines.slice(first.afterStart - (first.beforeStart - start), last.afterEnd + (end - last.beforeEnd))
  }
  const before = regions.findLast((region) => region.beforeEnd <= start)
  const shift = before ? before.afterEnd - before.beforeEnd : 0
  return lines.slice(start + shift, end + shift)
}

/** Only what differs between both sides is a conflict; what they share in it is not. */
function markConflicts(a: readonly string[], b: readonly string[], { names, favor }: MergeStyle) {
  const [ours, theirs] = names.map((name) => toLatin1(encodeUtf8(name)))
  const regions: Region[] = []
  for (const region of diffRegions(a, b)) {
    const last = regions.at(-1)
    if (last && region.beforeStart - last.beforeEnd <= joinWithin) {
      last.beforeEnd = region.beforeEnd
      last.afterEnd = region.afterEnd
    } else regions.push({ ...region })
  }
  const lines: string[] = []
  let at = 0
  for (const { beforeStart, beforeEnd, afterStart, afterEnd } of regions) {
    const [own, other] = [a.slice(beforeStart, beforeEnd), b.slice(afterStart, afterEnd)]
    lines.push(...a.slice(at, beforeStart))
    if (favor) lines.push(...(favor === 'ours' ? own : other))
    else lines.push(`<<<<<<< ${ours}\n`, ...ended(own), '=======\n', ...ended(other), `>>>>>>> ${theirs}\n`)
    at = beforeEnd
  }
  lines.push(...a.slice(at))
  return { lines, conflicts: favor ? 0 : regions.length }
}

function ended(lines: readonly string[]): string[] {
  return lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`))
}
