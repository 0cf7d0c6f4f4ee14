import { diffWordsWithSpace } from 'diff'

/** From `start` to the next token's; Monaco's names. */
export interface CodeToken {
  start: number
  kind: string
}

export interface CodeSpan {
  text: string
  /** One of `codeKinds`; empty for plain text. */
  kind: string
  /** Differs from the line on the other side. */
  marked: boolean
}

/** Start and end, end exclusive. */
export type Mark = readonly [number, number]

const codeKinds = ['comment', 'keyword', 'string', 'number', 'regexp', 'type', 'tag', 'attribute', 'delimiter']
/** Longer lines are generated; comparing their words takes long and shows nothing. */
const maxLine = 400
/** Lines that share less than this are other lines, not changed ones. */
const minShared = 0.4

/** A line cut where its look changes. */
export function codeSpans(text: string, tokens: readonly CodeToken[], marks: readonly Mark[]): CodeSpan[] {
  const cuts = new Set([0, text.length, ...tokens.map(({ start }) => start), ...marks.flat()])
  const places = [...cuts].filter((at) => at <= text.length).sort((a, b) => a - b)
  return places.slice(0, -1).map((start, index) => ({
    text: text.slice(start, places[index + 1]),
    kind: kindOf(tokens.findLast((token) => token.start <= start)?.kind ?? ''),
    marked: marks.some(([from, to]) => from <= start && start < to),
  }))
}

function kindOf(kind: string): string {
  return codeKinds.find((known) => kind.startsWith(known)) ?? ''
}

/** What differs between lines that replaced one another, pair by pair; none where they share too little. */
export function wordMarks(
  removed: readonly string[],
  added: readonly string[],
): { removed: Mark[][]; added: Mark[][] } {
  const marks = { removed: removed.map((): Mark[] => []), added: added.map((): Mark[] => []) }
  if (removed.length !== added.length) return marks
  for (const [index, before] of removed.entries()) {
    const after = added[index] ?? ''
    if (before.length > maxLine || after.length > maxLine) continue
    const parts = diffWordsWithSpace(before, after)
    const shared = parts
      .filter((part) => !part.added && !part.removed)
      .reduce((sum, { value }) => sum + value.trim().length, 0)
    if (shared < minShared * Math.max(before.trim().length, after.trim().length)) continue
    let at = 0
    let to = 0
    for (const { value, added: isAdded, removed: isRemoved } of parts) {
      if (isRemoved) marks.removed[index]?.push([at, at + value.length])
      else if (isAdded) marks.added[index]?.push([to, to + value.length])
      if (!isAdded) at += value.length
      if (!isRemoved) to += value.length
    }
  }
  return marks
}
