// Stands for Jest's package of this name, which reads files and colours code; matchers only show a thrown error's stack.
import { cleanStack } from '../../loader/stack'

export function separateMessageFromStack(content: string): { message: string; stack: string } {
  const first = content.search(/\n\s+at /)
  return first === -1
    ? { message: content, stack: '' }
    : { message: content.slice(0, first), stack: content.slice(first + 1) }
}

export const formatStackTrace = (stack: string): string => `\n${cleanStack(`\n${stack}`).trimEnd()}`

export function formatExecError(error: { stack?: string; message?: string }): string {
  return `\n${cleanStack(error.stack ?? error.message ?? String(error))}`
}
