import { encodeUtf8 } from '@/lib/base'
import { type Executables, type FileMap, type LinkMap, staysInside } from '@/lib/workspace'
import { deflateRaw } from './deflate'

/**
 * The files as a .zip (APPNOTE.TXT 6.3, without ZIP64: under 65,536 files and 4 GB), sorted by path, deflated where
 * that helps. Times are stored in UTC, for a zip knows no zone. Symbolic links that lead out of the project are left out.
 */
export async function writeZip(files: FileMap, options: ZipOptions = {}) {
  const stamp = dosTime(new Date(options.modifiedAt ?? Date.now()))
  const parts: Uint8Array<ArrayBuffer>[] = []
  const directory: Uint8Array<ArrayBuffer>[] = []
  let offset = 0
  const entries = entriesOf(files, options)
  for (const { path, data, mode } of entries) {
    const name = encodeUtf8(path)
    const plain = typeof data === 'string' ? encodeUtf8(data) : new Uint8Array(data)
    const packed = await deflateRaw(plain)
    const isStored = packed.byteLength >= plain.byteLength
    const body = isStored ? plain : packed
    const shared = entryFields({
      method: isStored ? 0 : 8,
      stamp,
      crc: crc32(plain),
      packed: body.byteLength,
      plain: plain.byteLength,
      name,
    })
    const local = [fields([4, 0x04034b50]), shared, name, body]
    parts.push(...local)
    directory.push(
      fields([4, 0x02014b50], [2, madeByUnix]),
      shared,
      // Comment length, disk, internal attributes, mode, place of the local header.
      fields([2, 0], [2, 0], [2, 0], [4, (mode << 16) >>> 0], [4, offset]),
      name,
    )
    offset += local.reduce((sum, part) => sum + part.byteLength, 0)
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.byteLength, 0)
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, entries.length],
    [2, entries.length],
    [4, directoryBytes],
    [4, offset],
    [2, 0],
  )
  return new Blob([...parts, ...directory, end], { type: 'application/zip' })
}

export interface ZipOptions {
  links?: LinkMap
  executables?: Executables
  modifiedAt?: number
}

/** A link's content is its target. */
function entriesOf(files: FileMap, { links = new Map(), executables = new Set() }: ZipOptions) {
  const inside = [...links].filter(([path, target]) => staysInside(path, target))
  return [
    ...[...files].map(([path, data]) => ({ path, data, mode: executables.has(path) ? 0o100755 : 0o100644 })),
    ...inside.map(([path, data]) => ({ path, data, mode: 0o120777 })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Version 2.0, made on Unix (high byte 3), so that the mode counts. */
const madeByUnix = (3 << 8) | 20

interface Entry {
  method: 0 | 8
  stamp: number
  crc: number
  packed: number
  plain: number
  name: Uint8Array
}

/** The run of fields that the local header and the central directory have in common. Flag bit 11: names are UTF-8. */
function entryFields(entry: Entry): Uint8Array<ArrayBuffer> {
  return fields(
    [2, 20],
    [2, 1 << 11],
    [2, entry.method],
    [4, entry.stamp],
    [4, entry.crc],
    [4, entry.packed],
    [4, entry.plain],
    [2, entry.name.byteLength],
    [2, 0],
  )
}

/** Little-endian numbers of the given widths. */
function fields(...values: [width: 2 | 4, value: number][]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(values.reduce((sum, [width]) => sum + width, 0)))
  let offset = 0
  for (const [width, value] of values) {
    if (width === 2) view.setUint16(offset, value, true)
    else view.setUint32(offset, value, true)
    offset += width
  }
  return new Uint8Array(view.buffer)
}

/** MS-DOS date and time in one 32-bit number, two-second steps. */
function dosTime(date: Date): number {
  const day =
    ((Math.max(date.getUTCFullYear(), 1980) - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate()
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1)
  return ((day << 16) | time) >>> 0
}

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
