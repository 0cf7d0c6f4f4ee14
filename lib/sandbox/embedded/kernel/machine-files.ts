import { encodeUtf8, plainBytes } from '@/lib/base'
import { type ExecutableChange, type FileData, isLink, type LinkChange } from '@/lib/workspace'
import { projectRoot } from '../process/host'
import { packageFiles } from '../process/package-files'
import { type FileOp, type FileRecord, largeFileBytes, type PackageRecord, type ProjectChange } from '../protocol'

const prefix = `${projectRoot}/`

/** The file table of one machine. Records are immutable, so a copy of the table is a snapshot. */
export type FileTable = Map<string, FileRecord | PackageRecord>

export function createFileTable(): FileTable {
  const directory = (path: string): [string, FileRecord] => [
    path,
    { kind: 'directory', path, mtimeMs: Date.now(), mode: 0o755 },
  ]
  return new Map([directory(projectRoot), directory('/tmp')])
}

export function applyOps(table: FileTable, ops: readonly FileOp[]): void {
  for (const op of ops) {
    if (op.kind === 'package') table.set(`${op.path}/`, op)
    else {
      takeApart(table, op.path)
      if (op.kind === 'gone') table.delete(op.path)
      else table.set(op.path, op)
    }
  }
}

/**
 * What is large goes into memory that all Workers share: a copy for each would soon be more than a tab can hold. What the
 * page gets stays memory of its own.
 */
export function withLargeShared(ops: readonly FileOp[]): FileOp[] {
  return ops.map((op) => {
    if (op.kind !== 'file' || op.data.byteLength < largeFileBytes || typeof SharedArrayBuffer === 'undefined') return op
    const data = new Uint8Array(new SharedArrayBuffer(op.data.byteLength))
    data.set(op.data)
    return { ...op, data }
  })
}

/** A package in which a single path changes is a package no longer, but files. */
function takeApart(table: FileTable, path: string): void {
  if (!path.includes('/node_modules/')) return
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const key = path.slice(0, end + 1)
    const record = table.get(key)
    if (record?.kind !== 'package') continue
    table.delete(key)
    for (const file of packageFiles(record)) {
      const inside = `${record.path}/${file.path}`
      table.set(inside, { kind: 'file', path: inside, data: file.data, mtimeMs: record.mtimeMs, mode: file.mode })
    }
  }
}

/** Folders go with all that is in them; where a package comes, only what is installed below it stays. */
export function installPackages(
  table: FileTable,
  removed: readonly string[],
  packages: readonly PackageRecord[],
): void {
  const gone = new Set(removed)
  const replaced = new Set(packages.map(({ path }) => path))
  for (const path of table.keys()) {
    if (isBelow(path, gone) || isReplaced(path, replaced)) table.delete(path)
  }
  applyOps(table, packages)
}

function isBelow(path: string, roots: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (roots.has(path.slice(0, end))) return true
  }
  return false
}

function isReplaced(path: string, packages: ReadonlySet<string>): boolean {
  const start = path.lastIndexOf('/node_modules/')
  const [, root] = /^(\/node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(start === -1 ? '' : path.slice(start)) ?? []
  return root !== undefined && packages.has(path.slice(0, start) + root)
}

/** The IDE's changes as the machine's. What is executable stays so. */
export function toOps(table: FileTable, changes: readonly ProjectChange[]): FileOp[] {
  return changes.map(({ path, after }) => {
    if (after === null) return { kind: 'gone', path: prefix + path }
    const record = toRecord(path, after)
    const before = table.get(record.path)
    return before?.kind === 'file' ? { ...record, mode: before.mode } : record
  })
}

export function toRecord(path: string, data: FileData, executable = false): FileRecord {
  const bytes = typeof data === 'string' ? encodeUtf8(data) : data
  return { kind: 'file', path: prefix + path, data: bytes, mtimeMs: Date.now(), mode: executable ? 0o755 : 0o644 }
}

/** The IDE's `chmod` as the machine's. */
export function toModeOps(table: FileTable, changes: readonly ExecutableChange[]): FileOp[] {
  return changes.flatMap(({ path, executable }): FileOp[] => {
    const record = table.get(prefix + path)
    if (record?.kind !== 'file' || isExecutable(record) === executable) return []
    return [{ ...record, mode: executable ? record.mode | 0o111 : record.mode & ~0o111 }]
  })
}

/** As git sees it: by its owner. */
const isExecutable = ({ mode }: { mode: number }) => (mode & 0o100) !== 0

export function toLinkRecord(path: string, target: string): FileRecord {
  return { kind: 'symlink', path: prefix + path, target, mtimeMs: Date.now(), mode: 0o777 }
}

/** The IDE's changes of links as the machine's. Where a program has put a file meanwhile, that stays. */
export function toLinkOps(table: FileTable, changes: readonly LinkChange[]): FileOp[] {
  return changes.flatMap(({ path, target }): FileOp[] => {
    const record = table.get(prefix + path)
    const gone: FileOp = { kind: 'gone', path: prefix + path }
    if (target === null) return record?.kind === 'symlink' ? [gone] : []
    if (record?.kind === 'file' || isInhabited(table, prefix + path)) return []
    const link = toLinkRecord(path, target)
    return record?.kind === 'directory' ? [gone, link] : [link]
  })
}

function isInhabited(table: FileTable, path: string): boolean {
  return [...table.keys()].some((other) => other.startsWith(`${path}/`))
}

/** The project-relative path when the IDE should see it, else null. */
function projectPath(path: string): string | null {
  if (!path.startsWith(prefix)) return null
  const relative = path.slice(prefix.length)
  return /(^|\/)node_modules(\/|$)/.test(relative) ? null : relative
}

export function projectFiles(table: FileTable): [path: string, data: Uint8Array][] {
  const files: [string, Uint8Array][] = []
  for (const record of table.values()) {
    const path = projectPath(record.path)
    if (path !== null && record.kind === 'file') files.push([path, plainBytes(record.data)])
  }
  return files
}

export interface MachineChange {
  path: string
  after: Uint8Array | null
}

/** What processes changed, for the IDE: the state after `ops`, given the table as it was before them. */
export function projectChanges(before: FileTable, ops: readonly FileOp[]): MachineChange[] {
  return ops.flatMap((op): MachineChange[] => {
    const path = projectPath(op.path)
    if (path === null || op.kind === 'package') return []
    if (op.kind === 'file') return [{ path, after: op.data }]
    return before.get(op.path)?.kind === 'file' ? [{ path, after: null }] : []
  })
}

/** The symbolic links that came, went or lead elsewhere now, as `projectChanges`. */
export function projectLinkChanges(before: FileTable, ops: readonly FileOp[]): LinkChange[] {
  return ops.flatMap((op): LinkChange[] => {
    const path = projectPath(op.path)
    if (path === null || op.kind === 'package') return []
    const known = before.get(op.path)
    if (op.kind !== 'symlink') return known?.kind === 'symlink' ? [{ path, target: null }] : []
    const isSame = known?.kind === 'symlink' && known.target === op.target
    return isSame || !isLink(path, op.target) ? [] : [{ path, target: op.target }]
  })
}

/** The files that are executable now and were not, or no longer are, as `projectChanges`. */
export function projectExecutableChanges(before: FileTable, ops: readonly FileOp[]): ExecutableChange[] {
  return ops.flatMap((op): ExecutableChange[] => {
    const path = projectPath(op.path)
    if (path === null || op.kind !== 'file') return []
    const known = before.get(op.path)
    const executable = isExecutable(op)
    return executable === (known?.kind === 'file' && isExecutable(known)) ? [] : [{ path, executable }]
  })
}

const isPath = (path: unknown) =>
  typeof path === 'string' && path.startsWith('/') && !/(^|\/)\.{0,2}(\/|$)/.test(path.slice(1))

/** Processes are not trusted to speak the protocol. */
export function isFileOp(op: FileOp): boolean {
  if (!isPath(op?.path)) return false
  if (op.kind === 'gone') return true
  if (op.kind === 'package') return false
  const hasTimes = typeof op.mtimeMs === 'number' && typeof op.mode === 'number'
  if (!hasTimes) return false
  if (op.kind === 'symlink') return typeof op.target === 'string' && op.target !== ''
  return op.kind === 'directory' || (op.kind === 'file' && isBytes(op.data))
}

/**
 * Bytes that stay as they are and can be sent on: memory that its sender still shares could change after it was looked
 * at, and a message that holds any is lost on its way to the page.
 */
export function isBytes(data: unknown): data is Uint8Array {
  return data instanceof Uint8Array && data.buffer instanceof ArrayBuffer && !data.buffer.resizable
}
