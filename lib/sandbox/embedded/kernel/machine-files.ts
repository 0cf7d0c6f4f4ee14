import { encodeUtf8 } from '@/lib/base'
import type { FileData } from '@/lib/workspace'
import { projectRoot } from '../process/host'
import type { FileOp, FileRecord, ProjectChange } from '../protocol'

const prefix = `${projectRoot}/`

/** The file table of one machine. Records are immutable, so a copy of the table is a snapshot. */
export type FileTable = Map<string, FileRecord>

export function createFileTable(): FileTable {
  const directory = (path: string): [string, FileRecord] => [
    path,
    { kind: 'directory', path, mtimeMs: Date.now(), mode: 0o755 },
  ]
  return new Map([directory(projectRoot), directory('/tmp')])
}

export function applyOps(table: FileTable, ops: readonly FileOp[]): void {
  for (const op of ops) {
    if (op.kind === 'gone') table.delete(op.path)
    else table.set(op.path, op)
  }
}

/** The IDE's changes as the machine's. */
export function toOps(changes: readonly ProjectChange[]): FileOp[] {
  return changes.map(({ path, after }) =>
    after === null ? { kind: 'gone', path: prefix + path } : toRecord(path, after),
  )
}

export function toRecord(path: string, data: FileData): FileRecord {
  const bytes = typeof data === 'string' ? encodeUtf8(data) : data
  return { kind: 'file', path: prefix + path, data: bytes, mtimeMs: Date.now(), mode: 0o644 }
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
    if (path !== null && record.kind === 'file') files.push([path, record.data])
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
    if (path === null || op.kind === 'directory' || op.kind === 'symlink') return []
    if (op.kind === 'file') return [{ path, after: op.data }]
    return before.get(op.path)?.kind === 'file' ? [{ path, after: null }] : []
  })
}

const isPath = (path: unknown) =>
  typeof path === 'string' && path.startsWith('/') && !/(^|\/)\.{0,2}(\/|$)/.test(path.slice(1))

/** Processes are not trusted to speak the protocol. */
export function isFileOp(op: FileOp): boolean {
  if (!isPath(op?.path)) return false
  if (op.kind === 'gone') return true
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
