import { deflateRaw, inflateRaw } from 'pako'
import { joinBytes } from '@/lib/base'

export interface ZipEntry {
  /** With a slash at the end for a folder. */
  name: string
  data: Uint8Array
  /** Of the file, where it is known: archives made on DOS tell of none. */
  mode: number | null
}

const localHeader = 0x04034b50
const centralHeader = 0x02014b50
const endHeader = 0x06054b50
const madeOnUnix = 3
const fileType = 0o100000
const folderType = 0o040000

/** The entries of an archive; null when it is none. Reads stored and deflated entries. */
export function readZip(bytes: Uint8Array): ZipEntry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.byteLength - 22
  while (end >= 0 && view.getUint32(end, true) !== endHeader) end--
  if (end < 0) return null
  const entries: ZipEntry[] = []
  let at = view.getUint32(end + 16, true)
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    if (view.getUint32(at, true) !== centralHeader) return null
    const method = view.getUint16(at + 10, true)
    const size = view.getUint32(at + 20, true)
    const nameLength = view.getUint16(at + 28, true)
    const local = view.getUint32(at + 42, true)
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    const raw = bytes.subarray(start, start + size)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    const isUnix = bytes[at + 5] === madeOnUnix
    const mode = isUnix ? view.getUint16(at + 40, true) & 0o777 : null
    entries.push({ name, data: method === 0 ? raw.slice() : inflateRaw(raw), mode })
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

export function writeZip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Uint8Array[] = []
  const central: Uint8Array[] = []
  let offset = 0
  for (const { name, data, mode } of entries) {
    const packed = deflateRaw(data)
    const fields = {
      name: new TextEncoder().encode(name),
      crc: crc32(data),
      packed: packed.byteLength,
      size: data.byteLength,
      offset,
      attributes: mode === null ? 0 : (name.endsWith('/') ? folderType : fileType) | mode,
    }
    const head = header(fields, false)
    parts.push(head, packed)
    central.push(header(fields, true))
    offset += head.byteLength + packed.byteLength
  }
  const size = central.reduce((total, part) => total + part.byteLength, 0)
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, endHeader, true)
  end.setUint16(8, entries.length, true)
  end.setUint16(10, entries.length, true)
  end.setUint32(12, size, true)
  end.setUint32(16, offset, true)
  return joinBytes([...parts, ...central, new Uint8Array(end.buffer)])
}

interface Fields {
  name: Uint8Array
  crc: number
  packed: number
  size: number
  offset: number
  /** Type and mode, as `stat` tells them. */
  attributes: number
}

function header({ name, crc, packed, size, offset, attributes }: Fields, isCentral: boolean): Uint8Array {
  const length = isCentral ? 46 : 30
  const bytes = new Uint8Array(length + name.byteLength)
  const view = new DataView(bytes.buffer)
  const shift = isCentral ? 2 : 0
  view.setUint32(0, isCentral ? centralHeader : localHeader, true)
  if (isCentral) view.setUint16(4, (madeOnUnix << 8) | 20, true)
  view.setUint16(4 + shift, 20, true)
  view.setUint16(6 + shift, 0x0800, true)
  view.setUint16(8 + shift, 8, true)
  // 1 January 1980: archives of the same files are the same.
  view.setUint16(12 + shift, 33, true)
  view.setUint32(14 + shift, crc, true)
  view.setUint32(18 + shift, packed, true)
  view.setUint32(22 + shift, size, true)
  view.setUint16(26 + shift, name.byteLength, true)
  if (isCentral) view.setUint16(40, attributes, true)
  if (isCentral) view.setUint32(42, offset, true)
  bytes.set(name, length)
  return bytes
}

const table = Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value >>> 0
})

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}
