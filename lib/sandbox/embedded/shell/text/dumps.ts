import { toLatin1 } from '@/lib/base'
import { type CommandContext, failure, type Result, success } from '../command'
import { openOperand } from './operands'
import { CommandFailure, readToolOptions } from './tool-options'

const hex = (value: number, width = 2) => value.toString(16).padStart(width, '0')
const shown = (bytes: Uint8Array) => toLatin1(bytes).replaceAll(/[^\x20-\x7e]/g, '.')

function* rowsOf(bytes: Uint8Array, width: number): Iterable<[number, Uint8Array]> {
  for (let at = 0; at < bytes.byteLength; at += width) yield [at, bytes.subarray(at, at + width)]
}

/** `xxd [-p] [-l <length>] [-s <offset>] [-c <columns>] [-u] [-r]`. */
export async function xxd(args: readonly string[], context: CommandContext): Promise<Result> {
  try {
    const spelled = args.map((word) => (/^-(?:ps|plain|postscript)$/.test(word) ? '-p' : word))
    const options = readToolOptions('xxd', spelled, {
      flags: { '-p': [], '-r': [], '-u': [] },
      values: { '-l': [], '-s': [], '-c': [] },
    })
    const bytes = await read('xxd', options.words[0] ?? '-', context)
    if (options.has('-r')) return fromHex(bytes, options.has('-p'))
    const start = Number(options.value('-s') ?? 0)
    const part = bytes.subarray(start, start + Number(options.value('-l') ?? bytes.byteLength))
    const columns = Number(options.value('-c') ?? (options.has('-p') ? 30 : 16))
    const width = columns >= 1 ? columns : options.has('-p') ? Math.max(1, part.byteLength) : 16
    const rows = [...rowsOf(part, width)].map(([at, row]) => {
      const digits = [...row].map((byte) => (options.has('-u') ? hex(byte).toUpperCase() : hex(byte)))
      if (options.has('-p')) return digits.join('')
      const pairs = Array.from(
        { length: Math.ceil(width / 2) },
        (_, i) => (digits[i * 2] ?? '') + (digits[i * 2 + 1] ?? ''),
      )
      return `${hex(start + at, 8)}: ${pairs.join(' ').padEnd(Math.ceil(width * 2.5) - 1)}  ${shown(row)}`
    })
    return success(rows.map((row) => `${row}\n`).join(''))
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

function fromHex(bytes: Uint8Array, isPlain: boolean): Result {
  const digits = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((line) =>
      (isPlain ? line : (/^[0-9a-f]+: ((?:[0-9a-f]{2,4} ?)+)/i.exec(line)?.[1] ?? '')).replaceAll(/\s/g, ''),
    )
    .join('')
  const text = (digits.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('')
  return { stdout: text, stdoutKind: 'bytes', stderr: '', exitCode: 0 }
}

/** `hexdump -C`, the form that people ask for; rows like the one before are a `*`. */
export async function hexdump(args: readonly string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions('hexdump', args, { flags: { '-C': [], '-v': [] }, values: { '-n': [] } })
    if (!options.has('-C')) return failure('hexdump: only -C is here; od and xxd print the other forms')
    const bytes = await read('hexdump', options.words[0] ?? '-', context)
    const part = bytes.subarray(0, Number(options.value('-n') ?? bytes.byteLength))
    let last = ''
    const rows = [...rowsOf(part, 16)].map(([at, row]) => {
      const digits = [...row].map((byte) => hex(byte))
      const halves = [digits.slice(0, 8).join(' '), digits.slice(8).join(' ')]
      const text = `  ${halves.join('  ').padEnd(48)}  |${shown(row)}|\n`
      const isRepeated = text === last && !options.has('-v')
      if (!isRepeated) last = text
      return isRepeated ? '*\n' : `${hex(at, 8)}${text}`
    })
    const shownRows = rows.filter((row, index) => row !== '*\n' || rows[index - 1] !== row)
    return success(shownRows.join('') + (part.byteLength > 0 ? `${hex(part.byteLength, 8)}\n` : ''))
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

async function read(tool: string, name: string, context: CommandContext): Promise<Uint8Array> {
  const operand = await openOperand(context, name)
  if (!operand) throw new CommandFailure(`${tool}: ${name}: No such file or directory`, 1)
  if (operand.kind === 'directory') throw new CommandFailure(`${tool}: ${name}: Is a directory`, 1)
  return operand.bytes
}
