import type { Invocation } from '../protocol'
import type { KernelClient } from './kernel-client/kernel-client'

/**
 * What a process Worker gives to the program that runs in it. The Worker side (message port, file mirror) implements it;
 * programs (`node`, the test engine, the shell) know nothing else of the machine.
 */
export interface ProcessHost {
  /** `argv[0]` is the program's name: `node`, `vitest`, `sh` … */
  argv: string[]
  /** How the program was called, when that was not by its name. */
  invoked?: Invocation | null
  env: Record<string, string>
  /** Absolute, e.g. `/home/project/src`. */
  cwd: string
  pid: number
  fs: VirtualFs
  stdout(data: string | Uint8Array): void
  stderr(data: string | Uint8Array): void
  stdin: {
    onData(listener: (data: Uint8Array) => void): void
    onEnd(listener: () => void): void
    /** All of it, when it was complete before the process started; else null. */
    complete?: Uint8Array | null
    pause?(): void
    resume?(): void
    /** Hands all that comes to a child instead, until the answer is called; null is the end. */
    pipe?(taker: (data: Uint8Array | null) => void): () => void
  }
  /** Set when a terminal shows the process. */
  terminal: { columns: number; rows: number } | null
  /** SIGINT and SIGTERM: with a listener they no longer end the process. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): void
  /** Ends the process at once: throws, and nothing after it runs. */
  exit(code: number): never
  /** The blob URL of a bundle that is loaded on first use; waits for it where it can, else null. */
  bundleUrl?(name: string): string | null
  /** Runs another program in a Worker of its own, on the same files; `argv[0]` is looked up like a command. */
  spawn(
    argv: string[],
    options?: {
      cwd?: string
      env?: Record<string, string>
      stdin?: 'inherit' | Uint8Array
      output?: 'inherit' | 'captured'
    },
  ): ChildProcess
  /** Its Worker takes the next program of the same parent where it is `isIdle` at the end. */
  mayShareWorker?: boolean
  /** Its output goes nowhere from here on. */
  mute?(): void
  /** Set before it returns by a program that leaves nothing running, so that its Worker can take another one. */
  isIdle?: boolean
  /** Everything else the machine does for a process: pipes, threads, signals, ports. Absent where a program runs alone. */
  kernel?: KernelClient
}

export interface ChildProcess {
  pid: number
  onOutput(listener: (chunk: { stream: 'stdout' | 'stderr'; data: Uint8Array }) => void): void
  kill(signal?: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void
  exit: Promise<number>
}

export interface FileStat {
  /** `stat` follows symbolic links, `lstat` tells of them. */
  kind: 'file' | 'directory' | 'symlink'
  size: number
  mtimeMs: number
  mode: number
  ino: number
  links: number
  atimeMs: number
  ctimeMs: number
  birthtimeMs: number
  uid: number
  gid: number
}

export interface Owner {
  uid: number
  gid: number
}

/** `rename`: something came to this path or went from it; `change`: what is there has another content or mode. */
export interface FileChange {
  type: 'rename' | 'change'
  path: string
}

export interface OpenFlags {
  read: boolean
  write: boolean
  append: boolean
  create: boolean
  exclusive: boolean
  truncate: boolean
  follow: boolean
}

/** An open file; positions of null use and move the file's own. */
export interface OpenFile {
  readonly path: string
  read(target: Uint8Array, position: number | null): number
  write(data: Uint8Array, position: number | null): number
  /** All of it, whatever the position. */
  content(): Uint8Array
  truncate(size: number): void
  stat(): FileStat
  utimes(atimeMs: number, mtimeMs: number): void
  chmod(mode: number): void
  chown(owner: Owner): void
}

/** POSIX-like, synchronous, in memory; absolute paths. Throws errors shaped as Node's (`code`, `errno`, `syscall`, `path`). */
export interface VirtualFs {
  readFile(path: string): Uint8Array
  writeFile(path: string, data: Uint8Array | string, options?: { append?: boolean }): void
  stat(path: string): FileStat
  lstat(path: string): FileStat
  exists(path: string): boolean
  readdir(path: string): string[]
  /** Answers the first folder it made. */
  mkdir(path: string, options?: { recursive?: boolean; mode?: number }): string | undefined
  rm(path: string, options?: { recursive?: boolean; force?: boolean }): void
  rename(from: string, to: string): void
  utimes(path: string, mtimeMs: number, options?: { atimeMs?: number; follow?: boolean }): void
  chmod(path: string, mode: number): void
  chown(path: string, owner: Owner, options?: { follow?: boolean }): void
  symlink(target: string, path: string): void
  readlink(path: string): string
  realpath(path: string): string
  /** A second name for a file; other processes see two files. */
  link(existing: string, path: string): void
  open(path: string, flags: OpenFlags, mode?: number): OpenFile
  /** Hears of every change, whoever made it, until the answer is called. */
  watch(listener: (change: FileChange) => void): () => void
}

/** A program ends with an exit code; throwing means code 1 and the stack on stderr. */
export type Program = (host: ProcessHost) => Promise<number>

export const projectRoot = '/home/project'
