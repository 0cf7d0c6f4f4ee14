import type { FileOp, FileRecord, PackageRecord } from './protocol'

/**
 * Small files as one block of memory: a message copies it at once, and thousands of files one by one. It is not shared
 * memory, in which a program could change a file that nobody would see change.
 */
export interface FileBlock {
  /** JSON of a `FileEntry` for each file. */
  index: string
  /** Their contents, one behind the other. */
  data: Uint8Array
}

/** What a process Worker starts with: the block, then what it does not hold, in this order. */
export interface PackedFiles {
  block: FileBlock
  ops: FileOp[]
}

type FileEntry = [path: string, size: number, mode: number, mtimeMs: number]

/** Larger ones are not worth a second copy. */
const maxPackedBytes = 64 * 1024
/** With more changes the block is made anew. */
const maxChanges = 256

function pack(records: Iterable<FileRecord | PackageRecord>): PackedFiles {
  const entries: FileEntry[] = []
  const contents: Uint8Array[] = []
  const ops: FileOp[] = []
  let size = 0
  for (const record of records) {
    if (record.kind !== 'file' || record.data.byteLength > maxPackedBytes) ops.push(record)
    else {
      entries.push([record.path, record.data.byteLength, record.mode, record.mtimeMs])
      contents.push(record.data)
      size += record.data.byteLength
    }
  }
  const data = new Uint8Array(size)
  let at = 0
  for (const bytes of contents) {
    data.set(bytes, at)
    at += bytes.byteLength
  }
  return { block: { index: JSON.stringify(entries), data }, ops }
}

/** All that a Worker starts with, as changes of an empty file system; contents are views of the block. */
export function* unpack({ block: { index, data }, ops }: PackedFiles): Iterable<FileOp> {
  let at = 0
  for (const [path, size, mode, mtimeMs] of JSON.parse(index) as FileEntry[]) {
    yield { kind: 'file', path, data: data.subarray(at, at + size), mode, mtimeMs }
    at += size
  }
  yield* ops
}

/** The packed form of a file table that goes on changing: made when a process starts, and kept while little changes. */
export class FilePacker {
  #packed: PackedFiles | null

  constructor(packed: PackedFiles | null = null) {
    this.#packed = packed
  }

  /** `records` are those of the table. */
  packed(records: () => Iterable<FileRecord | PackageRecord>): PackedFiles {
    this.#packed ??= pack(records())
    return this.#packed
  }

  changed(ops: readonly FileOp[]): void {
    if (!this.#packed) return
    const { block, ops: before } = this.#packed
    // What was written over is not kept: a program may write to one large file many times.
    const written = new Set(ops.flatMap((op) => (op.kind === 'file' ? op.path : [])))
    const left = before.filter(({ kind, path }) => kind !== 'file' || !written.has(path))
    this.#packed = left.length + ops.length > maxChanges ? null : { block, ops: [...left, ...ops] }
  }

  /** For a table that starts as a copy of this one. */
  fork(): FilePacker {
    return new FilePacker(this.#packed)
  }
}
