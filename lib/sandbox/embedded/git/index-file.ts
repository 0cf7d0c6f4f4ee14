import { sha1 } from '@noble/hashes/legacy.js'
import { joinBytes } from '@/lib/base'
import type { Repository } from './repository'
import { comparePaths, type FileEntry } from './repository'

export interface IndexEntry extends FileEntry {
  size: number
  mtimeMs: number
}
/** The three sides of a conflict: 1 is the common ancestor, 2 ours, 3 theirs. */
export type ConflictSides = Partial<Record<1 | 2 | 3, FileEntry>>

/** The index (staging area) in memory. */
export interface Index {
  entries: Map<string, IndexEntry>
  conflicts: Map<string, ConflictSides>
  /** When it was written: an entry that is not older cannot be trusted to say that its file is unchanged. */
  savedAtMs: number
}

const signature = 0x44495243
const idLength = 20

/** Reads `.git/index` (version 2 and 3); an empty index when there is none. */
export function readIndex({ fs, gitdir }: Repository): Index {
  const index: Index = { entries: new Map(), conflicts: new Map(), savedAtMs: 0 }
  const path = `${gitdir}/index`
  if (!fs.exists(path)) return index
  const bytes = fs.readFile(path)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < 12 + idLength || view.getUint32(0) !== signature || view.getUint32(4) > 3) {
    throw new Error('The index file is damaged or of an unknown version.')
  }
  index.savedAtMs = fs.stat(path).mtimeMs
  let at = 12
  for (let count = view.getUint32(8); count > 0; count--) {
    const flags = view.getUint16(at + 60)
    const start = at + (flags & 0x4000 ? 64 : 62)
    const end = bytes.indexOf(0, start)
    const name = new TextDecoder().decode(bytes.subarray(start, end))
    const stage = (flags >> 12) & 3
    const entry: IndexEntry = {
      mtimeMs: view.getUint32(at + 8) * 1000 + Math.floor(view.getUint32(at + 12) / 1e6),
      mode: view.getUint32(at + 24),
      size: view.getUint32(at + 36),
      oid: toHex(bytes.subarray(at + 40, at + 60)),
    }
    if (stage === 0) index.entries.set(name, entry)
    else {
      const sides = index.conflicts.get(name) ?? {}
      sides[stage as 1 | 2 | 3] = entry
      index.conflicts.set(name, sides)
    }
    at += (end - at + 8) & ~7
  }
  return index
}

export async function writeIndex({ fs, gitdir }: Repository, { entries, conflicts }: Index): Promise<void> {
  const rows: { path: string; stage: number; entry: Omit<IndexEntry, 'size' | 'mtimeMs'> & Partial<IndexEntry> }[] = []
  for (const [path, entry] of entries) rows.push({ path, stage: 0, entry })
  for (const [path, sides] of conflicts) {
    for (const stage of [1, 2, 3] as const) {
      const entry = sides[stage]
      if (entry) rows.push({ path, stage, entry })
    }
  }
  rows.sort((a, b) => comparePaths(a.path, b.path) || a.stage - b.stage)
  const parts = [header(rows.length), ...rows.map(({ path, stage, entry }) => encodeEntry(path, stage, entry))]
  const body = joinBytes(parts)
  fs.writeFile(`${gitdir}/index`, joinBytes([body, sha1(body)]))
}

function header(count: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(12))
  view.setUint32(0, signature)
  view.setUint32(4, 2)
  view.setUint32(8, count)
  return new Uint8Array(view.buffer)
}

function encodeEntry(path: string, stage: number, entry: FileEntry & Partial<IndexEntry>): Uint8Array {
  const name = new TextEncoder().encode(path)
  const bytes = new Uint8Array((62 + name.byteLength + 8) & ~7)
  const view = new DataView(bytes.buffer)
  const { mtimeMs = 0 } = entry
  for (const at of [0, 8]) {
    view.setUint32(at, Math.floor(mtimeMs / 1000))
    view.setUint32(at + 4, Math.floor(mtimeMs % 1000) * 1e6)
  }
  view.setUint32(24, entry.mode)
  view.setUint32(36, entry.size ?? 0)
  for (let i = 0; i < idLength; i++) bytes[40 + i] = Number.parseInt(entry.oid.slice(i * 2, i * 2 + 2), 16)
  view.setUint16(60, (stage << 12) | Math.min(name.byteLength, 0xfff))
  bytes.set(name, 62)
  return bytes
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
