const fence = /^ {0,3}(`{3,}|~{3,})/
const listMarker = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
const linkDefinition = /^ {0,3}\[[^\]]+\]:\s/m

/**
 * Cuts markdown at blank lines between top-level blocks, so that a growing text only renders its last block again.
 * Joining the blocks gives the text back. Text with link definitions stays whole, because any block may refer to them.
 */
export function splitBlocks(text: string): string[] {
  if (linkDefinition.test(text)) return [text]
  const blocks: string[] = []
  let current = ''
  let inList = false
  let closing: RegExp | null = null
  let afterBlank = false
  for (const line of text.split(/(?<=\n)/)) {
    const blank = line.trim() === ''
    const startsBlock =
      afterBlank && !blank && closing === null && !/^\s/.test(line) && !(inList && listMarker.test(line))
    if (startsBlock) {
      blocks.push(current)
      current = ''
      inList = false
    }
    if (current.trim() === '') inList = listMarker.test(line)
    closing = nextFence(closing, line)
    current += line
    afterBlank = blank
  }
  return current === '' ? blocks : [...blocks, current]
}

/** The pattern that closes the open code fence, or null outside of one. */
function nextFence(closing: RegExp | null, line: string): RegExp | null {
  if (closing !== null) return closing.test(line) ? null : closing
  const mark = fence.exec(line.replace(listMarker, ''))?.[1]
  return mark === undefined ? null : new RegExp(`^\\s*${mark[0] === '`' ? '`' : '~'}{${mark.length},}\\s*$`)
}
