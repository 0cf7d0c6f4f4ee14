const start = '\x1b]697;tty;'
const end = '\x07'
const words = { raw: true, lines: false } as const

/** What a program's `setRawMode` tells the terminal, in its output: keys as they are typed, or whole lines again. */
export function rawModeMark(isRaw: boolean): string {
  return `${start}${isRaw ? 'raw' : 'lines'}${end}`
}

const longest = rawModeMark(false).length

/** Splits a program's output into text and changes of the mode; a mark may come in parts. What is no mark is text. */
export function createRawModeReader(): (chunk: string) => (string | boolean)[] {
  let held = ''
  return (chunk) => {
    const text = held + chunk
    const parts: (string | boolean)[] = []
    let at = 0
    for (let from = text.indexOf(start); from !== -1; from = text.indexOf(start, from + 1)) {
      const word = Object.entries(words).find(([name]) => text.startsWith(name + end, from + start.length))
      if (!word) continue
      if (from > at) parts.push(text.slice(at, from))
      parts.push(word[1])
      at = from + start.length + word[0].length + end.length
    }
    const tail = text.lastIndexOf('\x1b')
    const isOpen = tail >= at && text.length - tail < longest && isBeginning(text.slice(tail))
    held = isOpen ? text.slice(tail) : ''
    const rest = text.slice(at, isOpen ? tail : undefined)
    if (rest !== '') parts.push(rest)
    return parts
  }
}

function isBeginning(text: string): boolean {
  return [rawModeMark(true), rawModeMark(false)].some((mark) => mark.startsWith(text))
}
