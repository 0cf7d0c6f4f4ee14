import type { ProcessHost } from '../../host'
import { createLoader, type Loader, type LoaderOptions, type Surroundings, type TracingChannel } from '../loader/loader'
import type { ResolverFs } from '../loader/package-scope'
import type { SourceCache } from '../loader/source'
import type { Transpile } from '../loader/transpile'
import { portToolsOf } from './binding/message-port'
import { isTerminal } from './binding/tty-wrap'
import { createBuiltins } from './builtins'
import { setCascadedLoader } from './cascaded-loader'
import { installFunctionImports } from './function-imports'
import { prepareLibrary } from './library/booted'
import { withoutHints } from './library/engine-flags'
import type { Library, NodeProcess } from './library/library'
import { createAsyncLowering } from './lowering'
import { createModuleRegistration, type ModuleRegistration } from './module-registration'
import { loadModuleRules } from './module-rules'
import { natives } from './natives'
import { parserOf } from './parser'
import { holdDuring, type Pending } from './pending'
import { createSourceMaps } from './source-maps'
import { installStackTraces } from './stack-traces'
import { describeUncaught, sourceLine } from './uncaught'

export interface RuntimeLoaderOptions
  extends Pick<LoaderOptions, 'aliases' | 'main' | 'conditions' | 'isStrict' | 'jsx' | 'standInFor'> {
  /** Modules a program adds to Node's own, such as `vitest`. */
  extra?: Record<string, () => unknown>
  /** Files that exist for this loader alone, by absolute path. */
  texts?: ReadonlyMap<string, string>
}

/** One process: its globals, its clock, its loaders. A Worker makes exactly one. */
export interface Runtime {
  host: ProcessHost
  fs: ResolverFs
  library: Library
  process: NodeProcess & { finish(code?: number): number }
  pending: Pending
  nextTurn(): Promise<void>
  /** The program's entry, and what loads it. */
  readonly entry: { loader: Loader; path: string } | null
  /** A fresh module registry; transformed sources are shared by all of them. */
  createLoader(options?: RuntimeLoaderOptions): Loader
  /** What `module.register` and `--loader` do for a loader. */
  registrationOf(loader: Loader): ModuleRegistration
  /** Is told of all code before it runs. */
  onCode(path: string, code: string): void
  /** Called for errors that nobody caught; the default prints them and ends the process with code 1. */
  onUncaught(handler: (error: unknown) => void): void
  /** Runs the program's first code by the rules of a callback: its ticks follow at once. */
  enter(task: () => void): void
}

export function createRuntime(host: ProcessHost, flags: readonly string[] = []): Runtime {
  const library = prepareLibrary()
  const { loop, context } = library
  const cache: SourceCache = new Map()
  const lowering = createAsyncLowering(library)
  const lower = (code: string, path?: string) => lowering.apply(withoutHints(flags, code), path)
  library.context.lower = lower
  const keepsLinks = flags.includes('--preserve-symlinks') || host.env.NODE_PRESERVE_SYMLINKS === '1'
  const fs = toResolverFs(host, keepsLinks)
  library.start(host, flags)
  const sourceMaps = createSourceMaps(library)
  installStackTraces(library, sourceMaps)
  holdBrowserWork(loop)
  const process = Object.defineProperty(library.process, 'finish', {
    value: (code?: number) => finish(library, code),
  }) as Runtime['process']

  library.onFatal((error, isFromPromise) => {
    const hasColors = isTerminal(context, 2) && usesColors(host)
    host.stderr(describeUncaught(error, host.fs, { isFromPromise, hasColors }))
    host.exit(process.exitCode ?? 1)
  })

  const deprecateParent = (method: (...values: never[]) => unknown) =>
    library
      .require<{ deprecate(...values: unknown[]): (...values: never[]) => unknown }>('util')
      .deprecate(
        method,
        'module.parent is deprecated due to accuracy issues. Please use require.main to find program entry point instead.',
        'DEP0144',
      )

  const registrations = new WeakMap<Loader, ModuleRegistration>()
  function registrationOf(loader: Loader): ModuleRegistration {
    const known = registrations.get(loader)
    if (known !== undefined) return known
    const made = createModuleRegistration(library, loader, () => runtime.createLoader({ isStrict: loader.isStrict }))
    registrations.set(loader, made)
    return made
  }

  const channels = new Map<string, TracingChannel>()
  const channelOf = (name: string) => {
    const known = channels.get(name)
    if (known !== undefined) return known
    const { tracingChannel } = library.require<{ tracingChannel(name: string): TracingChannel }>('diagnostics_channel')
    const made = tracingChannel(name)
    channels.set(name, made)
    return made
  }

  function onCode(path: string, code: string) {
    sourceMaps.remember(path, code)
    if (code.includes('receiveMessageOnPort')) portToolsOf(context).readEarly()
  }

  let entry: Runtime['entry'] = null
  const runtime: Runtime = {
    host,
    get entry() {
      return entry
    },
    fs,
    library,
    process,
    pending: loop,
    nextTurn: () => new natives.Promise<void>((resolve) => loop.defer(resolve, { holds: false })),
    createLoader({ extra = {}, texts = new Map(), ...options } = {}) {
      const builtins = createBuiltins(library, registrationOf, extra)
      const visible = withTexts(fs, texts)
      const loader: Loader = createLoader({
        ...options,
        lower,
        fs: visible,
        isText: (path) => texts.has(path),
        builtins,
        cache,
        hold: context.hold,
        surroundings: {
          cwd: () => process.cwd(),
          env: process.env,
          execPath: process.execPath,
          nodeError: context.nodeError,
          resolvesFromParent: flags.includes('--experimental-import-meta-resolve'),
          channelOf,
          requireOfModules: requireRuleOf(flags),
          transformsTypes: flags.includes('--experimental-transform-types'),
          onCode,
          deprecateParent: flags.includes('--pending-deprecation') ? deprecateParent : undefined,
          warn: process.emitWarning,
          parser: parserOf(library),
          onSyntaxError(error) {
            const arrow = context.privateSymbols.arrow_message_private_symbol
            if (arrow) Reflect.set(error, arrow, sourceLine(error, host.fs).trimEnd())
          },
          onMain: (mainModule) => Object.assign(process, { mainModule }),
        },
        rules: () => loadModuleRules(library, loader),
        transpile: () => context.bundle<{ transpile: Transpile }>('transpile').transpile,
      })
      const { getBuiltinModule } = process
      process.getBuiltinModule = (id: unknown) =>
        id === 'module' || id === 'node:module'
          ? builtins.load('module', loader)
          : (getBuiltinModule as (id: unknown) => unknown)(id)
      if (options.main !== undefined) {
        setCascadedLoader(library, loader)
        entry = { loader, path: options.main }
        installFunctionImports(loader, options.main)
        lowering.observe(options.main, visible, loader.resolver)
      }
      return loader
    },
    registrationOf,
    onCode,
    onUncaught: library.onUncaught,
    enter: loop.enter,
  }
  return runtime
}

function requireRuleOf(flags: readonly string[]): Surroundings['requireOfModules'] {
  if (flags.includes('--no-experimental-require-module')) return 'refused'
  if (flags.includes('--trace-require-module=all')) return 'warned'
  return flags.includes('--trace-require-module=no-node-modules') ? 'warned-outside-packages' : undefined
}

/** Announces the end and answers the exit code. */
function finish({ process }: Library, code?: number): number {
  if (code !== undefined) process.exitCode = code
  if (!process._exiting) {
    process._exiting = true
    process.emit('exit', process.exitCode ?? 0)
  }
  return Number(process.exitCode ?? 0)
}

export function toResolverFs({ fs }: ProcessHost, keepsLinks = false): ResolverFs {
  const decoder = new natives.TextDecoder()
  const kindOf = (path: string) => (fs.exists(path) ? fs.stat(path).kind : null)
  return {
    isFile: (path) => kindOf(path) === 'file',
    isDirectory: (path) => kindOf(path) === 'directory',
    readText: (path) => decoder.decode(fs.readFile(path)),
    list: fs.readdir,
    realPath: fs.realpath,
    keepsLinks,
    readBytes: fs.readFile,
  }
}

function withTexts(fs: ResolverFs, texts: ReadonlyMap<string, string>): ResolverFs {
  if (texts.size === 0) return fs
  return {
    ...fs,
    isFile: (path) => texts.has(path) || fs.isFile(path),
    readText: (path) => texts.get(path) ?? fs.readText(path),
    realPath: (path) => (texts.has(path) ? path : (fs.realPath?.(path) ?? path)),
  }
}

/** The browser does not tell of its own threads' work. */
function holdBrowserWork(pending: Pending) {
  if (natives.crypto?.subtle !== undefined) {
    holdDuring(pending, natives.crypto.subtle, [
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
  holdDuring(pending, natives.Blob.prototype, ['arrayBuffer', 'text'])
}

export function usesColors({ env, terminal }: ProcessHost): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return terminal !== null
}
