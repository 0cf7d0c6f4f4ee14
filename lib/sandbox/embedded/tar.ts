import { byteLength, encodeUtf8, joinBytes } from '@/lib/base'

export interface TarEntry {
  /** As in the archive; folders end with a slash. */
  name: string
  /** By its letter in the header, such as `tarTypes.file`. */
  type: string
  mode: number
  mtimeSeconds: number
  data: Uint8Array
  /** Whereto a link leads. */
  target: string
}

export const tarTypes = { file: '0', hardLink: '1', symbolicLink: '2', folder: '5' } as const

export class TarError extends Error {}

const block = 512
const decoder = new TextDecoder()

/** The entries of an archive, one by one, whatever they are called. Knows ustar, pax and GNU long names. */
export function* readTarEntries(tar: Uint8Array): Iterable<TarEntry> {
  let offset = 0
  /** Of the next entry, from the headers before it. */
  let long: { path?: string; linkpath?: string } = {}
  while (offset + block <= tar.byteLength) {
    const header = tar.subarray(offset, offset + block)
    if (header[0] === 0) return
    checkSum(header)
    const size = readNumber(header, 124, 12)
    const start = offset + block
    if (start + size > tar.byteLength) throw new TarError('The archive ends in the middle of a file.')
    const data = tar.subarray(start, start + size)
    offset = start + Math.ceil(size / block) * block
    const type = String.fromCharCode(header[156] ?? 0)
    if (type === 'x') long = { ...long, ...paxRecords(data) }
    else if (type === 'L') long.path = readText(data, 0, data.byteLength)
    else if (type === 'K') long.linkpath = readText(data, 0, data.byteLength)
    else if (type !== 'g') {
      yield {
        name: long.path ?? nameOf(header),
        type: type === '\0' || type === '7' ? tarTypes.file : type,
        mode: readNumber(header, 100, 8),
        mtimeSeconds: readNumber(header, 136, 12),
        data,
        target: long.linkpath ?? readText(header, 157, 100),
      }
      long = {}
    }
  }
}

function nameOf(header: Uint8Array): string {
  const name = readText(header, 0, 100)
  const isUstar = readText(header, 257, 5) === 'ustar'
  const prefix = isUstar ? readText(header, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function readText(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return decoder.decode(end === -1 ? field : field.subarray(0, end))
}

/** Octal text, or base 256 for what does not fit. */
function readNumber(header: Uint8Array, start: number, length: number): number {
  if ((header[start] ?? 0) & 0x80) {
    let value = (header[start] ?? 0) & 0x7f
    for (let index = 1; index < length; index++) value = value * 256 + (header[start + index] ?? 0)
    return value
  }
  const text = readText(header, start, length).trim()
  const value = text === '' ? 0 : Number.parseInt(text, 8)
  if (!Number.isSafeInteger(value) || value < 0) throw new TarError('The archive is damaged.')
  return value
}

/** Of all bytes, with blanks in place of the sum itself. */
function sumOf(header: Uint8Array): number {
  let sum = 8 * 0x20
  for (let index = 0; index < block; index++) if (index < 148 || index >= 156) sum += header[index] ?? 0
  return sum
}

function checkSum(header: Uint8Array): void {
  if (sumOf(header) !== readNumber(header, 148, 8)) throw new TarError('The archive is damaged.')
}

/** Records of the form `<length> <key>=<value>\n`. */
function paxRecords(data: Uint8Array): { path?: string; linkpath?: string } {
  const records: { path?: string; linkpath?: string } = {}
  let offset = 0
  while (offset < data.byteLength) {
    const blank = data.indexOf(0x20, offset)
    const length = blank === -1 ? 0 : Number(decoder.decode(data.subarray(offset, blank)))
    if (!Number.isSafeInteger(length) || length <= blank - offset) throw new TarError('The archive is damaged.')
    const record = decoder.decode(data.subarray(blank + 1, offset + length - 1))
    if (record.startsWith('path=')) records.path = record.slice('path='.length)
    if (record.startsWith('linkpath=')) records.linkpath = record.slice('linkpath='.length)
    offset += length
  }
  return records
}

/** An archive in the ustar format; names that do not fit come in pax headers. */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const parts = entries.flatMap((entry) => {
    const records = [paxRecord('path', entry.name), paxRecord('linkpath', entry.target)].join('')
    return records === '' ? written(entry) : [...written(paxEntry(entry, records)), ...written(entry)]
  })
  return joinBytes([...parts, new Uint8Array(2 * block)])
}

/** Empty where the header has room for the value. */
function paxRecord(key: string, value: string): string {
  if (byteLength(value) <= 100) return ''
  const rest = ` ${key}=${value}\n`
  const length = byteLength(rest)
  // The length counts its own digits.
  const digits = String(length + String(length).length).length
  return `${length + digits}${rest}`
}

function paxEntry({ mtimeSeconds }: TarEntry, records: string): TarEntry {
  return { name: 'PaxHeader', type: 'x', mode: 0o644, mtimeSeconds, data: encodeUtf8(records), target: '' }
}

function written(entry: TarEntry): Uint8Array[] {
  const { data } = entry
  return [headerOf(entry), data, new Uint8Array((block - (data.byteLength % block)) % block)]
}

function headerOf({ name, type, mode, mtimeSeconds, data, target }: TarEntry): Uint8Array {
  const header = new Uint8Array(block)
  const put = (at: number, length: number, text: string) => header.set(encodeUtf8(text).subarray(0, length), at)
  const putNumber = (at: number, length: number, value: number) =>
    put(at, length, `${value.toString(8).padStart(length - 1, '0')}\0`)
  put(0, 100, name)
  putNumber(100, 8, mode)
  putNumber(108, 8, 0)
  putNumber(116, 8, 0)
  putNumber(124, 12, data.byteLength)
  putNumber(136, 12, mtimeSeconds)
  put(156, 1, type)
  put(157, 100, target)
  put(257, 8, 'ustar\x0000')
  put(148, 8, `${sumOf(header).toString(8).padStart(6, '0')}\0 `)
  return header
}
