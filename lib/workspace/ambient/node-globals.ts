export const nodeGlobalTypes = `declare namespace NodeJS {
  interface ErrnoException extends Error {
    errno?: number
    code?: string
    path?: string
    syscall?: string
  }
  interface ProcessEnv {
    [name: string]: string | undefined
  }
  type Platform = 'aix' | 'android' | 'darwin' | 'freebsd' | 'haiku' | 'linux' | 'openbsd' | 'sunos' | 'win32' | 'cygwin' | 'netbsd'
  type Signals = 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2' | 'SIGQUIT' | (string & {})
  interface MemoryUsage {
    rss: number
    heapTotal: number
    heapUsed: number
    external: number
    arrayBuffers: number
  }
  /** A number too, so that the same code is right for browsers. */
  type Timeout = number & {
    ref(): Timeout
    unref(): Timeout
    hasRef(): boolean
    refresh(): Timeout
  }
  type Timer = Timeout
  interface Immediate {
    ref(): this
    unref(): this
    hasRef(): boolean
  }
  type ReadableStream = import('node:stream').Readable
  type WritableStream = import('node:stream').Writable
  interface WriteStream extends WritableStream {
    readonly isTTY: boolean
    readonly columns: number
    readonly rows: number
    readonly fd: number
  }
  interface ReadStream extends ReadableStream {
    readonly isTTY: boolean
    readonly fd: number
    setRawMode(mode: boolean): this
  }
  type EventEmitter = import('node:events').EventEmitter
  interface Process extends EventEmitter {
    readonly argv: string[]
    readonly argv0: string
    readonly execArgv: string[]
    readonly execPath: string
    env: ProcessEnv
    exitCode: number | string | undefined
    readonly pid: number
    readonly ppid: number
    readonly platform: Platform
    readonly arch: string
    title: string
    readonly version: string
    readonly versions: { readonly node: string; readonly v8: string; readonly [name: string]: string }
    readonly release: { readonly name: string }
    readonly stdin: ReadStream
    readonly stdout: WriteStream
    readonly stderr: WriteStream
    cwd(): string
    chdir(directory: string): void
    exit(code?: number | string | null): never
    abort(): never
    kill(pid: number, signal?: Signals | number): true
    uptime(): number
    umask(mask?: number | string): number
    hrtime: { (time?: [number, number]): [number, number]; bigint(): bigint }
    memoryUsage: { (): MemoryUsage; rss(): number }
    cpuUsage(previous?: { user: number; system: number }): { user: number; system: number }
    nextTick(run: Function, ...args: any[]): void
    emitWarning(warning: string | Error, ...rest: any[]): void
    getuid?(): number
    getgid?(): number
  }
  interface Require {
    (id: string): any
    resolve(id: string, options?: { paths?: string[] }): string
    cache: Record<string, any>
    main: Module | undefined
  }
  interface Module {
    exports: any
    require: Require
    id: string
    filename: string
    loaded: boolean
    parent: Module | null | undefined
    children: Module[]
    paths: string[]
  }
  type ArrayBufferView = globalThis.ArrayBufferView
}

declare const process: NodeJS.Process
declare const global: typeof globalThis
declare const require: NodeJS.Require
declare const module: NodeJS.Module
declare const exports: any
declare const __dirname: string
declare const __filename: string
interface ImportMeta {
  readonly dirname: string
  readonly filename: string
  readonly main: boolean
}
declare function setTimeout<A extends any[]>(run: (...args: A) => void, ms?: number, ...args: A): NodeJS.Timeout
declare function setInterval<A extends any[]>(run: (...args: A) => void, ms?: number, ...args: A): NodeJS.Timeout
declare function setImmediate(run: (...args: any[]) => void, ...args: any[]): NodeJS.Immediate
declare function clearImmediate(immediate: NodeJS.Immediate | undefined): void

type BufferEncoding = 'ascii' | 'utf8' | 'utf-8' | 'utf16le' | 'utf-16le' | 'ucs2' | 'ucs-2' | 'base64' | 'base64url' | 'latin1' | 'binary' | 'hex'
interface Buffer extends Uint8Array<ArrayBuffer> {
  toString(encoding?: BufferEncoding, start?: number, end?: number): string
  toJSON(): { type: 'Buffer'; data: number[] }
  equals(other: Uint8Array): boolean
  compare(target: Uint8Array, ...range: number[]): -1 | 0 | 1
  copy(target: Uint8Array, targetStart?: number, start?: number, end?: number): number
  write(text: string, encoding?: BufferEncoding): number
  write(text: string, offset: number, encoding?: BufferEncoding): number
  write(text: string, offset: number, length: number, encoding?: BufferEncoding): number
  fill(value: string | Uint8Array | number, encoding?: BufferEncoding): this
  fill(value: string | Uint8Array | number, start?: number, end?: number, encoding?: BufferEncoding): this
  indexOf(value: string | number | Uint8Array, from?: number, encoding?: BufferEncoding): number
  lastIndexOf(value: string | number | Uint8Array, from?: number, encoding?: BufferEncoding): number
  includes(value: string | number | Uint8Array, from?: number, encoding?: BufferEncoding): boolean
  slice(start?: number, end?: number): Buffer
  subarray(start?: number, end?: number): Buffer
${['Int8', 'UInt8']
  .map((kind) => `  read${kind}(offset?: number): number\n  write${kind}(value: number, offset?: number): number`)
  .join('\n')}
${['Int16', 'UInt16', 'Int32', 'UInt32', 'Float', 'Double']
  .flatMap((kind) => ['LE', 'BE'].map((order) => `${kind}${order}`))
  .map((kind) => `  read${kind}(offset?: number): number\n  write${kind}(value: number, offset?: number): number`)
  .join('\n')}
  readBigInt64LE(offset?: number): bigint
  readBigInt64BE(offset?: number): bigint
  writeBigInt64LE(value: bigint, offset?: number): number
  writeBigInt64BE(value: bigint, offset?: number): number
}
interface BufferConstructor {
  from(text: string, encoding?: BufferEncoding): Buffer
  from(data: ArrayLike<number> | Iterable<number> | ArrayBufferLike, byteOffset?: number, length?: number): Buffer
  alloc(size: number, fill?: string | Uint8Array | number, encoding?: BufferEncoding): Buffer
  allocUnsafe(size: number): Buffer
  concat(list: readonly Uint8Array[], totalLength?: number): Buffer
  byteLength(data: string | ArrayBufferView | ArrayBufferLike, encoding?: BufferEncoding): number
  compare(a: Uint8Array, b: Uint8Array): -1 | 0 | 1
  isBuffer(value: unknown): value is Buffer
  isEncoding(encoding: string): encoding is BufferEncoding
  readonly prototype: Buffer
}
declare const Buffer: BufferConstructor
`
