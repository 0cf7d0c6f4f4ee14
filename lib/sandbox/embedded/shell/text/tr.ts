import { fromLatin1, toLatin1 } from '@/lib/base'
import { bytesResult, type CommandContext, failure, type Result } from '../command'
import { CommandFailure, readToolOptions } from './tool-options'

const spec = {
  flags: {
    '--complement': ['-c', '-C'],
    '--delete': ['-d'],
    '--squeeze-repeats': ['-s'],
    '--truncate-set1': ['-t'],
  },
}

/** GNU's `tr`, which works on bytes. */
export function tr(args: readonly string[], context: CommandContext): Result {
  try {
    const options = readToolOptions('tr', args, spec)
    const [first, second, ...others] = [...options.words, ...(options.paths ?? [])]
    const deletes = options.has('--delete')
    const squeezes = options.has('--squeeze-repeats')
    if (first === undefined) return failure("tr: missing operand\nTry 'tr --help' for more information.")
    if (others.length > 0) return failure(`tr: extra operand '${others[0]}'`)
    if (second === undefined && (!deletes || squeezes) && !(squeezes && !deletes))
      return failure(`tr: missing operand after '${first}'`)
    const named = readSet(first, 0)
    const set = options.has('--complement') ? complementOf(named) : named
    const isTruncated = options.has('--truncate-set1') && !deletes
    const target = second === undefined ? [] : readSet(second, isTruncated ? 0 : set.length)
    const input = fromLatin1(String(context.stdin))
    return bytesResult(
      translate(input, { set: isTruncated ? set.slice(0, target.length) : set, target, deletes, squeezes }),
    )
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

interface Translation {
  set: readonly number[]
  target: readonly number[]
  deletes: boolean
  squeezes: boolean
}

function translate(input: Uint8Array, { set, target, deletes, squeezes }: Translation): Uint8Array {
  const isInSet = new Set(set)
  const map = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  if (!deletes) {
    const last = target.at(-1)
    for (const [index, byte] of set.entries()) {
      const to = target[index] ?? last
      if (to !== undefined) map[byte] = to
    }
  }
  const squeezed = new Set(target.length > 0 ? target : set)
  const output = new Uint8Array(input.byteLength)
  let length = 0
  let previous = -1
  for (const byte of input) {
    if (deletes && isInSet.has(byte)) continue
    const to = map[byte] ?? byte
    if (squeezes && to === previous && squeezed.has(to)) continue
    output[length++] = to
    previous = to
  }
  return output.subarray(0, length)
}

const complementOf = (set: readonly number[]) =>
  Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !set.includes(byte))

const letters: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 }
const matches = (pattern: RegExp) =>
  Array.from({ length: 128 }, (_, byte) => byte).filter((byte) => pattern.test(String.fromCharCode(byte)))
const classes: Record<string, () => number[]> = {
  alpha: () => matches(/[A-Za-z]/),
  digit: () => matches(/\d/),
  alnum: () => matches(/[A-Za-z0-9]/),
  upper: () => matches(/[A-Z]/),
  lower: () => matches(/[a-z]/),
  space: () => matches(/\s/),
  blank: () => [9, 32],
  punct: () => matches(/[!-/:-@[-`{-~]/),
  print: () => matches(/[ -~]/),
  graph: () => matches(/[!-~]/),
  xdigit: () => matches(/[0-9A-Fa-f]/),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the class
  cntrl: () => matches(/[\x00-\x1f\x7f]/),
}

/** `a-z`, `[:upper:]`, `\n`, `\0`, `[x*]` as bytes; `[x*]` fills up to `length`. */
function readSet(text: string, length: number): number[] {
  const bytes: number[] = []
  const source = toLatin1(new TextEncoder().encode(text))
  let at = 0
  const one = (): number => {
    if (source[at] !== '\\' || at + 1 === source.length) return source.charCodeAt(at++)
    const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1))?.[0]
    const letter = source[at + 1] ?? ''
    at += 1 + (octal ?? letter).length
    return octal ? Number.parseInt(octal, 8) & 255 : (letters[letter] ?? letter.charCodeAt(0))
  }
  while (at < source.length) {
    const named = /^\[:(\w+):\]/.exec(source.slice(at))
    const repeated = /^\[(.)\*(\d*)\]/s.exec(source.slice(at))
    if (named) {
      const members = classes[named[1] ?? '']
      if (!members) throw new CommandFailure(`tr: invalid character class '${named[1]}'`, 1)
      bytes.push(...members())
      at += named[0].length
    } else if (repeated) {
      const count = repeated[2] ? Number(repeated[2]) : Math.max(0, length - bytes.length)
      bytes.push(...Array<number>(count).fill((repeated[1] ?? '').charCodeAt(0)))
      at += repeated[0].length
    } else {
      const start = one()
      if (source[at] !== '-' || at + 1 >= source.length) {
        bytes.push(start)
        continue
      }
      at += 1
      const end = one()
      if (end < start) {
        const range = `${String.fromCharCode(start)}-${String.fromCharCode(end)}`
        throw new CommandFailure(`tr: range-endpoints of '${range}' are in reverse collating sequence order`, 1)
      }
      for (let byte = start; byte <= end; byte++) bytes.push(byte)
    }
  }
  return bytes
}
