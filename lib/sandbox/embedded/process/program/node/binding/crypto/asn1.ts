import { concatBytes } from './support'

/** DER (X.690), as much of it as keys, signatures and certificates are written in. */
export interface DerNode {
  readonly tag: number
  readonly contents: Uint8Array
  /** Tag, length and contents together. */
  readonly whole: Uint8Array
}

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

const constructedContext = 0xa0
const primitiveContext = 0x80

/** Thrown for bytes that are not what the reader expects; callers turn it into the error that OpenSSL would give. */
export class DerError extends Error {}

function readHeader(bytes: Uint8Array, at: number): { tag: number; start: number; end: number } {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) throw new DerError('The data ends within a header')
  let length = first
  let start = at + 2
  if (first & 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) throw new DerError('The length is not in DER')
    length = 0
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[start + index] ?? Number.NaN)
    start += count
  }
  const end = start + length
  if (!(end <= bytes.length)) throw new DerError('The data is shorter than it says')
  return { tag, start, end }
}

export function readDer(bytes: Uint8Array, at = 0): DerNode {
  const { tag, start, end } = readHeader(bytes, at)
  return { tag, contents: bytes.subarray(start, end), whole: bytes.subarray(at, end) }
}

export function readAll(contents: Uint8Array): DerNode[] {
  const nodes: DerNode[] = []
  for (let at = 0; at < contents.length; ) {
    const node = readDer(contents, at)
    nodes.push(node)
    at += node.whole.length
  }
  return nodes
}

export function expectTag(node: DerNode | undefined, tag: number): DerNode {
  if (node?.tag !== tag) throw new DerError(`Expected the tag ${tag} and found ${node?.tag}`)
  return node
}

export function readSequence(node: DerNode | undefined): DerNode[] {
  return readAll(expectTag(node, derTag.sequence).contents)
}

export function readInteger(node: DerNode | undefined): bigint {
  const { contents } = expectTag(node, derTag.integer)
  if (contents.length === 0) throw new DerError('An integer without digits')
  const value = bytesToBigint(contents)
  return (contents[0] as number) & 0x80 ? value - (1n << BigInt(contents.length * 8)) : value
}

export function readOid(node: DerNode | undefined): string {
  const { contents } = expectTag(node, derTag.oid)
  const parts: number[] = []
  let value = 0
  for (const byte of contents) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    if (parts.length === 0)
      parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)))
    else parts.push(value)
    value = 0
  }
  return parts.join('.')
}

/** The bits of a whole number of bytes, as keys and signatures are. */
export function readBitString(node: DerNode | undefined): Uint8Array {
  const { contents } = expectTag(node, derTag.bitString)
  if (contents[0] !== 0) throw new DerError('A bit string with unused bits')
  return contents.subarray(1)
}

/** The element tagged `[number]`, if it is there. */
export function findTagged(nodes: readonly DerNode[], number: number): DerNode | undefined {
  return nodes.find(({ tag }) => tag === constructedContext + number || tag === primitiveContext + number)
}

export function bytesToBigint(bytes: Uint8Array): bigint {
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex === '' ? 0n : BigInt(`0x${hex}`)
}

/** Big-endian, of the given length or as short as it goes. */
export function bigintToBytes(value: bigint, length?: number): Uint8Array {
  const hex = value.toString(16)
  const padded = hex.padStart(length === undefined ? hex.length + (hex.length % 2) : length * 2, '0')
  const bytes = new Uint8Array(padded.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(padded.slice(index * 2, index * 2 + 2), 16)
  }
  return bytes
}

export function writeDer(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const length = contents.reduce((total, part) => total + part.length, 0)
  const lengthBytes = length < 0x80 ? [length] : longLength(length)
  return concatBytes(Uint8Array.of(tag, ...lengthBytes), ...contents)
}

function longLength(length: number): number[] {
  const bytes = bigintToBytes(BigInt(length))
  return [0x80 | bytes.length, ...bytes]
}

export const writeSequence = (...parts: Uint8Array[]) => writeDer(derTag.sequence, ...parts)
export const writeOctets = (bytes: Uint8Array) => writeDer(derTag.octetString, bytes)
export const writeBits = (bytes: Uint8Array) => writeDer(derTag.bitString, Uint8Array.of(0), bytes)
export const writeNull = () => writeDer(derTag.null)
export const writeTagged = (number: number, ...parts: Uint8Array[]) => writeDer(constructedContext + number, ...parts)

export function writeInteger(value: bigint | number): Uint8Array {
  const bytes = bigintToBytes(BigInt(value))
  const needsZero = ((bytes[0] ?? 0) & 0x80) !== 0
  return writeDer(derTag.integer, needsZero ? Uint8Array.of(0) : new Uint8Array(0), bytes)
}

export function writeOid(oid: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const digits = [part % 128]
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) | 0x80)
    return digits
  })
  return writeDer(derTag.oid, Uint8Array.from(bytes))
}
