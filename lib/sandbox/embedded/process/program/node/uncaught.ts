import type { VirtualFs } from '../../host'
import { textOfScript } from '../loader/script-names'
import { cleanStack, firstPlace } from '../loader/stack'
import { prepareLibrary } from './library/booted'
import { nodeVersion } from './library/library'

interface NodeErrors {
  fatalExceptionStackEnhancers: { beforeInspector(error: object): unknown }
}
type Inspect = (value: unknown, options?: { colors?: boolean; customInspect?: boolean; depth?: number }) => string

interface Uncaught {
  isFromPromise?: boolean
  hasColors?: boolean
}

/** What Node prints for an error nobody caught: the line, a caret, the stack, the version. */
export function describeUncaught(error: unknown, fs: VirtualFs, options: Uncaught = {}): string {
  const { isFromPromise = true, hasColors = false } = options
  const { require } = prepareLibrary()
  const { inspect } = require<{ inspect: Inspect }>('internal/util/inspect')
  const { fatalExceptionStackEnhancers } = require<NodeErrors>('internal/errors')
  const line = sourceLine(error, fs, !isFromPromise)
  // Where an emitter emitted it follows its own stack.
  if (error instanceof Error) fatalExceptionStackEnhancers.beforeInspector(error)
  const shown = describeError(error, (value, shape) => inspect(value, { ...shape, colors: hasColors }))
  return `${line}${shown}\n\nNode.js v${nodeVersion}\n`
}

function describeError(error: unknown, inspect: Inspect): string {
  if (!(error instanceof Error))
    return `Uncaught:\n${inspect(error)}\n(Use \`throw new Error(…)\` to see where it was thrown.)`
  // Whatever else the error carries (code, cause, errors) follows the stack.
  const shown = inspect(error, { customInspect: false, depth: 5 })
  // An error without a place is shown in brackets where it is one value among others.
  const bare = `[${error.stack}]`
  return shown.startsWith(bare) ? error.stack + shown.slice(bare.length) : shown
}

/**
 * The line that an error comes from, with its place above and a mark below; empty where that is unknown. What a `throw`
 * has thrown at once points there, as the engine does.
 */
export function sourceLine(error: unknown, fs: VirtualFs, isThrown = false): string {
  const place = error instanceof Error ? firstPlace(cleanStack(String(error.stack ?? ''))) : null
  if (place === null) return ''
  const text = textOfScript(place.file) ?? textOfFile(fs, place.file)
  const line = text?.split('\n')[place.line - 1]
  if (line === undefined) return ''
  const mark =
    error instanceof SyntaxError ? underline(line, place.column - 1) : caret(line, place.column - 1, isThrown)
  return `${place.file}:${place.line}\n${line}\n${mark}\n\n`
}

/** Below what was thrown, or below the `throw` that stands before it. */
function caret(line: string, column: number, isThrown: boolean): string {
  const before = line.slice(0, column)
  const start = isThrown ? /\bthrow\b[^;{}]*$/.exec(before)?.index : undefined
  return `${blank(before.slice(0, start))}^`
}

/** Below the whole word that does not parse. */
function underline(line: string, column: number): string {
  const word = /^(?:[\w$]+|["'].*|\/(?![/*]).*?\/\w*)/.exec(line.slice(column))
  return blank(line.slice(0, column)) + '^'.repeat(word?.[0].length ?? 1)
}

const blank = (text: string) => text.replace(/[^\t]/g, ' ')

const textOfFile = (fs: VirtualFs, path: string) =>
  fs.exists(path) ? new TextDecoder().decode(fs.readFile(path)) : undefined
