import { bytesOf } from './codec'
import type { Binding, BindingContext } from './context'
import { hostObjectsOf } from './host-objects'

interface BlobHandle {
  bytes: Uint8Array
}
type Reader = (status: number, value: ArrayBuffer | undefined, last: undefined) => void
interface StoredBlob {
  handle: BlobHandle
  type: string
  length: number
}

const chunkBytes = 64 * 1024

/** Node's blobs: bytes in one piece, read a chunk at a time. */
export function createBlobBinding(context: BindingContext): Binding {
  const stored = new Map<string, StoredBlob>()

  class Blob implements BlobHandle {
    readonly bytes: Uint8Array
    constructor(bytes: Uint8Array) {
      this.bytes = bytes
    }
    slice(start: number, end: number) {
      return new Blob(this.bytes.subarray(start, end))
    }
    getReader() {
      let at = 0
      return {
        pull: (done: Reader) => {
          const chunk = this.bytes.slice(at, at + chunkBytes)
          at += chunk.byteLength
          // 0 says that it is over, 1 that there is more.
          if (chunk.byteLength === 0) done(0, undefined, undefined)
          else done(1, chunk.buffer, undefined)
        },
      }
    }
  }
  hostObjectsOf(context).register({
    name: 'blob:Blob',
    Class: Blob,
    clone: (blob) => (blob as Blob).bytes.slice(),
    restore: (bytes: Uint8Array) => new Blob(bytes),
  })
  const isBlob = (source: unknown): source is Blob => source instanceof Blob

  function join(sources: readonly unknown[]): Uint8Array {
    const parts = sources.map((source) => {
      if (isBlob(source)) return source.bytes
      return Array.isArray(source)
        ? source[0] instanceof Blob
          ? source[0].bytes
          : bytesOf(source[0])
        : bytesOf(source as ArrayBuffer)
    })
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.byteLength
    }
    return whole
  }

  return {
    createBlob: (sources: readonly unknown[]) => new Blob(join(sources)),
    createBlobFromFilePath(path: string) {
      const absolute = (context.internalBinding('fs').toAbsolute as (path: string) => string)(path)
      if (!context.host.fs.exists(absolute)) return undefined
      const bytes = context.host.fs.readFile(absolute)
      return [new Blob(bytes), bytes.byteLength]
    },
    concat: (sources: readonly unknown[]) => join(sources).buffer,
    storeDataObject(id: string, handle: BlobHandle, length: number, type: string) {
      stored.set(id, { handle, type, length })
    },
    getDataObject(id: string) {
      const found = stored.get(id)
      return found === undefined ? undefined : [found.handle, found.length, found.type]
    },
    revokeObjectURL(href: string) {
      stored.delete(/^blob:nodedata:([^?#]*)/.exec(href)?.[1] ?? '')
    },
  }
}
