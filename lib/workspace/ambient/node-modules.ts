import { nodeTestTypes } from './node-test'

/** Declares a builtin under both of its names. */
function builtin(name: string, body: string): string {
  return `declare module 'node:${name}' {\n${body}\n}\ndeclare module '${name}' {\n  export * from 'node:${name}'\n${
    /export default|export =/.test(body) ? `  export { default } from 'node:${name}'\n` : ''
  }}\n`
}

const path = `  export interface ParsedPath {
    root: string
    dir: string
    base: string
    ext: string
    name: string
  }
  interface Path {
    join(...parts: string[]): string
    resolve(...parts: string[]): string
    normalize(path: string): string
    isAbsolute(path: string): boolean
    relative(from: string, to: string): string
    dirname(path: string): string
    basename(path: string, suffix?: string): string
    extname(path: string): string
    parse(path: string): ParsedPath
    format(path: Partial<ParsedPath>): string
    toNamespacedPath(path: string): string
    matchesGlob(path: string, pattern: string): boolean
    readonly sep: '/' | '\\\\'
    readonly delimiter: ':' | ';'
    readonly posix: Path
    readonly win32: Path
  }
  const path: Path
  export default path
  export const { join, resolve, normalize, isAbsolute, relative, dirname, basename, extname, parse, format, toNamespacedPath, matchesGlob, sep, delimiter, posix, win32 }: Path`

const events = `  type Listener = (...args: any[]) => void
  type Name = string | symbol
  export class EventEmitter<Events = any> {
    constructor(options?: { captureRejections?: boolean })
    static defaultMaxListeners: number
    on(event: Name, listener: Listener): this
    once(event: Name, listener: Listener): this
    off(event: Name, listener: Listener): this
    addListener(event: Name, listener: Listener): this
    removeListener(event: Name, listener: Listener): this
    removeAllListeners(event?: Name): this
    prependListener(event: Name, listener: Listener): this
    prependOnceListener(event: Name, listener: Listener): this
    emit(event: Name, ...args: any[]): boolean
    listeners(event: Name): Function[]
    rawListeners(event: Name): Function[]
    listenerCount(event: Name, listener?: Function): number
    eventNames(): Name[]
    setMaxListeners(count: number): this
    getMaxListeners(): number
  }
  export function once(emitter: EventEmitter | EventTarget, event: Name, options?: { signal?: AbortSignal }): Promise<any[]>
  export function on(emitter: EventEmitter | EventTarget, event: Name, options?: { signal?: AbortSignal }): AsyncIterableIterator<any[]>
  export default EventEmitter`

const stream = `  import { EventEmitter } from 'node:events'
  type Callback = (error?: Error | null) => void
  export interface StreamOptions {
    highWaterMark?: number
    objectMode?: boolean
    encoding?: BufferEncoding
    signal?: AbortSignal
    read?(this: any, size: number): void
    write?(this: any, chunk: any, encoding: BufferEncoding, callback: Callback): void
    final?(this: any, callback: Callback): void
    transform?(this: any, chunk: any, encoding: BufferEncoding, callback: (error?: Error | null, data?: any) => void): void
    flush?(this: any, callback: (error?: Error | null, data?: any) => void): void
    destroy?(this: any, error: Error | null, callback: Callback): void
    [option: string]: unknown
  }
  export class Stream extends EventEmitter {
    constructor(options?: StreamOptions)
    pipe<T extends EventEmitter>(to: T, options?: { end?: boolean }): T
    readonly destroyed: boolean
    destroy(error?: Error): this
    readonly errored: Error | null
  }
  export class Readable extends Stream implements AsyncIterable<any> {
    static from(source: Iterable<any> | AsyncIterable<any>, options?: StreamOptions): Readable
    static fromWeb(stream: any): Readable
    static toWeb(stream: Readable): any
    readonly readable: boolean
    readonly readableEnded: boolean
    read(size?: number): any
    push(chunk: any, encoding?: BufferEncoding): boolean
    unshift(chunk: any): void
    setEncoding(encoding: BufferEncoding): this
    pause(): this
    resume(): this
    isPaused(): boolean
    unpipe(to?: EventEmitter): this
    _read(size: number): void
    [Symbol.asyncIterator](): AsyncIterableIterator<any>
    map(run: (data: any) => any): Readable
    filter(run: (data: any) => boolean | Promise<boolean>): Readable
    toArray(): Promise<any[]>
    forEach(run: (data: any) => unknown): Promise<void>
  }
  export class Writable extends Stream {
    readonly writable: boolean
    readonly writableEnded: boolean
    readonly writableFinished: boolean
    write(chunk: any, callback?: (error?: Error | null) => void): boolean
    write(chunk: any, encoding: BufferEncoding, callback?: (error?: Error | null) => void): boolean
    end(callback?: () => void): this
    end(chunk: any, callback?: () => void): this
    end(chunk: any, encoding: BufferEncoding, callback?: () => void): this
    cork(): void
    uncork(): void
    setDefaultEncoding(encoding: BufferEncoding): this
    _write(chunk: any, encoding: BufferEncoding, callback: Callback): void
    _final(callback: Callback): void
  }
  export class Duplex extends Readable implements Writable {
    readonly writable: boolean
    readonly writableEnded: boolean
    readonly writableFinished: boolean
    write(chunk: any, ...rest: any[]): boolean
    end(...rest: any[]): this
    cork(): void
    uncork(): void
    setDefaultEncoding(encoding: BufferEncoding): this
    _write(chunk: any, encoding: BufferEncoding, callback: Callback): void
    _final(callback: Callback): void
  }
  export class Transform extends Duplex {
    _transform(chunk: any, encoding: BufferEncoding, callback: (error?: Error | null, data?: any) => void): void
    _flush(callback: (error?: Error | null, data?: any) => void): void
  }
  export class PassThrough extends Transform {}
  export function pipeline(...streams: any[]): any
  export function finished(stream: Stream, callback: Callback): () => void
  export default Stream`

const statTypes = `  export interface Stats {
    isFile(): boolean
    isDirectory(): boolean
    isSymbolicLink(): boolean
    size: number
    mode: number
    mtimeMs: number
    atimeMs: number
    ctimeMs: number
    birthtimeMs: number
    mtime: Date
    atime: Date
    ctime: Date
    birthtime: Date
  }
  export interface Dirent {
    name: string
    parentPath: string
    isFile(): boolean
    isDirectory(): boolean
    isSymbolicLink(): boolean
  }
  export type PathLike = string | Buffer | URL
  export type Data = string | ArrayBufferView | Iterable<string | ArrayBufferView>
  type TextOptions = BufferEncoding | { encoding: BufferEncoding; flag?: string; signal?: AbortSignal }
  type BytesOptions = { encoding?: null; flag?: string; signal?: AbortSignal } | null
  type WriteOptions = BufferEncoding | { encoding?: BufferEncoding | null; mode?: number | string; flag?: string; signal?: AbortSignal } | null
  type MkdirOptions = { recursive?: boolean; mode?: number | string } | number
  type RmOptions = { recursive?: boolean; force?: boolean; maxRetries?: number; retryDelay?: number }
  type CopyOptions = { recursive?: boolean; force?: boolean; filter?(from: string, to: string): boolean | Promise<boolean> }`

/** Each makes a synchronous, a callback and a promise function. */
const fileFunctions: readonly (readonly [name: string, required: string, optional: string, result: string])[] = [
  ['readFile', 'path: PathLike | number, options: TextOptions', '', 'string'],
  ['readFile', 'path: PathLike | number', 'options: BytesOptions', 'Buffer'],
  ['writeFile', 'path: PathLike | number, data: Data', 'options: WriteOptions', 'void'],
  ['appendFile', 'path: PathLike | number, data: string | Uint8Array', 'options: WriteOptions', 'void'],
  ['readdir', 'path: PathLike, options: { withFileTypes: true; recursive?: boolean }', '', 'Dirent[]'],
  [
    'readdir',
    'path: PathLike',
    'options: BufferEncoding | { withFileTypes?: false; recursive?: boolean } | null',
    'string[]',
  ],
  ['mkdir', 'path: PathLike', 'options: MkdirOptions', 'string | undefined'],
  ['mkdtemp', 'prefix: string', '', 'string'],
  ['rm', 'path: PathLike', 'options: RmOptions', 'void'],
  ['rmdir', 'path: PathLike', 'options: RmOptions', 'void'],
  ['unlink', 'path: PathLike', '', 'void'],
  ['rename', 'from: PathLike, to: PathLike', '', 'void'],
  ['copyFile', 'from: PathLike, to: PathLike', 'mode: number', 'void'],
  ['cp', 'from: PathLike, to: PathLike', 'options: CopyOptions', 'void'],
  ['stat', 'path: PathLike', '', 'Stats'],
  ['lstat', 'path: PathLike', '', 'Stats'],
  ['access', 'path: PathLike', 'mode: number', 'void'],
  ['chmod', 'path: PathLike, mode: number | string', '', 'void'],
  ['utimes', 'path: PathLike, atime: number | Date, mtime: number | Date', '', 'void'],
  ['truncate', 'path: PathLike', 'length: number', 'void'],
  ['symlink', 'target: PathLike, path: PathLike', 'type: string', 'void'],
  ['readlink', 'path: PathLike', '', 'string'],
  ['realpath', 'path: PathLike', '', 'string'],
]

const withOptional = (required: string, optional: string) =>
  optional === '' ? required : `${required}, ${optional.replace(':', '?:')}`
const promiseFunctions = fileFunctions.map(
  ([name, required, optional, result]) =>
    `  export function ${name}(${withOptional(required, optional)}): Promise<${result}>`,
)
const syncFunctions = fileFunctions.map(
  ([name, required, optional, result]) =>
    `  export function ${name}Sync(${withOptional(required, optional)}): ${result}`,
)
const callbackFunctions = fileFunctions.flatMap(([name, required, optional, result]) => {
  const value = result === 'void' ? '' : `, result: ${result}`
  const callback = `callback: (error: NodeJS.ErrnoException | null${value}) => void`
  const forms = optional === '' ? [required] : [required, `${required}, ${optional}`]
  return forms.map((form) => `  export function ${name}(${form}, ${callback}): void`)
})

const fsPromises = `${statTypes}
  export interface FileHandle {
    readonly fd: number
    close(): Promise<void>
    readFile(options: TextOptions): Promise<string>
    readFile(options?: BytesOptions): Promise<Buffer>
    writeFile(data: Data, options?: WriteOptions): Promise<void>
    appendFile(data: string | Uint8Array, options?: WriteOptions): Promise<void>
    read(buffer: Uint8Array, offset?: number, length?: number, position?: number | null): Promise<{ bytesRead: number; buffer: Uint8Array }>
    write(data: string | Uint8Array, ...rest: any[]): Promise<{ bytesWritten: number }>
    stat(): Promise<Stats>
    readLines(options?: object): AsyncIterable<string>
  }
${promiseFunctions.join('\n')}
  export function open(path: PathLike, flags?: string | number, mode?: number): Promise<FileHandle>
  export const constants: Record<string, number>
  const promises: typeof import('node:fs/promises')
  export default promises`

const fs = `${statTypes}
${syncFunctions.join('\n')}
${callbackFunctions.join('\n')}
  export function existsSync(path: PathLike): boolean
  export function openSync(path: PathLike, flags?: string | number, mode?: number): number
  export function closeSync(fd: number): void
  export function readSync(fd: number, buffer: Uint8Array, offset?: number, length?: number, position?: number | null): number
  export function writeSync(fd: number, data: string | Uint8Array, ...rest: any[]): number
  export function createReadStream(path: PathLike, options?: BufferEncoding | { encoding?: BufferEncoding; start?: number; end?: number; highWaterMark?: number }): import('node:stream').Readable
  export function createWriteStream(path: PathLike, options?: BufferEncoding | { encoding?: BufferEncoding; flags?: string; mode?: number }): import('node:stream').Writable
  export function watch(path: PathLike, ...rest: any[]): import('node:events').EventEmitter & { close(): void }
  export const constants: Record<string, number>
  export const promises: typeof import('node:fs/promises')
  const fs: typeof import('node:fs')
  export default fs`

const url = `  export function fileURLToPath(url: string | globalThis.URL): string
  export function pathToFileURL(path: string): globalThis.URL
  export function format(url: globalThis.URL | object): string
  export function parse(url: string, parseQuery?: boolean): any
  export const URL: typeof globalThis.URL
  export type URL = globalThis.URL
  export const URLSearchParams: typeof globalThis.URLSearchParams
  export type URLSearchParams = globalThis.URLSearchParams
  const url: typeof import('node:url')
  export default url`

const util = `  export function inspect(value: unknown, options?: { depth?: number | null; colors?: boolean; compact?: boolean | number; breakLength?: number; sorted?: boolean; showHidden?: boolean; [option: string]: unknown } | boolean, ...rest: any[]): string
  export function format(format?: unknown, ...values: unknown[]): string
  export function promisify<T>(run: (callback: (error: any, result: T) => void) => void): () => Promise<T>
  export function promisify<A, T>(run: (a: A, callback: (error: any, result: T) => void) => void): (a: A) => Promise<T>
  export function promisify<A, B, T>(run: (a: A, b: B, callback: (error: any, result: T) => void) => void): (a: A, b: B) => Promise<T>
  export function promisify(run: Function): (...args: any[]) => Promise<any>
  export function callbackify(run: (...args: any[]) => Promise<any>): (...args: any[]) => void
  export function isDeepStrictEqual(a: unknown, b: unknown): boolean
  export function inherits(constructor: unknown, base: unknown): void
  export function deprecate<T extends Function>(run: T, message: string, code?: string): T
  export function debuglog(section: string): (message: string, ...values: unknown[]) => void
  export function stripVTControlCharacters(text: string): string
  export function styleText(format: string | readonly string[], text: string): string
  export function parseArgs<T extends { args?: readonly string[]; options?: Record<string, { type: 'string' | 'boolean'; short?: string; multiple?: boolean; default?: unknown }>; strict?: boolean; allowPositionals?: boolean; tokens?: boolean }>(config?: T): { values: { [name: string]: any }; positionals: string[]; tokens?: any[] }
  export const types: Record<string, (value: unknown) => boolean>
  export const TextEncoder: typeof globalThis.TextEncoder
  export const TextDecoder: typeof globalThis.TextDecoder
  const util: typeof import('node:util')
  export default util`

const os = `  export const EOL: string
  export function platform(): NodeJS.Platform
  export function type(): string
  export function arch(): string
  export function release(): string
  export function hostname(): string
  export function homedir(): string
  export function tmpdir(): string
  export function cpus(): { model: string; speed: number }[]
  export function availableParallelism(): number
  export function totalmem(): number
  export function freemem(): number
  export function uptime(): number
  export function userInfo(): { username: string; uid: number; gid: number; shell: string | null; homedir: string }
  const os: typeof import('node:os')
  export default os`

const crypto = `  type BinaryLike = string | ArrayBufferView
  type DigestEncoding = 'hex' | 'base64' | 'base64url' | 'latin1' | 'binary'
  export interface Hash {
    update(data: BinaryLike, encoding?: BufferEncoding): this
    digest(): Buffer
    digest(encoding: DigestEncoding): string
    copy(): Hash
  }
  export function createHash(algorithm: string): Hash
  export function createHmac(algorithm: string, key: BinaryLike): Hash
  export function hash(algorithm: string, data: BinaryLike, encoding?: DigestEncoding): string
  export function randomBytes(size: number): Buffer
  export function randomInt(max: number): number
  export function randomInt(min: number, max: number): number
  export function randomUUID(): \`\${string}-\${string}-\${string}-\${string}-\${string}\`
  export function timingSafeEqual(a: ArrayBufferView, b: ArrayBufferView): boolean
  export function getHashes(): string[]
  export function scryptSync(password: BinaryLike, salt: BinaryLike, length: number, options?: object): Buffer
  export function pbkdf2Sync(password: BinaryLike, salt: BinaryLike, iterations: number, length: number, digest: string): Buffer
  export const webcrypto: Crypto
  export const subtle: SubtleCrypto
  const crypto: typeof import('node:crypto')
  export default crypto`

const childProcess = `  import { EventEmitter } from 'node:events'
  import { Readable, Writable } from 'node:stream'
  export interface SpawnOptions {
    cwd?: string | URL
    env?: NodeJS.ProcessEnv
    stdio?: any
    shell?: boolean | string
    timeout?: number
    signal?: AbortSignal
    input?: string | Uint8Array
    encoding?: BufferEncoding | 'buffer' | null
    maxBuffer?: number
    [option: string]: unknown
  }
  export interface ChildProcess extends EventEmitter {
    stdin: Writable | null
    stdout: Readable | null
    stderr: Readable | null
    readonly pid?: number
    readonly exitCode: number | null
    readonly killed: boolean
    kill(signal?: NodeJS.Signals | number): boolean
    send(message: unknown): boolean
    unref(): void
  }
  export interface SpawnSyncResult<T> {
    pid: number
    status: number | null
    signal: NodeJS.Signals | null
    stdout: T
    stderr: T
    error?: Error
  }
  type Done = (error: (Error & { code?: number }) | null, stdout: string, stderr: string) => void
  export function spawn(command: string, args?: readonly string[], options?: SpawnOptions): ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable }
  export function spawn(command: string, options?: SpawnOptions): ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable }
  export function fork(module: string | URL, args?: readonly string[], options?: SpawnOptions): ChildProcess
  export function exec(command: string, callback?: Done): ChildProcess
  export function exec(command: string, options: SpawnOptions, callback?: Done): ChildProcess
  export function execFile(file: string, args?: readonly string[], options?: SpawnOptions | Done, callback?: Done): ChildProcess
  export function execSync(command: string, options: SpawnOptions & { encoding: BufferEncoding }): string
  export function execSync(command: string, options?: SpawnOptions): Buffer
  export function execFileSync(file: string, args: readonly string[], options: SpawnOptions & { encoding: BufferEncoding }): string
  export function execFileSync(file: string, args?: readonly string[], options?: SpawnOptions): Buffer
  export function spawnSync(command: string, args: readonly string[], options: SpawnOptions & { encoding: BufferEncoding }): SpawnSyncResult<string>
  export function spawnSync(command: string, args?: readonly string[], options?: SpawnOptions): SpawnSyncResult<Buffer>`

const http = `  import { EventEmitter } from 'node:events'
  import { Duplex, Readable, Writable } from 'node:stream'
  export interface IncomingHttpHeaders {
    [name: string]: string | string[] | undefined
    host?: string
    authorization?: string
    cookie?: string
    'content-type'?: string
    'content-length'?: string
  }
  export class IncomingMessage extends Readable {
    headers: IncomingHttpHeaders
    method?: string
    url?: string
    statusCode?: number
    statusMessage?: string
    httpVersion: string
    socket: Duplex & { remoteAddress?: string }
  }
  export class ServerResponse extends Writable {
    statusCode: number
    statusMessage: string
    readonly headersSent: boolean
    setHeader(name: string, value: number | string | readonly string[]): this
    getHeader(name: string): number | string | string[] | undefined
    removeHeader(name: string): void
    hasHeader(name: string): boolean
    writeHead(status: number, headers?: Record<string, number | string | readonly string[]>): this
    writeHead(status: number, message: string, headers?: Record<string, number | string | readonly string[]>): this
    flushHeaders(): void
  }
  export type RequestListener = (request: IncomingMessage, response: ServerResponse) => unknown
  export class Server extends EventEmitter {
    listen(port?: number, host?: string | (() => void), done?: () => void): this
    listen(port: number, done?: () => void): this
    listen(options: { port?: number; host?: string }, done?: () => void): this
    close(done?: (error?: Error) => void): this
    closeAllConnections(): void
    address(): { port: number; address: string; family: string } | string | null
    readonly listening: boolean
    unref(): this
  }
  export class ClientRequest extends Writable {
    abort(): void
    setHeader(name: string, value: number | string | readonly string[]): this
  }
  export function createServer(listener?: RequestListener): Server
  export function createServer(options: object, listener?: RequestListener): Server
  export function request(url: string | URL | object, ...rest: any[]): ClientRequest
  export function get(url: string | URL | object, ...rest: any[]): ClientRequest
  export const STATUS_CODES: Record<number, string | undefined>
  export const METHODS: string[]
  const http: typeof import('node:http')
  export default http`

const readlinePromises = `  import { EventEmitter } from 'node:events'
  export class Interface extends EventEmitter implements AsyncIterable<string> {
    question(text: string, options?: { signal?: AbortSignal }): Promise<string>
    close(): void
    prompt(keepCursor?: boolean): void
    setPrompt(text: string): void
    write(data: string): void
    pause(): this
    resume(): this
    readonly line: string
    [Symbol.asyncIterator](): AsyncIterableIterator<string>
  }
  export function createInterface(options: object): Interface
  export function createInterface(input: any, output?: any): Interface`

const readline = `  import { EventEmitter } from 'node:events'
  export class Interface extends EventEmitter implements AsyncIterable<string> {
    question(text: string, answer: (line: string) => void): void
    close(): void
    prompt(keepCursor?: boolean): void
    setPrompt(text: string): void
    write(data: string): void
    pause(): this
    resume(): this
    readonly line: string
    [Symbol.asyncIterator](): AsyncIterableIterator<string>
  }
  export function createInterface(options: object): Interface
  export function createInterface(input: any, output?: any): Interface
  export function clearLine(stream: any, direction: -1 | 0 | 1): boolean
  export function cursorTo(stream: any, x: number, y?: number): boolean
  export const promises: typeof import('node:readline/promises')
  const readline: typeof import('node:readline')
  export default readline`

const timersPromises = `  export function setTimeout<T = void>(ms?: number, value?: T, options?: { signal?: AbortSignal; ref?: boolean }): Promise<T>
  export function setImmediate<T = void>(value?: T, options?: { signal?: AbortSignal; ref?: boolean }): Promise<T>
  export function setInterval<T = void>(ms?: number, value?: T, options?: { signal?: AbortSignal; ref?: boolean }): AsyncIterable<T>
  export const scheduler: { wait(ms: number, options?: { signal?: AbortSignal }): Promise<void>; yield(): Promise<void> }`

const asyncHooks = `  export class AsyncLocalStorage<T> {
    run<R>(store: T, run: (...args: any[]) => R, ...args: any[]): R
    exit<R>(run: (...args: any[]) => R, ...args: any[]): R
    getStore(): T | undefined
    enterWith(store: T): void
    disable(): void
    static bind<F extends Function>(run: F): F
  }
  export class AsyncResource {
    constructor(type: string, options?: object)
    runInAsyncScope<R>(run: (...args: any[]) => R, self?: unknown, ...args: any[]): R
  }`

/** Builtins without types of their own here: everything in them is \`any\`. */
const untyped = [
  'cluster',
  'constants',
  'dgram',
  'diagnostics_channel',
  'dns',
  'dns/promises',
  'domain',
  'http2',
  'https',
  'inspector',
  'module',
  'net',
  'perf_hooks',
  'punycode',
  'querystring',
  'repl',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'sys',
  'timers',
  'tls',
  'trace_events',
  'tty',
  'v8',
  'vm',
  'wasi',
  'worker_threads',
  'zlib',
]

export const nodeModuleTypes = [
  builtin('path', path),
  `declare module 'node:path/posix' {\n  export * from 'node:path'\n  export { default } from 'node:path'\n}\n`,
  builtin('events', events),
  builtin('stream', stream),
  builtin('fs', fs),
  builtin('fs/promises', fsPromises),
  builtin('url', url),
  builtin('util', util),
  builtin('os', os),
  builtin('crypto', crypto),
  builtin('child_process', childProcess),
  builtin('http', http),
  builtin('readline', readline),
  builtin('readline/promises', readlinePromises),
  builtin('timers/promises', timersPromises),
  builtin('async_hooks', asyncHooks),
  builtin(
    'process',
    '  const process: NodeJS.Process\n  export default process\n  export const { argv, env, stdin, stdout, stderr, platform, pid, cwd, exit, hrtime, nextTick, memoryUsage }: NodeJS.Process',
  ),
  builtin(
    'buffer',
    '  const buffer: BufferConstructor\n  export { buffer as Buffer }\n  export const Blob: typeof globalThis.Blob\n  export const File: typeof globalThis.File',
  ),
  nodeTestTypes,
  ...untyped.map((name) => `declare module 'node:${name}'\ndeclare module '${name}'\n`),
].join('\n')
