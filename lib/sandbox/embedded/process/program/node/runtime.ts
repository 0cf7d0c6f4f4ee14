import type { ProcessHost } from '../../host'
import { createBuiltins } from '../builtins'
import { Buffer } from '../builtins/buffer'
import { setCurrentDirectory } from '../builtins/path'
import { createLoader, type Loader, type LoaderOptions } from '../loader/loader'
import type { ResolverFs } from '../loader/package-scope'
import type { SourceCache } from '../loader/source'
import { installStackTraces } from '../loader/stack'
import { createConsole } from './console'
import { createPending, createTurns, holdDuring, type Pending } from './pending'
import { createProcess, type NodeProcess } from './process'
import { createTimers, type Timers } from './timers'
import { describeUncaught, toRejectionError } from './uncaught'

export interface RuntimeLoaderOptions extends Pick<LoaderOptions, 'aliases' | 'main'> {
  /** Modules a program adds to Node's own, such as `vitest`. */
  extra?: Record<string, () => unknown>
  /** Files that exist for this loader alone, by absolute path. */
  texts?: ReadonlyMap<string, string>
}

/** One process: its globals, its clock, its loaders. A Worker makes exactly one. */
export interface Runtime {
  host: ProcessHost
  fs: ResolverFs
  process: NodeProcess
  pending: Pending
  timers: Timers
  nextTurn(): Promise<void>
  /** A fresh module registry; transformed sources are shared by all of them. */
  createLoader(options?: RuntimeLoaderOptions): Loader
  /** Called for errors that nobody caught; the default prints them and ends the process with code 1. */
  onUncaught(handler: (error: unknown) => void): void
}

export function createRuntime(host: ProcessHost): Runtime {
  const nextTurn = createTurns()
  const pending = createPending(nextTurn)
  const timers = createTimers(pending)
  const process = createProcess(host, pending)
  const cache: SourceCache = new Map()
  const fs = toResolverFs(host)
  let handle = (error: unknown): void => {
    host.stderr(describeUncaught(error, host.fs))
    host.exit(process.finish(1))
  }

  const runtime: Runtime = {
    host,
    fs,
    process,
    pending,
    timers,
    nextTurn,
    createLoader({ extra = {}, texts = new Map(), ...options } = {}) {
      const builtins = createBuiltins(runtime, extra)
      return createLoader({ ...options, fs: withTexts(fs, texts), builtins, cache, hold: pending.hold })
    },
    onUncaught(handler) {
      handle = handler
    },
  }
  setCurrentDirectory(process.cwd)
  installGlobals(runtime)
  installStackTraces()
  watchUncaught(process, (error) => handle(error))
  return runtime
}

export function toResolverFs({ fs }: ProcessHost): ResolverFs {
  const decoder = new TextDecoder()
  const kindOf = (path: string) => (fs.exists(path) ? fs.stat(path).kind : null)
  return {
    isFile: (path) => kindOf(path) === 'file',
    isDirectory: (path) => kindOf(path) === 'directory',
    readText: (path) => decoder.decode(fs.readFile(path)),
    list: fs.readdir,
  }
}

function withTexts(fs: ResolverFs, texts: ReadonlyMap<string, string>): ResolverFs {
  if (texts.size === 0) return fs
  return {
    ...fs,
    isFile: (path) => texts.has(path) || fs.isFile(path),
    readText: (path) => texts.get(path) ?? fs.readText(path),
  }
}

function installGlobals({ host, process, pending, timers }: Runtime) {
  const colors = usesColors(host)
  const globals: Record<string, unknown> = {
    ...timers,
    Buffer,
    console: createConsole({ stdout: host.stdout, stderr: host.stderr, colors }),
    global: globalThis,
    process,
  }
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false })
  }
  if (globalThis.crypto?.subtle !== undefined) {
    holdDuring(pending, crypto.subtle, [
      'digest',
      'encrypt',
      'decrypt',
      'sign',
      'verify',
      'deriveBits',
      'importKey',
      'generateKey',
    ])
  }
  holdDuring(pending, WebAssembly, ['compile', 'instantiate'])
  holdDuring(pending, Blob.prototype, ['arrayBuffer', 'text'])
}

export function usesColors({ env, terminal }: ProcessHost): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return terminal !== null
}

function watchUncaught(process: NodeProcess, handle: (error: unknown) => void) {
  globalThis.addEventListener('error', (event: ErrorEvent) => {
    event.preventDefault()
    const { error } = event
    if (!process.emit('uncaughtException', error, 'uncaughtException')) handle(error)
  })
  globalThis.addEventListener('unhandledrejection', (event: PromiseRejectionEvent) => {
    event.preventDefault()
    const { reason, promise } = event
    if (process.emit('unhandledRejection', reason, promise)) return
    const error = toRejectionError(reason)
    if (!process.emit('uncaughtException', error, 'unhandledRejection')) handle(error)
  })
}
