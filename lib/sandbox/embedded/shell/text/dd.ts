import { joinBytes } from '@/lib/base'
import type { VirtualFs } from '../../process/host'
import { bytesResult, type CommandContext, failure, pathFrom, type Result } from '../command'
import { openOperand } from './operands'

const known = ['if', 'of', 'bs', 'ibs', 'obs', 'count', 'skip', 'seek', 'conv', 'status', 'iflag', 'oflag']

/** `dd if=<file> of=<file> bs=<size> count=<blocks> skip=<blocks> seek=<blocks> conv=notrunc status=none`. */
export async function dd(fs: VirtualFs, args: readonly string[], context: CommandContext): Promise<Result> {
  const options = new Map<string, string>()
  for (const word of args) {
    const [, name = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(word) ?? []
    if (!known.includes(name)) return failure(`dd: unrecognized operand '${word}'`)
    options.set(name, value)
  }
  const size = parseSize(options.get('bs') ?? options.get('ibs') ?? '512')
  const [count, skip, seek] = ['count', 'skip', 'seek'].map((name) => parseSize(options.get(name) ?? '-1'))
  if (size === null || size <= 0 || count === null || skip === null || seek === null)
    return failure('dd: invalid number')
  const limit = count === undefined || count < 0 ? null : count * size
  const input = options.get('if') ?? '-'
  const source = await readSource(input, { limit, context })
  if (typeof source === 'string') return failure(`dd: failed to open '${input}': ${source}`)
  const start = Math.max(0, skip ?? 0) * size
  const data = source.subarray(start, limit === null ? undefined : start + limit)
  const result = options.get('of') === undefined ? bytesResult(data) : { stdout: '', stderr: '', exitCode: 0 }
  const target = options.get('of')
  if (target !== undefined) {
    const problem = write(fs, pathFrom(context, target), {
      data,
      at: Math.max(0, seek ?? 0) * size,
      keeps: options.get('conv')?.split(',').includes('notrunc') ?? false,
    })
    if (problem !== null) return failure(`dd: failed to open '${target}': ${problem}`)
  }
  const [whole, rest] = [Math.floor(data.byteLength / size), data.byteLength % size > 0 ? 1 : 0]
  const records = `${whole}+${rest} records in\n${whole}+${rest} records out\n`
  const copied = `${data.byteLength} bytes copied\n`
  const status = options.get('status')
  return { ...result, stderr: status === 'none' ? '' : status === 'noxfer' ? records : records + copied }
}

/** `4`, `1K`, `2MB`, `512c`. */
export function parseSize(text: string): number | null {
  const [, digits, unit = ''] = /^(-?\d+)([a-zA-Z]*)$/.exec(text) ?? []
  const units: Record<string, number> = { '': 1, c: 1, w: 2, b: 512, k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
  const decimal: Record<string, number> = {
    kB: 1e3,
    KB: 1e3,
    MB: 1e6,
    GB: 1e9,
    KiB: 1024,
    MiB: 1024 ** 2,
    GiB: 1024 ** 3,
  }
  const factor = units[unit] ?? decimal[unit]
  return digits === undefined || factor === undefined ? null : Number(digits) * factor
}

/** The devices that never end give as much as is asked for. */
async function readSource(name: string, { limit, context }: { limit: number | null; context: CommandContext }) {
  if (/^\/dev\/(?:zero|u?random)$/.test(name)) {
    if (limit === null) return 'it has no end; say how much with count='
    const bytes = new Uint8Array(limit)
    if (name !== '/dev/zero')
      for (let at = 0; at < limit; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
    return bytes
  }
  const operand = await openOperand(context, name === '/dev/stdin' ? '-' : name)
  if (operand === null) return 'No such file or directory'
  return operand.kind === 'file' ? operand.bytes : 'Is a directory'
}

interface Writing {
  data: Uint8Array
  at: number
  keeps: boolean
}

function write(fs: VirtualFs, path: string, { data, at, keeps }: Writing): string | null {
  if (path === '/dev/null') return null
  if (!fs.exists(path.slice(0, path.lastIndexOf('/')) || '/')) return 'No such file or directory'
  const before = fs.exists(path) ? fs.readFile(path) : new Uint8Array()
  const head = new Uint8Array(at)
  head.set(before.subarray(0, at))
  fs.writeFile(path, joinBytes([head, data, keeps ? before.subarray(at + data.byteLength) : new Uint8Array()]))
  return null
}
