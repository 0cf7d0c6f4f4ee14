import type { VirtualFs } from '../../host'
import { textOfScript } from '../loader/script-names'
import { cleanStack, firstPlace } from '../loader/stack'
import { prepareLibrary } from './library/booted'
import { nodeVersion } from './library/library'

type Inspect = (value: unknown, options?: { colors: boolean }) => string

interface Uncaught {
  isFromPromise?: boolean
  hasColors?: boolean
}

/** What Node prints for an error nobody caught: the line, a caret, the stack, the version. */
export function describeUncaught(error: unknown, fs: VirtualFs, options: Uncaught = {}): string {
  const { isFromPromise = true, hasColors = false } = options
  const { inspect } = prepareLibrary().require<{ inspect: Inspect }>('internal/util/inspect')
  const shown = describeError(error, (value) => inspect(value, { colors: hasColors }))
  return `${sourceLine(error, fs, !isFromPromise)}${shown}\n\nNode.js v${nodeVersion}\n`
}

function describeError(error: unknown, inspect: (value: unknown) => string): string {
  if (!(error instanceof Error))
    return `Uncaught:\n${inspect(error)}\n(Use \`throw new Error(…)\` to see where it was thrown.)`
  const shown = inspect(error)
  // An error without a place is shown in brackets where it is one value among others.
  const bare = `[${error.stack}]`
  return shown.startsWith(bare) ? error.stack + shown.slice(bare.length) : shown
}

/**
 * The line that an error comes from, with its place above and a caret below; empty where that is unknown. What a `throw`
 * has thrown at once points there, as the engine does.
 */
export function sourceLine(error: unknown, fs: VirtualFs, isThrown = false): string {
  const place = error instanceof Error ? firstPlace(cleanStack(String(error.stack ?? ''))) : null
  if (place === null) return ''
  const text = textOfScript(place.file) ?? textOfFile(fs, place.file)
  const line = text?.split('\n')[place.line - 1]
  if (line === undefined) return ''
  const before = line.slice(0, place.column - 1)
  const thrown = isThrown ? /\bthrow\b[^;{}]*$/.exec(before) : null
  const indent = before.slice(0, thrown?.index).replace(/[^\t]/g, ' ')
  return `${place.file}:${place.line}\n${line}\n${indent}^\n\n`
}

const textOfFile = (fs: VirtualFs, path: string) =>
  fs.exists(path) ? new TextDecoder().decode(fs.readFile(path)) : undefined
