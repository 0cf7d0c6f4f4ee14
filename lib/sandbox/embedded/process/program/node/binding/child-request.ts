import type { Invocation } from '../../../../protocol'
import { findCommand, isNodeAt } from '../../../find-command'
import type { ChildRequest, StdioRequest } from '../../../kernel-client/kernel-client'
import { resolve } from '../../builtins/path'
import type { BindingContext } from './context'
import { isTooLong } from './fs/path-limits'

/** What Node's library passes to `process_wrap` and `spawn_sync`. */
export interface SpawnOptions {
  file: string
  args?: string[]
  cwd?: string
  envPairs?: string[]
  detached?: boolean
  uid?: number
  gid?: number
  stdio: StdioEntry[]
}

export interface StdioEntry {
  type: 'ignore' | 'pipe' | 'overlapped' | 'inherit' | 'fd' | 'wrap'
  fd?: number
  handle?: { fd?: number }
  /** Of a synchronous child. */
  input?: ArrayBufferView | string
}

/** The request but its descriptors; a negative number when there is no such command or folder. */
export function toChildRequest(context: BindingContext, options: SpawnOptions): Omit<ChildRequest, 'stdio'> | number {
  const { host } = context
  const { folder } = context.internalBinding('process_methods') as { folder(): string }
  // Where the program is itself a child may be, too, even if that is gone.
  const asked = options.cwd ?? null
  const cwd = asked === null ? folder() : absolute(asked, host.cwd)
  const env = Object.fromEntries((options.envPairs ?? []).map(splitPair))
  const own = 1000
  if ((options.uid ?? own) !== own || (options.gid ?? own) !== own) return context.errnoOf('EPERM')
  const problem = asked === null ? null : problemOf(host.fs, cwd)
  if (problem !== null) return context.errnoOf(problem)
  const argv = findCommand(host.fs, [options.file, ...(options.args ?? []).slice(1).map(String)], {
    cwd,
    path: env.PATH ?? host.env.PATH ?? '',
  })
  if (typeof argv === 'string') return context.errnoOf(argv)
  return { argv, invoked: toInvocation(context, options, cwd), cwd, env, detached: options.detached === true }
}

function problemOf(fs: BindingContext['host']['fs'], folder: string): string | null {
  if (isTooLong(folder)) return 'ENAMETOOLONG'
  if (!fs.exists(folder)) return 'ENOENT'
  return fs.stat(folder).kind === 'directory' ? null : 'ENOTDIR'
}

function toInvocation({ host: { fs } }: BindingContext, { file, args = [] }: SpawnOptions, cwd: string): Invocation {
  const path = resolve(cwd, file)
  return { argv0: String(args[0] ?? file), path: isNodeAt(fs, path) ? path : '/usr/bin/node' }
}

/** The descriptor of ours that an entry names; null when it is something else. */
export function ownDescriptor({ type, fd, handle }: StdioEntry): number | null {
  if (type === 'inherit' || type === 'fd') return fd ?? null
  return type === 'wrap' && handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : null
}

interface FileAccess {
  readSync(fd: number, buffer: Uint8Array): number
  writeSync(fd: number, data: Uint8Array): number
}

/** The rest of an open file, for a child that reads it as its input. */
export function readRest(context: BindingContext, fd: number): Uint8Array {
  const fs = context.require<FileAccess>('fs')
  const chunks: number[] = []
  const buffer = new Uint8Array(64 * 1024)
  for (let size = fs.readSync(fd, buffer); size > 0; size = fs.readSync(fd, buffer))
    chunks.push(...buffer.subarray(0, size))
  return Uint8Array.from(chunks)
}

export function writeAll(context: BindingContext, fd: number, data: Uint8Array): void {
  const fs = context.require<FileAccess>('fs')
  for (let at = 0; at < data.byteLength; ) at += fs.writeSync(fd, data.subarray(at))
}

export const pipe: StdioRequest = { kind: 'pipe' }

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=', 1)
  return [pair.slice(0, at), pair.slice(at + 1)]
}

function absolute(path: string | URL, base: string): string {
  const text = typeof path === 'string' ? path : path.pathname
  return text.startsWith('/') ? text : `${base}/${text}`
}
