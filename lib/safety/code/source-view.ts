/**
 * JavaScript or TypeScript source with comments blanked out (same length, so positions stay) and a map of what is text.
 * A tokeniser, not a parser: regular expressions are told from divisions by the character before.
 */
export interface SourceView {
  /** Comments are blanks. */
  code: string
  /** Strings, templates' fixed parts and regular expressions are blanks too: what is left is program. */
  program: string
}

export function viewSource(source: string): SourceView {
  const code = source.split('')
  const program = source.split('')
  const blank = (target: string[], from: number, to: number) => {
    for (let i = from; i < to && i < target.length; i++) if (target[i] !== '\n') target[i] = ' '
  }
  /** Depth of braces at which each open template continues. */
  const templates: number[] = []
  let depth = 0
  let at = 0
  const skipTemplate = () => {
    const end = templateEnd(source, at)
    blank(program, at, end.next - (end.opensExpression ? 2 : 1))
    at = end.next
    if (end.opensExpression) templates.push(depth)
  }
  while (at < source.length) {
    const char = source[at] ?? ''
    const next = source[at + 1]
    if (char === '/' && (next === '/' || next === '*')) {
      const close = next === '/' ? source.indexOf('\n', at) : source.indexOf('*/', at + 2)
      const end = close === -1 ? source.length : next === '/' ? close : close + 2
      blank(code, at, end)
      blank(program, at, end)
      at = end
    } else if (char === '"' || char === "'") {
      const end = stringEnd(source, at)
      blank(program, at + 1, end - 1)
      at = end
    } else if (char === '`') {
      at++
      skipTemplate()
    } else if (char === '/' && startsRegExp(program, at)) {
      const end = regExpEnd(source, at)
      blank(program, at + 1, end - 1)
      at = end
    } else {
      if (char === '{') depth++
      if (char === '}') {
        if (templates.at(-1) === depth) {
          templates.pop()
          at++
          skipTemplate()
          continue
        }
        depth--
      }
      at++
    }
  }
  return { code: code.join(''), program: program.join('') }
}

function stringEnd(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === source[start]) return at + 1
    else if (source[at] === '\n') return at
  }
  return source.length
}

function templateEnd(source: string, start: number): { next: number; opensExpression: boolean } {
  for (let at = start; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === '`') return { next: at + 1, opensExpression: false }
    else if (source[at] === '$' && source[at + 1] === '{') return { next: at + 2, opensExpression: true }
  }
  return { next: source.length, opensExpression: false }
}

function regExpEnd(source: string, start: number): number {
  let inClass = false
  for (let at = start + 1; at < source.length && source[at] !== '\n'; at++) {
    const char = source[at]
    if (char === '\\') at++
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '/' && !inClass) return at + 1
  }
  return start + 1
}

function startsRegExp(program: string[], at: number): boolean {
  let before = at - 1
  while (before >= 0 && /\s/.test(program[before] ?? '')) before--
  if (before < 0) return true
  if (/[(,=:[!&|?{};+\-*%~^<>]/.test(program[before] ?? '')) return true
  return /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield)$/.test(
    program.slice(Math.max(0, before - 10), before + 1).join(''),
  )
}
