import { encodeUtf8 } from '@/lib/base'
import type { FileStat, VirtualFs } from '../../process/host'

/** Whose files `fs` means; one program runs in a Worker, so there is one answer. */
let current: VirtualFs | null = null

/** Must be called before npm's library touches a file. */
export function useFiles(fs: VirtualFs): void {
  current = fs
}

function files(): VirtualFs {
  if (!current) throw new Error('No files were given.')
  return current
}

interface Stats {
  mode: number
  size: number
  mtimeMs: number
  mtime: Date
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

const toStats = ({ kind, mode, size, mtimeMs }: FileStat): Stats => {
  return {
    mode,
    size,
    mtimeMs,
    mtime: new Date(mtimeMs),
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'directory',
    isSymbolicLink: () => kind === 'symlink',
  }
}

export const statSync = (path: string): Stats => toStats(files().stat(path))
export const lstatSync = (path: string): Stats => toStats(files().lstat(path))

export function readFileSync(path: string, encoding?: unknown): string | Uint8Array {
  const data = files().readFile(path)
  return encoding === undefined ? data : new TextDecoder().decode(data)
}

export function readdirSync(path: string, options: { withFileTypes?: boolean } = {}): unknown[] {
  const names = files().readdir(path)
  return options.withFileTypes ? names.map((name) => ({ name, ...lstatSync(`${path}/${name}`) })) : names
}

export function existsSync(path: string): boolean {
  return files().exists(path)
}

export function writeFileSync(path: string, data: string | Uint8Array): void {
  files().writeFile(path, typeof data === 'string' ? encodeUtf8(data) : data)
}

export function readlinkSync(path: string): string {
  return files().readlink(path)
}

export function rmSync(path: string, options?: { recursive?: boolean; force?: boolean }): void {
  files().rm(path, options)
}

export function mkdirSync(path: string, options?: { recursive?: boolean }): void {
  files().mkdir(path, options)
}

export function realpathSync(path: string): string {
  return files().realpath(path)
}

type Callback<Value> = (error: unknown, value?: Value) => void

/** The same with a callback as the last value. */
const called =
  <Value>(run: (...values: never[]) => Value) =>
  (...values: unknown[]): void => {
    const done = values.pop() as Callback<Value>
    let value: Value
    try {
      value = run(...(values as never[]))
    } catch (error) {
      queueMicrotask(() => done(error))
      return
    }
    queueMicrotask(() => done(null, value))
  }

export const lstat = called(lstatSync)
export const stat = called(statSync)
export const readdir = called((path: string) => readdirSync(path))
export const readFile = called(readFileSync)

export const constants = {}
