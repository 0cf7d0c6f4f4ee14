import { diffArrays } from 'diff'

/** Offsets into the old text; `text` takes the place of what was between them. */
export interface TextEdit {
  start: number
  end: number
  text: string
}

/** Beyond this, one edit around everything that differs is fine, and faster. */
const maxDiffMs = 40

/**
 * The edits that turn `before` into `after`, line by line and narrowed to the characters that differ,
 * so that a cursor beside a change stays where it is. Sorted, not overlapping.
 */
export function minimalEdits(before: string, after: string): TextEdit[] {
  if (before === after) return []
  const whole = narrowed({ start: 0, end: before.length, text: after }, before)
  const middle = before.slice(whole.start, whole.end)
  if (!middle.includes('\n') || !whole.text.includes('\n')) return [whole]
  const parts = diffArrays(linesOf(middle), linesOf(whole.text), { timeout: maxDiffMs })
  if (!parts) return [whole]

  const edits: TextEdit[] = []
  let offset = whole.start
  let open: TextEdit | null = null
  for (const part of parts) {
    const text = part.value.join('')
    if (!part.added && !part.removed) {
      open = null
      offset += text.length
      continue
    }
    if (!open) {
      open = { start: offset, end: offset, text: '' }
      edits.push(open)
    }
    if (part.added) open.text += text
    else {
      offset += text.length
      open.end = offset
    }
  }
  return edits.map((edit) => narrowed(edit, before))
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** Drops what both sides share at the start and at the end, never splitting a surrogate pair. */
function narrowed({ start, end, text }: TextEdit, before: string): TextEdit {
  const shared = Math.min(end - start, text.length)
  let head = 0
  while (head < shared && before[start + head] === text[head]) head += 1
  if (head > 0 && isHighSurrogate(text.charCodeAt(head - 1))) head -= 1
  let tail = 0
  while (tail < shared - head && before[end - 1 - tail] === text[text.length - 1 - tail]) tail += 1
  if (tail > 0 && isLowSurrogate(text.charCodeAt(text.length - tail))) tail -= 1
  return { start: start + head, end: end - tail, text: text.slice(head, text.length - tail) }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}
