import { toLatin1 } from '@/lib/base'
import { errorPrototypes, formatVersion, regexpFlags, tag, views } from './format'

export interface ReaderHooks {
  host(): unknown
  sharedBuffer(id: number): SharedArrayBuffer
}

/** Reads what `ValueWriter` and V8 write. */
export class ValueReader {
  version = 0
  at = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #hooks: ReaderHooks
  readonly #objects: unknown[] = []
  readonly #transfers = new Map<number, ArrayBufferLike>()

  constructor(bytes: Uint8Array, hooks: ReaderHooks) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#hooks = hooks
  }

  header(): boolean {
    if (this.#bytes[this.at] === tag.version) {
      this.at += 1
      this.version = this.varint()
      if (this.version > formatVersion)
        throw new Error('Unable to deserialize cloned data due to invalid or unsupported version.')
    }
    return true
  }

  transfer(id: number, buffer: ArrayBufferLike): void {
    this.#transfers.set(id, buffer)
  }

  varint(): number {
    return Number(this.bigVarint())
  }

  bigVarint(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }

  double(): number {
    this.#require(8)
    this.at += 8
    return this.#view.getFloat64(this.at - 8, true)
  }

  /** Where the next `length` bytes are. */
  skip(length: number): number {
    this.#require(length)
    this.at += length
    return this.at - length
  }

  value(): unknown {
    const letter = this.#tag()
    const value = this.#read(letter)
    // A view follows its buffer.
    return value instanceof ArrayBuffer && this.#peek() === tag.view ? this.#readView(value) : value
  }

  #read(letter: string): unknown {
    switch (letter) {
      case tag.undefined:
        return undefined
      case tag.null:
        return null
      case tag.true:
        return true
      case tag.false:
        return false
      case tag.int32:
        return this.#zigzag()
      case tag.uint32:
        return this.varint()
      case tag.double:
        return this.double()
      case tag.bigint:
        return this.#bigint()
      case tag.latin1:
      case tag.utf16:
      case tag.utf8:
        return this.#text(letter)
      case tag.reference:
        return this.#objects[this.varint()]
      default:
        return this.#readObject(letter)
    }
  }

  #readObject(letter: string): unknown {
    switch (letter) {
      case tag.object:
        return this.#entries(this.#keep({}), tag.objectEnd, 1)
      case tag.denseArray:
        return this.#denseArray()
      case tag.sparseArray:
        return this.#entries(this.#keep(new Array(this.varint())), tag.sparseArrayEnd, 2)
      case tag.date:
        return this.#keep(new Date(this.double()))
      case tag.trueObject:
        return this.#keep(Object(true))
      case tag.falseObject:
        return this.#keep(Object(false))
      case tag.numberObject:
        return this.#keep(Object(this.double()))
      case tag.bigintObject:
        return this.#keep(Object(this.#bigint()))
      case tag.stringObject:
        return this.#keep(Object(this.#text(this.#tag())))
      case tag.regexp:
        return this.#regexp()
      case tag.map:
        return this.#map()
      case tag.set:
        return this.#set()
      case tag.arrayBuffer:
        return this.#buffer()
      case tag.transfer:
        return this.#keep(this.#transfers.get(this.varint()))
      case tag.sharedBuffer:
        return this.#keep(this.#hooks.sharedBuffer(this.varint()))
      case tag.host: {
        const id = this.#objects.push(undefined) - 1
        this.#objects[id] = this.#hooks.host()
        return this.#objects[id]
      }
      case tag.error:
        return this.#error()
      default:
        throw new Error('Unable to deserialize cloned data.')
    }
  }

  #keep<T>(value: T): T {
    this.#objects.push(value)
    return value
  }

  #entries<T extends object>(object: T, end: string, numbersAfter: number): T {
    while (this.#peek() !== end) {
      const key = this.value() as PropertyKey
      Object.defineProperty(object, key, { value: this.value(), writable: true, enumerable: true, configurable: true })
    }
    this.#tag()
    for (let count = 0; count < numbersAfter; count++) this.varint()
    return object
  }

  #denseArray(): unknown[] {
    const array = this.#keep<unknown[]>(new Array(this.varint()))
    for (let index = 0; index < array.length; index++) {
      if (this.#peek() === tag.hole) this.#tag()
      else array[index] = this.value()
    }
    return this.#entries(array, tag.denseArrayEnd, 2)
  }

  #map(): Map<unknown, unknown> {
    const map = this.#keep(new Map<unknown, unknown>())
    while (this.#peek() !== tag.mapEnd) map.set(this.value(), this.value())
    this.#tag()
    this.varint()
    return map
  }

  #set(): Set<unknown> {
    const set = this.#keep(new Set<unknown>())
    while (this.#peek() !== tag.setEnd) set.add(this.value())
    this.#tag()
    this.varint()
    return set
  }

  #regexp(): RegExp {
    const source = this.#text(this.#tag())
    const bits = this.varint()
    const flags = regexpFlags.filter(([, bit]) => (bits & bit) !== 0).map(([flag]) => flag)
    return this.#keep(new RegExp(source, flags.join('')))
  }

  #buffer(): ArrayBuffer {
    const length = this.varint()
    const from = this.skip(length)
    return this.#keep(this.#bytes.slice(from, from + length).buffer as ArrayBuffer)
  }

  #readView(buffer: ArrayBuffer): ArrayBufferView {
    this.#tag()
    const letter = this.#tag()
    const [offset, length] = [this.varint(), this.varint()]
    if (this.version >= 14) this.varint()
    const [, View = Uint8Array, size = 1] = views.find(([known]) => known === letter) ?? []
    return this.#keep(new View(buffer, offset, length / size))
  }

  #error(): Error {
    const id = this.#objects.push(undefined) - 1
    let Class: ErrorConstructor = Error
    const fields: Record<string, unknown> = {}
    for (let letter = this.#tag(); letter !== '.'; letter = this.#tag()) {
      if (letter in errorPrototypes) Class = errorPrototypes[letter as keyof typeof errorPrototypes] as ErrorConstructor
      else if (letter === 'm') fields.message = this.value()
      else if (letter === 's') fields.stack = this.value()
      else if (letter === 'c') fields.cause = this.value()
    }
    const made = new Class(fields.message as string | undefined)
    for (const name of ['stack', 'cause']) {
      // One that had no stack gets none from here.
      if (name in fields || name === 'stack')
        Object.defineProperty(made, name, { value: fields[name], writable: true, configurable: true })
    }
    this.#objects[id] = made
    return made
  }

  #zigzag(): number {
    const value = this.varint()
    return (value >>> 1) ^ -(value & 1)
  }

  #bigint(): bigint {
    const bits = this.varint()
    const from = this.skip(bits >> 1)
    let value = 0n
    for (let index = (bits >> 1) - 1; index >= 0; index--)
      value = (value << 8n) | BigInt(this.#bytes[from + index] ?? 0)
    return (bits & 1) === 1 ? -value : value
  }

  #text(letter: string): string {
    const length = this.varint()
    const from = this.skip(length)
    const bytes = this.#bytes.slice(from, from + length)
    if (letter === tag.utf8) return new TextDecoder().decode(bytes)
    if (letter === tag.utf16) {
      const text = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes)
      return text.includes('\uFFFD') ? exactText(bytes) : text
    }
    return toLatin1(bytes)
  }

  #tag(): string {
    let byte = this.#byte()
    while (byte === tag.padding) byte = this.#byte()
    return String.fromCharCode(byte)
  }

  #peek(): string {
    let at = this.at
    while (this.#bytes[at] === tag.padding) at++
    return at < this.#bytes.byteLength ? String.fromCharCode(this.#bytes[at] ?? 0) : ''
  }

  #byte(): number {
    this.#require(1)
    return this.#bytes[this.at++] ?? 0
  }

  #require(count: number): void {
    if (this.at + count > this.#bytes.byteLength) throw new Error('Unable to deserialize cloned data.')
  }
}

/** With halves of surrogate pairs, which decoders replace. */
function exactText(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at + 1 < bytes.byteLength; at += 2)
    text += String.fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8))
  return text
}
