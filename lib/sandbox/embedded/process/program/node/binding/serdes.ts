import { ValueReader } from '../serialization/reader'
import { ValueWriter } from '../serialization/writer'
import type { Binding, BindingContext } from './context'

type Delegate = (...values: unknown[]) => unknown

/** `v8.Serializer` and `v8.Deserializer`; subclasses say what to do with objects of their own. */
export function createSerdesBinding(context: BindingContext): Binding {
  class Serializer {
    readonly #writer = new ValueWriter({
      host: (object) => {
        const write = this.#delegate('_writeHostObject')
        if (!write)
          throw this.#cloneError(
            `${Object.prototype.toString.call(object).replace('[object ', '#<').replace(']', '>')} could not be cloned.`,
          )
        write(object)
      },
      sharedBufferId: (buffer) => Number(this.#delegate('_getSharedArrayBufferId')?.(buffer) ?? 0),
      cloneError: (message) => this.#cloneError(message),
    })

    writeHeader(): void {
      this.#writer.header()
    }
    writeValue(value: unknown): boolean {
      this.#writer.value(value)
      return true
    }
    releaseBuffer(): Uint8Array {
      return toBuffer(this.#writer.release())
    }
    transferArrayBuffer(id: number, buffer: ArrayBufferLike): void {
      this.#writer.transfer(id, buffer)
    }
    writeUint32(value: number): void {
      this.#writer.varint(value >>> 0)
    }
    writeUint64(high: number, low: number): void {
      this.#writer.varint((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0))
    }
    writeDouble(value: number): void {
      this.#writer.double(value)
    }
    writeRawBytes(data: ArrayBufferView | ArrayBuffer): void {
      if (!ArrayBuffer.isView(data) && !(data instanceof ArrayBuffer)) {
        throw context.nodeError(
          'ERR_INVALID_ARG_TYPE',
          'source',
          ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'],
          data,
        )
      }
      this.#writer.raw(
        ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data),
      )
    }
    _setTreatArrayBufferViewsAsHostObjects(isHost: boolean): void {
      this.#writer.treatsViewsAsHost = isHost
    }

    #delegate(name: string): Delegate | null {
      const fn: unknown = Reflect.get(this, name)
      return typeof fn === 'function' ? (...values) => Reflect.apply(fn, this, values) : null
    }
    #cloneError(message: string): Error {
      const Custom: unknown = Reflect.get(this, '_getDataCloneError')
      return typeof Custom === 'function' ? (Reflect.apply(Custom, this, [message]) as Error) : new Error(message)
    }
  }

  class Deserializer {
    readonly buffer: Uint8Array
    readonly #reader: ValueReader

    constructor(buffer: ArrayBufferView) {
      if (!ArrayBuffer.isView(buffer)) {
        throw context.nodeError('ERR_INVALID_ARG_TYPE', 'buffer', ['Buffer', 'TypedArray', 'DataView'], buffer)
      }
      this.buffer = buffer as Uint8Array
      this.#reader = new ValueReader(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength), {
        host: () => {
          const read: unknown = Reflect.get(this, '_readHostObject')
          if (typeof read !== 'function') throw new Error('Unable to deserialize cloned data.')
          return Reflect.apply(read, this, [])
        },
        sharedBuffer: () => {
          throw new Error('Unable to deserialize cloned data.')
        },
      })
    }

    readHeader(): boolean {
      return this.#reader.header()
    }
    readValue(): unknown {
      return this.#reader.value()
    }
    getWireFormatVersion(): number {
      return this.#reader.version
    }
    transferArrayBuffer(id: number, buffer: ArrayBufferLike): void {
      this.#reader.transfer(id, buffer)
    }
    readUint32(): number {
      return this.#reader.varint()
    }
    readUint64(): [high: number, low: number] {
      const value = this.#reader.bigVarint()
      return [Number(value >> 32n), Number(value & 0xffffffffn)]
    }
    readDouble(): number {
      return this.#reader.double()
    }
    _readRawBytes(length: number): number {
      return this.#reader.skip(length)
    }
  }

  function toBuffer(bytes: Uint8Array): Uint8Array {
    const { Buffer } = context.require<{ Buffer: { from(buffer: ArrayBufferLike): Uint8Array } }>('buffer')
    return Buffer.from(bytes.buffer)
  }

  return { Serializer, Deserializer }
}
