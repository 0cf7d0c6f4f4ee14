/**
 * A script of `sed` with texts of `a`, `i` and `c` in lines of their own: `1i\text` becomes `1i\` and `text`, the only
 * form that just-bash reads with its blanks.
 */
export function withTextLines(script: string): string {
  let out = ''
  let at = 0
  const take = (end: number) => {
    out += script.slice(at, end)
    at = end
  }
  while (at < script.length) {
    take(afterAddresses(script, afterBlanks(script, at, /[\s;{}]/)))
    const command = script[at]
    if (command === undefined) break
    take(at + 1)
    if (command === 'a' || command === 'i' || command === 'c') {
      const start = afterBlanks(script, at, /[ \t]/)
      const isAttached = script[start] === '\\' && start + 1 < script.length && script[start + 1] !== '\n'
      if (isAttached) {
        out += '\\\n'
        at = start + 1
      }
      take(endOfText(script, at))
    } else if (command === 's' || command === 'y') {
      const delimiter = script[at] ?? ''
      const second = afterDelimited(script, at + 1, delimiter)
      take(endOfCommand(script, afterDelimited(script, second, delimiter, false)))
    } else if (command === '#') take(endOfLine(script, at))
    else take(endOfCommand(script, at))
  }
  return out
}

function afterBlanks(script: string, from: number, blank: RegExp): number {
  let at = from
  while (at < script.length && blank.test(script[at] ?? '')) at++
  return at
}

/** Behind `3`, `$`, `/re/I`, `1,+2`, `0~4` and `!`. */
function afterAddresses(script: string, from: number): number {
  let at = from
  for (;;) {
    const char = script[at] ?? ''
    if (char === '/') at = afterDelimited(script, at + 1, '/')
    else if (char === '\\') at = afterDelimited(script, at + 2, script[at + 1] ?? '')
    else if (/[\d$,~+!IM \t]/.test(char)) at += 1
    else return at
  }
}

/** Behind the next delimiter that is neither escaped nor, in a pattern, in brackets. */
function afterDelimited(script: string, from: number, delimiter: string, isPattern = true): number {
  let isBracket = false
  for (let at = from; at < script.length; at++) {
    const char = script[at]
    if (char === '\\') at++
    else if (isPattern && char === '[' && !isBracket) {
      isBracket = true
      if (script[at + 1] === '^') at++
      if (script[at + 1] === ']') at++
    } else if (char === ']') isBracket = false
    else if (char === delimiter && !isBracket) return at + 1
  }
  return script.length
}

/** A text goes on behind a line that ends in a backslash. */
function endOfText(script: string, from: number): number {
  let at = from
  while (at < script.length && script[at] !== '\n') at += script[at] === '\\' ? 2 : 1
  return Math.min(at, script.length)
}

const endOfLine = (script: string, from: number) => {
  const at = script.indexOf('\n', from)
  return at === -1 ? script.length : at
}

const endOfCommand = (script: string, from: number) => {
  const length = script.slice(from).search(/[;\n}]/)
  return length === -1 ? script.length : from + length
}
