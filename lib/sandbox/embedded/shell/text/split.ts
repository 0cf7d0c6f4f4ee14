import type { VirtualFs } from '../../process/host'
import { type CommandContext, failure, pathFrom, type Result, success } from '../command'
import { parseSize } from './dd'
import { openOperand } from './operands'
import { CommandFailure, readToolOptions } from './tool-options'

/** `split [-l <lines> | -b <size> | -n <pieces>] [-d] [-a <length>] [--additional-suffix=<text>] [<file> [<prefix>]]`. */
export async function split(fs: VirtualFs, args: readonly string[], context: CommandContext): Promise<Result> {
  try {
    const options = readToolOptions(
      'split',
      args.map((word) => word.replace(/^-(\d+)$/, '-l$1')),
      {
        flags: { '--numeric-suffixes': ['-d'], '--verbose': [] },
        values: {
          '--lines': ['-l'],
          '--bytes': ['-b'],
          '--number': ['-n'],
          '--suffix-length': ['-a'],
          '--additional-suffix': [],
        },
      },
    )
    const [name = '-', prefix = 'x'] = [...options.words, ...(options.paths ?? [])]
    const operand = await openOperand(context, name)
    if (operand?.kind !== 'file') return failure(`split: cannot open '${name}' for reading: No such file or directory`)
    const bytes = (option: string) => parseSize(options.value(option) ?? '')
    const [size, pieces, lines] = [bytes('--bytes'), bytes('--number'), bytes('--lines')]
    const parts = options.has('--bytes')
      ? bySize(operand.bytes, valid(size, 'bytes'))
      : options.has('--number')
        ? byCount(operand.bytes, valid(pieces, 'chunks'))
        : byLines(operand.bytes, options.has('--lines') ? valid(lines, 'lines') : 1000)
    const length = Number(options.value('--suffix-length') ?? 2)
    const suffixOf = (index: number) =>
      options.has('--numeric-suffixes') ? String(index).padStart(length, '0') : letters(index, length)
    let told = ''
    for (const [index, part] of parts.entries()) {
      const suffix = suffixOf(index)
      if (suffix.length > length) return failure('split: output file suffixes exhausted')
      const target = `${prefix}${suffix}${options.value('--additional-suffix') ?? ''}`
      fs.writeFile(pathFrom(context, target), part)
      if (options.has('--verbose')) told += `creating file '${target}'\n`
    }
    return success(told)
  } catch (error) {
    if (error instanceof CommandFailure) return failure(error.message, error.exitCode)
    throw error
  }
}

function valid(count: number | null, what: string): number {
  if (count === null || count < 1) throw new CommandFailure(`split: invalid number of ${what}`, 1)
  return count
}

function bySize(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

function byCount(bytes: Uint8Array, count: number): Uint8Array[] {
  const size = Math.floor(bytes.byteLength / count)
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * size, index === count - 1 ? undefined : (index + 1) * size),
  )
}

function byLines(bytes: Uint8Array, count: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  let start = 0
  let seen = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    seen += 1
    if (seen % count !== 0) continue
    parts.push(bytes.subarray(start, at + 1))
    start = at + 1
  }
  return start < bytes.byteLength ? [...parts, bytes.subarray(start)] : parts
}

/** `aa`, `ab` … */
function letters(index: number, length: number): string {
  let text = ''
  for (let left = index; text.length < length || left > 0; left = Math.floor(left / 26))
    text = String.fromCharCode(97 + (left % 26)) + text
  return text
}
