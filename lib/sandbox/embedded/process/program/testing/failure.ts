import type { TestCase } from '../../../../types'
import type { ResolverFs } from '../loader/package-scope'
import { cleanStack, firstPlace } from '../loader/stack'

/** An error as the runner hands it over: already flat, with the diff made. */
export interface RunnerError {
  name?: string | undefined
  message?: string
  stack?: string | undefined
  diff?: string | undefined
  code?: unknown
}

export interface Failure {
  headline: string
  diff: string
  location: TestCase['location'] | null
  /** Further frames of the project, `file:line:column` with the function's name. */
  frames: string[]
  frame: string
}

/** What a person needs of a failure: what, expected and received, where, and the line itself. */
export function describeFailure(error: RunnerError, root: string, fs: ResolverFs): Failure {
  const name = error.name === undefined || error.name === '' ? 'Error' : error.name
  const message = plain(error.message ?? '')
  const stack = cleanStack(error.stack ?? '')
  const place = firstPlace(stack)
  const location =
    place === null ? null : { file: toRelative(place.file, root), line: place.line, column: place.column }
  return {
    // Jest's matchers say it all; their class adds nothing.
    headline: message.startsWith(`${name}:`) || message.startsWith('expect(') ? message : `${name}: ${message}`,
    // Node's assertion messages hold their own diff.
    diff: error.code === 'ERR_ASSERTION' ? '' : plain(error.diff ?? ''),
    location,
    frames: framesOf(stack, root),
    frame: place === null || !fs.isFile(place.file) ? '' : codeFrame(fs.readText(place.file), place.line, place.column),
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are what is removed
const plain = (text: string) => text.replace(/\u001b\[[\d;]*m/g, '')

const toRelative = (path: string, root: string) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path)

function framesOf(stack: string, root: string): string[] {
  return stack.split('\n').flatMap((line) => {
    const found = /^\s+at (?:(.+?) \()?(\/[^\s()]+:\d+:\d+)\)?$/.exec(line)
    if (found?.[2] === undefined || found[2].includes('/node_modules/')) return []
    const place = toRelative(found[2], root)
    return found[1] === undefined ? [place] : [`${found[1]} ${place}`]
  })
}

/** Three lines around a place, a caret under the column, as vitest draws it. */
export function codeFrame(text: string, line: number, column: number): string {
  const lines = text.split('\n')
  const first = Math.max(1, line - 2)
  const last = Math.min(lines.length, line + 2)
  const width = String(last).length + 4
  const out: string[] = []
  for (let number = first; number <= last; number++) {
    const code = lines[number - 1] ?? ''
    out.push(`${String(number).padStart(width)}| ${code}`.trimEnd())
    if (number === line) out.push(`${' '.repeat(width)}| ${code.slice(0, column - 1).replace(/[^\t]/g, ' ')}^`)
  }
  return out.join('\n')
}

/** The same as one text, for reports that people and agents read. */
export function failureText(failure: Failure): string {
  const { location } = failure
  const parts = [failure.headline]
  if (failure.diff !== '') parts.push(failure.diff)
  if (location != null)
    parts.push(`at ${location.file}:${location.line}:${location.column}\n${failure.frame}`.trimEnd())
  return parts.join('\n\n')
}
