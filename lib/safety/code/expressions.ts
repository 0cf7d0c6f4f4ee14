import type { SourceView } from './source-view'

/** Expressions longer than this count as not constant. */
const maxExpression = 4000

/** The arguments of the call whose `(` stands at `open`; null when it never closes. */
export function argumentsAt(view: SourceView, open: number): string[] | null {
  const parts: string[] = []
  let depth = 0
  let start = open + 1
  for (let at = open; at < Math.min(view.program.length, open + maxExpression); at++) {
    const char = view.program[at] ?? ''
    if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char)) depth--
    if (depth === 0 || (depth === 1 && char === ',')) {
      const part = view.code.slice(start, at).trim()
      if (part !== '' || parts.length > 0) parts.push(part)
      start = at + 1
    }
    if (depth === 0) return parts
  }
  return null
}

/** The right side of an assignment that begins at `start`: up to `;`, `,`, a closing bracket or the end of the statement. */
export function valueAt(view: SourceView, start: number): string {
  let depth = 0
  for (let at = start; at < Math.min(view.program.length, start + maxExpression); at++) {
    const char = view.program[at] ?? ''
    if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char) && --depth < 0) return view.code.slice(start, at).trim()
    else if (depth === 0 && (char === ';' || char === ',')) return view.code.slice(start, at).trim()
    else if (depth === 0 && char === '\n' && endsStatement(view.program, start, at))
      return view.code.slice(start, at).trim()
  }
  return view.code.slice(start, start + maxExpression).trim()
}

function endsStatement(program: string, start: number, at: number): boolean {
  const before = program.slice(start, at).trim()
  return (
    before !== '' && !/[+\-*/%=&|?:.,([{<>]$/.test(before) && !/^\s*[+?:.&|)*]/.test(program.slice(at + 1, at + 40))
  )
}

const literal = /^(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|-?[\d.]+(?:e\d+)?|true|false|null|undefined)$/

/** Made of literals only: strings, numbers, templates, joined by `+`, or variables of this file that only ever hold such. */
export function isConstant(expression: string, view?: SourceView, depth = 0): boolean {
  const text = expression
    .trim()
    .replace(/^\(([^()]*)\)$/, '$1')
    .replace(/\s+as\s+\w+$/, '')
  if (text === '' || literal.test(text)) return true
  if (/^`[^`]*`$/.test(text))
    return [...text.matchAll(/\$\{([^{}]*)\}?/g)].every(([, part = '?']) => isConstant(part, view, depth))
  const parts = splitTopLevel(text)
  if (parts.length > 1) return parts.every((part) => isConstant(part, view, depth))
  return view !== undefined && depth < 4 && /^[A-Za-z_$][\w$]*$/.test(text) && isConstantVariable(text, view, depth + 1)
}

function isConstantVariable(name: string, view: SourceView, depth: number): boolean {
  const escaped = name.replaceAll('$', '\\$')
  if (!new RegExp(`\\b(?:const|let|var)\\s+${escaped}\\s*(?::[^=\\n]*)?=`).test(view.program)) return false
  const assignments = [
    ...view.program.matchAll(new RegExp(`(?<![\\w$.])${escaped}\\s*(?::[^=\\n;]*)?[+&|?]{0,2}=(?![=>])`, 'g')),
  ]
  return assignments.every((match) => isConstant(valueAt(view, match.index + match[0].length), view, depth))
}

const sanitiser =
  /^(?:[\w$.]*\.)?(?:\w*sanitiz\w*|\w*escape(?:html)?\w*|encodeURIComponent|purify|unwrapSafeHTML|trustedHTML|createHTML)\s*(?:\(|`)/i

/** Constant, or passed through a function whose name says that it makes text harmless. */
export function isHarmless(expression: string, view?: SourceView): boolean {
  const harmless = (part: string) => isConstant(part, view) || sanitiser.test(part.trim())
  return harmless(expression) || splitTopLevel(expression).every(harmless)
}

export function hasInterpolation(expression: string): boolean {
  return (
    /`[^`]*\$\{/.test(expression) ||
    (/["'`]/.test(expression) && splitTopLevel(expression).length > 1 && !isConstant(expression))
  )
}

/** Operands of `+` and branches of `?:`, outside brackets and strings. */
function splitTopLevel(expression: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let at = 0; at < expression.length; at++) {
    const char = expression[at] ?? ''
    if (char === '\\') at++
    else if (quote) quote = char === quote ? '' : quote
    else if ('"\'`'.includes(char)) quote = char
    else if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char)) depth--
    else if (depth === 0 && char === '+') {
      parts.push(expression.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, expression.slice(start)].map((part) => part.trim())
}
