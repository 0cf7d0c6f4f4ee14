import type { VirtualFs } from '../../host'
import { cleanStack, firstPlace } from '../loader/stack'
import { prepareLibrary } from './library/booted'
import { nodeVersion } from './library/library'

interface NodeErrors {
  fatalExceptionStackEnhancers: { beforeInspector(error: object): unknown }
}
type Inspect = (value: unknown, options?: { customInspect: boolean; depth: number }) => string

/** What Node prints for an error nobody caught: the line, a caret, the stack, the version. */
export function describeUncaught(error: unknown, fs: VirtualFs, isFromPromise = false): string {
  const { require } = prepareLibrary()
  const { inspect } = require<{ inspect: Inspect }>('internal/util/inspect')
  const { fatalExceptionStackEnhancers } = require<NodeErrors>('internal/errors')
  const line = sourceLine(error, fs, !isFromPromise)
  // Where an emitter emitted it follows its own stack.
  if (error instanceof Error) fatalExceptionStackEnhancers.beforeInspector(error)
  return `${line}${describeError(error, inspect)}\n\nNode.js v${nodeVersion}\n`
}

function describeError(error: unknown, inspect: Inspect): string {
  if (!(error instanceof Error))
    return `Uncaught:\n${inspect(error)}\n(Use \`throw new Error(…)\` to see where it was thrown.)`
  // Whatever else the error carries (code, cause, errors) follows the stack, as inspect shows it.
  const shown = inspect(error, { customInspect: false, depth: 5 })
  const stack = cleanStack(String(error.stack ?? error))
  const base = shown.startsWith('[') ? `[${error.stack}]` : String(error.stack ?? '')
  return shown.startsWith(base) ? stack + shown.slice(base.length) : stack
}

/** The line that an error comes from, with its place above and a caret below; empty where that is unknown. */
export function sourceLine(error: unknown, fs: VirtualFs, isThrown = false): string {
  const place = error instanceof Error ? firstPlace(cleanStack(String(error.stack ?? ''))) : null
  if (place === null || !fs.exists(place.file)) return ''
  const line = new TextDecoder().decode(fs.readFile(place.file)).split('\n')[place.line - 1]
  if (line === undefined) return ''
  const mark =
    error instanceof SyntaxError ? underline(line, place.column - 1) : caret(line, place.column - 1, isThrown)
  return `${place.file}:${place.line}\n${line}\n${mark}\n\n`
}

/** Below what was thrown, or below the `throw` that stands before it. */
function caret(line: string, column: number, isThrown: boolean): string {
  const start = isThrown ? /\bthrow\s+$/.exec(line.slice(0, column))?.index : undefined
  return `${blank(line.slice(0, start ?? column))}^`
}

/** Below the whole word that does not parse. */
function underline(line: string, column: number): string {
  const word = /^(?:[\w$]+|["'].*|\/(?![/*]).*?\/\w*)/.exec(line.slice(column))
  return blank(line.slice(0, column)) + '^'.repeat(word?.[0].length ?? 1)
}

const blank = (text: string) => text.replace(/[^\t]/g, ' ')
