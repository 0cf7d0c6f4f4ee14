/** Where the braces of `${…}` close, counted without regard to quotes. */
export function endOfBraces(text: string): number {
  let open = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') open++
    else if (text[at] === '}' && --open === 0) return at + 1
  }
  return text.length
}

/** Where a document ends whose lines go on behind `\` at their end. */
export function endOfJoined(lines: readonly string[], isEnd: (line: string) => boolean): number {
  let joined = ''
  return lines.findIndex((line) => {
    joined += line
    const isContinued = /(?:^|[^\\])(?:\\\\)*\\$/.test(line)
    const found = !isContinued && isEnd(joined)
    joined = isContinued ? joined.slice(0, -1) : ''
    return found
  })
}
