import type { VirtualFs } from '../../host'
import { cleanStack, firstPlace } from '../loader/stack'
import { prepareLibrary } from './library/booted'
import { nodeVersion } from './library/library'

/** What Node prints for an error nobody caught: the line, a caret, the stack, the version. */
export function describeUncaught(error: unknown, fs: VirtualFs): string {
  const { inspect } = prepareLibrary().require<{ inspect(value: unknown): string }>('internal/util/inspect')
  return `${sourceLine(error, fs)}${describeError(error, inspect)}\n\nNode.js v${nodeVersion}\n`
}

function describeError(error: unknown, inspect: (value: unknown) => string): string {
  if (!(error instanceof Error))
    return `Uncaught:\n${inspect(error)}\n(Use \`throw new Error(…)\` to see where it was thrown.)`
  // Whatever else the error carries (code, cause, errors) follows the stack, as inspect shows it.
  const shown = inspect(error)
  const stack = cleanStack(String(error.stack ?? error))
  const base = shown.startsWith('[') ? `[${error.stack}]` : String(error.stack ?? '')
  return shown.startsWith(base) ? stack + shown.slice(base.length) : stack
}

/** The line that an error comes from, with its place above and a caret below; empty where that is unknown. */
export function sourceLine(error: unknown, fs: VirtualFs): string {
  const place = error instanceof Error ? firstPlace(cleanStack(String(error.stack ?? ''))) : null
  if (place === null || !fs.exists(place.file)) return ''
  const line = new TextDecoder().decode(fs.readFile(place.file)).split('\n')[place.line - 1]
  if (line === undefined) return ''
  const indent = line.slice(0, place.column - 1).replace(/[^\t]/g, ' ')
  return `${place.file}:${place.line}\n${line}\n${indent}^\n\n`
}
