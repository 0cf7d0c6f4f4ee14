import { encodeUtf8, fromLatin1, joinBytes, toLatin1 } from '@/lib/base'
import type { CommandContext } from './command'
import { quote } from './quote'

export interface FilterStep {
  stdout: Uint8Array
  stderr: string
  /** Set when the filter wants no more. */
  exitCode: number | null
}

/** A stage of a pipeline that works while its input comes. */
export interface LineFilter {
  push(data: Uint8Array): Promise<FilterStep>
  end(): Promise<FilterStep>
}

const nothing = new Uint8Array()
const lineFeed = 10

/** The stage as a stream, when it can be one: `head`, `cat`, `tee`, and what treats each line by itself. */
export function createLineFilter(words: readonly string[], context: CommandContext): LineFilter | null {
  const [name = '', ...args] = words
  if (name === 'head') return createHead(args)
  if (name === 'cat' && args.every((word) => word === '-' || word === '-u')) return createCat()
  return isLinewise(name, args) ? createLinewise(words, context) : null
}

function createHead(args: readonly string[]): LineFilter | null {
  const text = args.join(' ')
  const lines = /^(?:-n ?|-)?(\d+)$|^$/.exec(text)
  const bytes = /^-c ?(\d+)$/.exec(text)
  if (!lines && !bytes) return null
  let left = Number(bytes?.[1] ?? lines?.[1] ?? 10)
  return {
    async push(data) {
      let end = 0
      if (bytes) {
        end = Math.min(left, data.byteLength)
        left -= end
      } else {
        while (left > 0 && end < data.byteLength) {
          const next = data.indexOf(lineFeed, end)
          if (next === -1) end = data.byteLength
          else {
            end = next + 1
            left -= 1
          }
        }
      }
      return { stdout: data.subarray(0, end).slice(), stderr: '', exitCode: left === 0 ? 0 : null }
    },
    end: async () => ({ stdout: nothing, stderr: '', exitCode: 0 }),
  }
}

function createCat(): LineFilter {
  return {
    push: async (data) => ({ stdout: data, stderr: '', exitCode: null }),
    end: async () => ({ stdout: nothing, stderr: '', exitCode: 0 }),
  }
}

/** Whether the command's output for some lines is the same whatever came before them. */
function isLinewise(name: string, args: readonly string[]): boolean {
  const flags = args.filter((word) => word.startsWith('-'))
  const operands = args.filter((word) => !word.startsWith('-'))
  switch (name) {
    case 'grep':
    case 'egrep':
    case 'fgrep':
      return operands.length === 1 && flags.every((flag) => /^-([EFGPiwvxo]+|-line-buffered|-color(=\w+)?)$/.test(flag))
    case 'tr':
      return !flags.some((flag) => /s/.test(flag))
    case 'cut':
    case 'rev':
      return true
    case 'sed':
      return (
        operands.length === 1 &&
        flags.every((flag) => /^-[Eru]+$/.test(flag)) &&
        /^s(.).*\1.*\1[gi]*$/.test(operands[0] ?? '')
      )
    default:
      return false
  }
}

function createLinewise(words: readonly string[], context: CommandContext): LineFilter {
  const line = words
    .filter((word) => word !== '--line-buffered')
    .map(quote)
    .join(' ')
  let rest: Uint8Array[] = []
  let best: number | null = null

  async function run(bytes: Uint8Array): Promise<{ stdout: Uint8Array; stderr: string }> {
    if (bytes.byteLength === 0) return { stdout: nothing, stderr: '' }
    const options = { cwd: context.cwd, stdin: toLatin1(bytes), stdinKind: 'bytes' as const }
    const result = await context.exec?.(line, options)
    const { stdout = '', stderr = '', exitCode = 127, stdoutKind = 'text' } = result ?? {}
    best = best === null ? exitCode : Math.min(best, exitCode)
    return {
      stdout: stdoutKind === 'bytes' ? fromLatin1(stdout) : encodeUtf8(stdout),
      stderr,
    }
  }

  return {
    async push(data) {
      const end = data.lastIndexOf(lineFeed) + 1
      if (end === 0) {
        rest.push(data)
        return { stdout: nothing, stderr: '', exitCode: null }
      }
      const lines = joinBytes([...rest, data.subarray(0, end)])
      rest = end < data.byteLength ? [data.slice(end)] : []
      const step = await run(lines)
      return { ...step, exitCode: (best ?? 0) > 1 ? best : null }
    },
    async end() {
      const last = joinBytes(rest)
      const step = last.byteLength > 0 || best === null ? await runAtEnd(last) : { stdout: nothing, stderr: '' }
      return { ...step, exitCode: best ?? 0 }
    },
  }

  async function runAtEnd(bytes: Uint8Array): Promise<{ stdout: Uint8Array; stderr: string }> {
    if (bytes.byteLength > 0) return run(bytes)
    // Nothing came at all: the exit code is what the command says to no input.
    const result = await context.exec?.(line, { cwd: context.cwd, stdin: '' })
    best = result?.exitCode ?? 0
    return { stdout: nothing, stderr: result?.stderr ?? '' }
  }
}
