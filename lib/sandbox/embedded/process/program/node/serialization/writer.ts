import { fromLatin1 } from '@/lib/base'
import { errorPrototypes, formatVersion, regexpFlags, tag, views } from './format'

export interface WriterHooks {
  /** An object that only the program knows how to write. */
  host(object: object): void
  sharedBufferId(buffer: SharedArrayBuffer): number
  cloneError(message: string): Error
}

const scratch = new DataView(new ArrayBuffer(8))

/** Writes values as V8's serializer does. */
export class ValueWriter {
  treatsViewsAsHost = false
  readonly #hooks: WriterHooks
  readonly #ids = new Map<object, number>()
  readonly #transfers = new Map<ArrayBufferLike, number>()
  #bytes = new Uint8Array(256)
  #length = 0

  constructor(hooks: WriterHooks) {
    this.#hooks = hooks
  }

  header(): void {
    this.byte(tag.version)
    this.byte(formatVersion)
  }

  transfer(id: number, buffer: ArrayBufferLike): void {
    this.#transfers.set(buffer, id)
  }

  release(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return bytes
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  raw(data: Uint8Array): void {
    this.#reserve(data.byteLength)
    this.#bytes.set(data, this.#length)
    this.#length += data.byteLength
  }

  varint(value: number | bigint): void {
    let left = BigInt(value)
    for (; left >= 0x80n; left >>= 7n) this.byte(Number(left & 0x7fn) | 0x80)
    this.byte(Number(left))
  }

  double(value: number): void {
    scratch.setFloat64(0, value, true)
    this.raw(new Uint8Array(scratch.buffer.slice(0)))
  }

  value(value: unknown): void {
    if (value === undefined) this.#tag(tag.undefined)
    else if (value === null) this.#tag(tag.null)
    else if (typeof value === 'boolean') this.#tag(value ? tag.true : tag.false)
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'string') this.#string(value)
    else if (typeof value === 'object') this.#object(value)
    else if (typeof value === 'bigint') {
      this.#tag(tag.bigint)
      this.#bigint(value)
    } else throw this.#hooks.cloneError(`${String(value)} could not be cloned.`)
  }

  #tag(letter: string): void {
    this.byte(letter.charCodeAt(0))
  }

  #number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 30 && !Object.is(value, -0)) {
      this.#tag(tag.int32)
      this.varint(((value << 1) ^ (value >> 31)) >>> 0)
    } else {
      this.#tag(tag.double)
      this.double(value)
    }
  }

  #bigint(value: bigint): void {
    const isNegative = value < 0n
    let left = isNegative ? -value : value
    const bytes: number[] = []
    for (; left > 0n; left >>= 8n) bytes.push(Number(left & 0xffn))
    while (bytes.length % 8 !== 0) bytes.push(0)
    this.varint((bytes.length << 1) | (isNegative ? 1 : 0))
    this.raw(Uint8Array.from(bytes))
  }

  #string(text: string): void {
    if (/^[\0-\xff]*$/.test(text)) {
      this.#tag(tag.latin1)
      this.varint(text.length)
      this.raw(fromLatin1(text))
      return
    }
    const size = text.length * 2
    // Two-byte text begins at an even place.
    if ((this.#length + 1 + varintBytes(size)) % 2 === 1) this.byte(tag.padding)
    this.#tag(tag.utf16)
    this.varint(size)
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      this.byte(unit & 0xff)
      this.byte(unit >> 8)
    }
  }

  #object(object: object): void {
    const isView = ArrayBuffer.isView(object)
    if (isView && !this.#ids.has(object) && !this.treatsViewsAsHost) this.#object(object.buffer)
    const known = this.#ids.get(object)
    if (known !== undefined) {
      this.#tag(tag.reference)
      this.varint(known)
      return
    }
    this.#ids.set(object, this.#ids.size)
    if (isView) this.#view(object)
    else if (Array.isArray(object)) this.#array(object)
    else this.#special(object)
  }

  #special(object: object): void {
    if (object instanceof Date) {
      this.#tag(tag.date)
      this.double(object.getTime())
    } else if (object instanceof Map) this.#collection(tag.map, [...object].flat(1), tag.mapEnd)
    else if (object instanceof Set) this.#collection(tag.set, [...object], tag.setEnd)
    else if (object instanceof RegExp) this.#regexp(object)
    else if (object instanceof Error) this.#error(object)
    else if (isBuffer(object)) this.#buffer(object)
    else if (isBoxed(object)) this.#boxed(object.valueOf())
    else if (typeof object === 'object' && isPlain(object)) this.#properties(object)
    else this.#hostObject(object)
  }

  #hostObject(object: object): void {
    this.#tag(tag.host)
    this.#hooks.host(object)
  }

  #properties(object: object): void {
    this.#tag(tag.object)
    const count = this.#entries(object, Object.keys(object))
    this.#tag(tag.objectEnd)
    this.varint(count)
  }

  #entries(object: object, keys: readonly string[]): number {
    let count = 0
    for (const key of keys) {
      if (!Object.hasOwn(object, key)) continue
      const value: unknown = Reflect.get(object, key)
      this.value(isIndex(key) ? Number(key) : key)
      this.value(value)
      count++
    }
    return count
  }

  #array(array: readonly unknown[]): void {
    const keys = Object.keys(array)
    const isDense = keys.filter(isIndex).length * 4 >= array.length
    this.#tag(isDense ? tag.denseArray : tag.sparseArray)
    this.varint(array.length)
    if (isDense) {
      for (let index = 0; index < array.length; index++) {
        if (index in array) this.value(array[index])
        else this.#tag(tag.hole)
      }
    }
    const count = this.#entries(array, isDense ? keys.filter((key) => !isIndex(key)) : keys)
    this.#tag(isDense ? tag.denseArrayEnd : tag.sparseArrayEnd)
    this.varint(count)
    this.varint(array.length)
  }

  #collection(begin: string, values: readonly unknown[], end: string): void {
    this.#tag(begin)
    for (const value of values) this.value(value)
    this.#tag(end)
    this.varint(values.length)
  }

  #regexp({ source, flags }: RegExp): void {
    this.#tag(tag.regexp)
    this.#string(source)
    this.varint(regexpFlags.reduce((sum, [flag, bit]) => (flags.includes(flag) ? sum | bit : sum), 0))
  }

  #error(error: Error): void {
    this.#tag(tag.error)
    const found = Object.entries(errorPrototypes).find(([, Class]) => error instanceof Class)
    if (found) this.#tag(found[0])
    if (error.message !== undefined && Object.hasOwn(error, 'message')) {
      this.#tag('m')
      this.#string(String(error.message))
    }
    if (Object.hasOwn(error, 'cause')) {
      this.#tag('c')
      this.value(error.cause)
    }
    if (typeof error.stack === 'string') {
      this.#tag('s')
      this.#string(error.stack)
    }
    this.#tag('.')
  }

  #buffer(buffer: ArrayBufferLike): void {
    const id = this.#transfers.get(buffer)
    if (id !== undefined) {
      this.#tag(tag.transfer)
      this.varint(id)
    } else if (buffer instanceof ArrayBuffer) {
      this.#tag(tag.arrayBuffer)
      this.varint(buffer.byteLength)
      this.raw(new Uint8Array(buffer))
    } else {
      this.#tag(tag.sharedBuffer)
      this.varint(this.#hooks.sharedBufferId(buffer))
    }
  }

  #view(view: ArrayBufferView): void {
    if (this.treatsViewsAsHost) {
      this.#hostObject(view)
      return
    }
    const [letter = '?'] = views.find(([, View]) => view instanceof View) ?? []
    this.#tag(tag.view)
    this.#tag(letter)
    this.varint(view.byteOffset)
    this.varint(view.byteLength)
    this.varint(0)
  }

  #boxed(value: unknown): void {
    if (typeof value === 'boolean') this.#tag(value ? tag.trueObject : tag.falseObject)
    else if (typeof value === 'number') {
      this.#tag(tag.numberObject)
      this.double(value)
    } else if (typeof value === 'bigint') {
      this.#tag(tag.bigintObject)
      this.#bigint(value)
    } else {
      this.#tag(tag.stringObject)
      this.#string(String(value))
    }
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.byteLength) return
    const grown = new Uint8Array(Math.max(this.#bytes.byteLength * 2, this.#length + count))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

const isIndex = (key: string) => /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1
const isBoxed = (object: object) =>
  object instanceof Boolean || object instanceof Number || object instanceof String || object instanceof BigInt
const isBuffer = (object: object): object is ArrayBufferLike =>
  object instanceof ArrayBuffer || (typeof SharedArrayBuffer !== 'undefined' && object instanceof SharedArrayBuffer)

/** What the browser itself would clone as a plain object: anything without slots of its own. */
function isPlain(object: object): boolean {
  const name = Object.prototype.toString.call(object)
  return !/^\[object (Promise|WeakMap|WeakSet|WeakRef|Generator|MessagePort|Blob)\]$/.test(name)
}

function varintBytes(value: number): number {
  let bytes = 1
  for (let left = value; left >= 0x80; left = Math.floor(left / 128)) bytes++
  return bytes
}
