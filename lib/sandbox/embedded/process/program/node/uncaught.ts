import type { VirtualFs } from '../../host'
import { cleanStack, firstPlace } from '../loader/stack'
import { inspect } from './inspect'
import { nodeVersion } from './process'

/** What Node prints for an error nobody caught: the line, a caret, the stack, the version. */
export function describeUncaught(error: unknown, fs: VirtualFs): string {
  return `${sourceLine(error, fs)}${describeError(error)}\n\nNode.js v${nodeVersion}\n`
}

function describeError(error: unknown): string {
  if (!(error instanceof Error))
    return `Uncaught:\n${inspect(error)}\n(Use \`throw new Error(…)\` to see where it was thrown.)`
  const stack = cleanStack(error.stack ?? String(error))
  // Whatever else the error carries (code, cause, errors) follows the stack, as inspect shows it.
  const shown = inspect(error)
  const base = shown.startsWith('[') ? `[${error.stack}]` : (error.stack ?? '')
  return shown.startsWith(base) ? stack + shown.slice(base.length) : stack
}

function sourceLine(error: unknown, fs: VirtualFs): string {
  const place = error instanceof Error ? firstPlace(cleanStack(error.stack ?? '')) : null
  if (place === null || !fs.exists(place.file)) return ''
  const line = new TextDecoder().decode(fs.readFile(place.file)).split('\n')[place.line - 1]
  if (line === undefined) return ''
  const indent = line.slice(0, place.column - 1).replace(/[^\t]/g, ' ')
  return `${place.file}:${place.line}\n${line}\n${indent}^\n\n`
}

/** A rejection without an Error says so the way Node does. */
export function toRejectionError(reason: unknown): unknown {
  if (reason instanceof Error) return reason
  const shown = typeof reason === 'object' && reason !== null ? '#<Object>' : String(reason)
  const message =
    'This error originated either by throwing inside of an async function without a catch block, ' +
    `or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "${shown}".`
  const error = Object.assign(new Error(message), { code: 'ERR_UNHANDLED_REJECTION' })
  error.stack = `[UnhandledPromiseRejection: ${message}]`
  return error
}
