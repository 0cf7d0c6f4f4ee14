import type { Region } from '@/lib/workspace/diff'
import { hunkRange, signed } from '../patch-format/format-hunks'
import { changedRegions } from './line-regions'
import type { Paint } from './paint'

type Sign = ' ' | '-' | '+'

/** A piece of a diff that can be taken or left. */
export interface Hunk {
  /** Where it begins in both texts, in lines from 0. */
  start: number
  newStart: number
  /** With their ends. */
  lines: [sign: Sign, text: string][]
  heading: string
}

const contextLines = 3

/** The differences of two texts, each with three lines around it. */
export function readHunks(
  before: readonly string[],
  after: readonly string[],
  headingOf: (start: number) => string,
): Hunk[] {
  const groups: Region[][] = []
  for (const region of changedRegions(before, after)) {
    const last = groups.at(-1)?.at(-1)
    if (last && region.beforeStart - last.beforeEnd <= contextLines * 2) groups.at(-1)?.push(region)
    else groups.push([region])
  }
  return groups.map((group) => {
    const [first, last] = [group[0] as Region, group.at(-1) as Region]
    const start = Math.max(0, first.beforeStart - contextLines)
    const lines: Hunk['lines'] = []
    const push = (sign: Sign, texts: readonly string[]) => {
      for (const text of texts) lines.push([sign, text])
    }
    let at = start
    for (const region of group) {
      push(' ', before.slice(at, region.beforeStart))
      push('-', before.slice(region.beforeStart, region.beforeEnd))
      push('+', after.slice(region.afterStart, region.afterEnd))
      at = region.beforeEnd
    }
    push(' ', before.slice(at, last.beforeEnd + contextLines))
    return { start, newStart: first.afterStart - (first.beforeStart - start), lines, heading: headingOf(start) }
  })
}

export function showHunk(hunk: Hunk, paint: Pick<Paint, 'red' | 'green' | 'cyan'>): string {
  const count = (but: Sign) => hunk.lines.filter(([sign]) => sign !== but).length
  const title = `@@ -${hunkRange(hunk.start, count('+'))} +${hunkRange(hunk.newStart, count('-'))} @@`
  const paints = { ' ': String, '-': paint.red, '+': paint.green }
  const body = hunk.lines.map(([sign, text]) => signed(sign, [text], paints[sign])).join('')
  return `${paint.cyan(title)}${hunk.heading}\n${body}`
}

/** One hunk for each change in it; those side by side share the lines between them. */
export function splitHunk(hunk: Hunk): Hunk[] {
  const pieces: Hunk[] = []
  let [start, newStart] = [hunk.start, hunk.newStart]
  let piece: Hunk = { ...hunk, lines: [] }
  let trailing: Hunk['lines'] = []
  for (const line of hunk.lines) {
    const isContext = line[0] === ' '
    if (!isContext && trailing.length > 0 && piece.lines.some(([sign]) => sign !== ' ')) {
      pieces.push(piece)
      const place = { start: start - trailing.length, newStart: newStart - trailing.length }
      piece = { ...place, lines: [...trailing], heading: '' }
    }
    trailing = isContext ? [...trailing, line] : []
    piece.lines.push(line)
    if (line[0] !== '+') start += 1
    if (line[0] !== '-') newStart += 1
  }
  return [...pieces, piece]
}

/** The text with the hunks in it: of the old text forwards, of the new one without them. */
export function applyHunksTo(text: readonly string[], hunks: readonly Hunk[], isReverse: boolean): string[] {
  const [gone, come] = isReverse ? ['+', '-'] : ['-', '+']
  const removed = new Set<number>()
  const added = new Map<number, string[]>()
  for (const { start, newStart, lines } of hunks) {
    let at = isReverse ? newStart : start
    for (const [sign, line] of lines) {
      if (sign === come) added.set(at, [...(added.get(at) ?? []), line])
      else {
        if (sign === gone) removed.add(at)
        at += 1
      }
    }
  }
  const result: string[] = []
  for (let at = 0; at <= text.length; at++) {
    result.push(...(added.get(at) ?? []))
    if (at < text.length && !removed.has(at)) result.push(text[at] as string)
  }
  return result
}

/** Whether the hunk's lines stand where it says. */
export function fits(text: readonly string[], hunk: Hunk, isReverse: boolean): boolean {
  const kept = hunk.lines.filter(([sign]) => sign !== (isReverse ? '-' : '+'))
  const start = isReverse ? hunk.newStart : hunk.start
  return kept.every(([, line], index) => text[start + index] === line)
}

/** The hunk as somebody has rewritten its lines; null when no line is left. */
export function readEdited(hunk: Hunk, text: string): Hunk | null {
  const lines: Hunk['lines'] = []
  for (const line of text.split(/(?<=\n)/)) {
    const sign = line[0] as Sign
    if (line.startsWith('\\')) lines.push(withoutLineEnd(lines.pop()))
    else if (line === '\n') lines.push([' ', line])
    else if (sign === ' ' || sign === '-' || sign === '+') lines.push([sign, line.slice(1)])
  }
  return lines.length === 0 ? null : { ...hunk, lines }
}

const withoutLineEnd = ([sign, text]: Hunk['lines'][number] = [' ', '']): Hunk['lines'][number] => [
  sign,
  text.replace(/\n$/, ''),
]
