import { data as tables } from 'vitrine:node-library'
import type { ProcessHost } from '../../../host'
import { createBinding } from '../binding'
import type { Binding, BindingContext, UvError, UvErrorDetails } from '../binding/context'
import { installProxy } from '../binding/types'
import { createEventLoop, type EventLoop } from '../loop'
import { natives } from '../natives'
import { hideBrowserGlobals } from './browser-globals'
import { type LibraryData, revive } from './data'
import { installEngineFlags } from './engine-flags'
import { replacements } from './replacements'
import { libraryIds, libraryIndent, libraryText, takeLateIndents } from './text'

/** Node's library, booted: as far as a process is the same for every program. */
const vmModule = 'vm'

export interface Library {
  readonly loop: EventLoop
  readonly process: NodeProcess
  readonly context: BindingContext
  require<T = Record<string, unknown>>(id: string): T
  /** Whether programs may require the module by this name, with or without `node:`. */
  isBuiltin(name: string): boolean
  builtinNames(): string[]
  /** By how many columns Node's own source indents a line (1-based) of a module. */
  indentOf(id: string, line: number): number
  /** Gives the booted library its program. */
  start(host: ProcessHost, flags?: readonly string[]): void
  /** Takes the place of Node's way with errors that no listener of the program took. */
  onUncaught(handler: (error: unknown, origin: string) => void): void
  /** Called when Node's way is to end the process, its `exit` listeners having run. */
  onFatal(handler: (error: unknown, isFromPromise: boolean) => void): void
  /** Lets go of the Worker after the program's end. False when something of it may go on. */
  leave(): boolean
}

/** The global `process`, as far as the machine itself uses it. */
export interface NodeProcess extends Record<PropertyKey, unknown> {
  argv: string[]
  execPath: string
  execArgv: string[]
  env: Record<string, string>
  exitCode: number | undefined
  _exiting: boolean
  cwd(): string
  exit(code?: number): never
  emit(event: string, ...values: unknown[]): boolean
  on(event: string, listener: (...values: never[]) => void): void
  emitWarning(warning: string | Error, options?: unknown, code?: string): void
  _fatalException(error: unknown, isFromPromise: boolean): boolean
}

/** Node's exit code where the program took away what handles errors. */
const codeWithoutHandler = 6
/** And where what handles them failed. */
const codeOfFailedHandler = 7

const data = tables as LibraryData
/** The release whose behaviour programs see. */
export const nodeVersion = data.version

type Wrapper = (...values: unknown[]) => unknown
type Require = <T = Record<string, unknown>>(id: string) => T
interface Realm {
  internalBinding(name: string): Binding
  require: Require
  BuiltinModule: {
    canBeRequiredByUsers(id: string): boolean
    canBeRequiredWithoutScheme(id: string): boolean
    getCanBeRequiredByUsersWithoutSchemeList(): string[]
  }
}

const wrapperHead = '(function (exports, require, module, process, internalBinding, primordials) {'

const compiled = new Map<string, Wrapper>()

/** Compiles a text of the library, once a Worker; indirect eval keeps it out of this file's scope. */
function compile(id: string, readText: () => string, head = wrapperHead): Wrapper {
  // biome-ignore lint/security/noGlobalEval: the library comes as text so that a process compiles only what it uses
  const wrapper = compiled.get(id) ?? (globalThis.eval(`${head}${readText()}\n})\n//# sourceURL=node:${id}`) as Wrapper)
  compiled.set(id, wrapper)
  return wrapper
}

export function bootLibrary(): Library {
  installProxy()
  const loop = createEventLoop()
  const process = createProcessObject()
  const privateSymbols = privateSymbolsOfWorker()
  const symbols = Object.fromEntries(
    Object.entries(data.perIsolateSymbols).map(([key, description]) => [key, Symbol(description)]),
  )
  process[privateSymbols.exit_info_private_symbol ?? ''] = new Int32Array(3)
  const startListeners: ((host: ProcessHost) => void)[] = []
  const leaveListeners: (() => boolean)[] = []
  let host: ProcessHost | null = null
  let realm: Realm | null = null
  let handleUncaught: ((error: unknown, origin: string) => void) | null = null
  let handleFatal = (error: unknown, _isFromPromise: boolean): void => {
    throw error
  }
  const errnos = new Map(data.errors.map(([errno, code, message]) => [code, { errno, message }]))

  const requireInternal: Require = (id) => {
    if (realm === null) throw new Error(`“${id}” is required before the library has booted.`)
    return realm.require(id)
  }

  const context: BindingContext = {
    get host() {
      if (host === null) throw new Error('The program has not started.')
      return host
    },
    onStart(task) {
      if (host === null) startListeners.push(task)
      else task(host)
    },
    onLeave: (task) => leaveListeners.push(task),
    data,
    loop,
    process,
    constants: (name) => ({ ...(revive(data.bindings[name] ?? {}) as Binding) }),
    privateSymbols,
    symbols,
    require: requireInternal,
    internalBinding: (name) => {
      if (realm === null) throw new Error(`The binding “${name}” is asked for before the library has booted.`)
      return realm.internalBinding(name)
    },
    hold: loop.hold,
    callback(fn, receiver, ...values) {
      if (typeof fn === 'function') loop.enter(() => void fn.apply(receiver, values))
    },
    defer: loop.defer,
    uvError,
    errnoOf: (code) => errnos.get(code)?.errno ?? -4094,
    nodeError(code, ...values) {
      const { codes } = requireInternal<{ codes: Record<string, new (...values: unknown[]) => Error> }>(
        'internal/errors',
      )
      const Class = codes[code]
      // Thrown by C++ alone in Node: the sentence is given.
      if (Class === undefined) return Object.assign(new TypeError(String(values[0])), { code })
      return new Class(...values)
    },
    reportUncaught,
    rejected: new WeakMap(),
    onRejection,
    unavailable: (sentence) => Object.assign(new Error(sentence), { code: 'ERR_FEATURE_UNAVAILABLE' }),
    lower: (code) => code,
    bundle: (name) => loadBundle(context.host, name),
  }

  function uvError(code: string, syscall: string, { path, dest, message }: UvErrorDetails = {}): UvError {
    const known = errnos.get(code)
    const target = path === undefined ? '' : ` '${path}'${dest === undefined ? '' : ` -> '${dest}'`}`
    const text = `${code}: ${message ?? known?.message ?? 'unknown error'}, ${syscall}${target}`
    return Object.assign(new Error(text), {
      errno: known?.errno ?? -4094,
      code,
      syscall,
      ...(path === undefined ? {} : { path }),
      ...(dest === undefined ? {} : { dest }),
    })
  }

  function reportUncaught(error: unknown, isFromPromise = false) {
    const origin = isFromPromise ? 'unhandledRejection' : 'uncaughtException'
    if (handleUncaught !== null) {
      if (!process.emit('uncaughtException', error, origin)) handleUncaught(error, origin)
      return
    }
    if (typeof process._fatalException !== 'function') {
      process.exitCode = codeWithoutHandler
      context.host.stderr(`${error instanceof Error ? error.stack : String(error)}\n`)
      context.host.exit(codeWithoutHandler)
    } else tellHandlers(error, isFromPromise)
  }

  function tellHandlers(error: unknown, isFromPromise: boolean) {
    let fatal = error
    try {
      if (process._fatalException(error, isFromPromise)) return
    } catch (thrown) {
      process.exitCode = codeOfFailedHandler
      fatal = thrown
    }
    handleFatal(fatal, isFromPromise)
  }

  function onRejection(handle: (type: number, promise: Promise<unknown>, reason: unknown) => void) {
    const { promiseRejectEvents: events } = context.constants('task_queue') as {
      promiseRejectEvents: Record<string, number>
    }
    // A prevented event would keep the browser from telling when the promise is handled after all; so would a handler
    // that is added while the event is on its way.
    const report = (name: string) => (event: PromiseRejectionEvent) => {
      const { promise, reason } = event
      context.rejected.set(promise, reason)
      loop.defer(() => handle(events[name] ?? 0, promise, reason))
    }
    listen('unhandledrejection', report('kPromiseRejectWithNoHandler'))
    listen('rejectionhandled', report('kPromiseHandlerAddedAfterReject'))
    listen('error', (event: ErrorEvent) => {
      event.preventDefault()
      loop.enter(() => {
        throw event.error
      })
    })
  }

  function listen<Type extends keyof WindowEventMap>(type: Type, listener: (event: WindowEventMap[Type]) => void) {
    natives.addEventListener(type, listener)
    context.onLeave(() => {
      natives.removeEventListener(type, listener)
      return true
    })
  }

  realm = bootRealm(context)
  hideBrowserGlobals([...data.globals, 'gc', 'CryptoKey', 'EventSource'])
  context.callback(() => undefined, undefined)

  return {
    loop,
    process,
    context,
    require: requireInternal,
    isBuiltin(name) {
      const { BuiltinModule } = realm
      return name.startsWith('node:')
        ? BuiltinModule.canBeRequiredByUsers(name.slice('node:'.length))
        : BuiltinModule.canBeRequiredWithoutScheme(name)
    },
    indentOf: libraryIndent,
    builtinNames: () => realm.BuiltinModule.getCanBeRequiredByUsersWithoutSchemeList(),
    start(given, flags = []) {
      host = given
      const options = realm.internalBinding('options') as { setArguments(argv: readonly string[]): void }
      options.setArguments(flags)
      for (const listener of startListeners.splice(0)) listener(given)
      const preparation = requireInternal<{
        prepareMainThreadExecution(expand: boolean, modules: boolean): void
        prepareWorkerThreadExecution(): void
      }>('internal/process/pre_execution')
      if (given.kernel?.thread) preparation.prepareWorkerThreadExecution()
      else preparation.prepareMainThreadExecution(false, false)
      process.execArgv = [...flags]
      if (flags.includes('--experimental-vm-modules')) {
        const { Module, SourceTextModule, SyntheticModule } = requireInternal('internal/vm/module')
        Object.assign(requireInternal(vmModule), { Module, SourceTextModule, SyntheticModule })
      }
      installEngineFlags(flags)
    },
    onUncaught(handler) {
      handleUncaught = handler
    },
    onFatal(handler) {
      handleFatal = handler
    },
    leave() {
      if (loop.count > 0 || !leaveListeners.every((leave) => leave())) return false
      loop.close()
      return true
    },
  }
}

/** Runs Node's own bootstrap scripts, in the order of `node::Realm::RunBootstrapping`. */
function bootRealm(context: BindingContext): Realm {
  const { process, privateSymbols, symbols } = context
  const primordials: Record<string, unknown> = {}
  const perContext = '(function (exports, primordials, privateSymbols, perIsolateSymbols) {'
  const exported: Record<string, unknown> = {}
  for (const id of ['primordials', 'domexception', 'messageport']) {
    const path = `internal/per_context/${id}`
    compile(path, () => textOf(context, path), perContext)(exported, primordials, privateSymbols, symbols)
  }

  const builtins: Binding = {
    builtinIds: [...libraryIds, ...context.data.late, ...publicUnavailable(context)].filter(
      (id) => !id.startsWith('internal/per_context/'),
    ),
    builtinCategories: { canBeRequired: [], cannotBeRequired: [] },
    get natives() {
      return Object.fromEntries(libraryIds.map((id) => [id, libraryText(id)]))
    },
    config: JSON.stringify(context.data.config),
    hasCachedBuiltins: () => true,
    compileFunction: (id: string) => {
      const replacement = replacements[id]
      if (replacement !== undefined) {
        return (_exports: unknown, requireModule: Require, module: { exports: unknown }) => {
          module.exports = replacement(context, requireModule)
        }
      }
      return compile(id, () => textOf(context, id))
    },
    setInternalLoaders: () => undefined,
  }
  const made = new Map<string, Binding>([['builtins', builtins]])
  const getInternalBinding = (name: string) => {
    const known = made.get(name) ?? createBinding(name, context)
    made.set(name, known)
    return known
  }
  // The bindings that the realm script itself asks for must not go through the realm.
  const realmHead = '(function (process, getLinkedBinding, getInternalBinding, primordials) {'
  const realmText = () => `${textOf(context, 'internal/bootstrap/realm')}\nreturn loaderExports`
  const realm = compile('internal/bootstrap/realm', realmText, realmHead)(
    process,
    (name: string) => {
      throw new Error(`No such binding: ${name}`)
    },
    getInternalBinding,
    primordials,
  ) as Realm
  const run = (id: string) =>
    compile(id, () => textOf(context, id), '(function (process, require, internalBinding, primordials) {')(
      process,
      realm.require,
      realm.internalBinding,
      primordials,
    )
  for (const id of [
    'internal/bootstrap/node',
    'internal/bootstrap/web/exposed-wildcard',
    'internal/bootstrap/web/exposed-window-or-worker',
    'internal/bootstrap/switches/is_main_thread',
    'internal/bootstrap/switches/does_own_process_state',
  ]) {
    run(id)
  }
  return realm
}

function textOf(context: BindingContext, id: string): string {
  const text = libraryText(id) ?? lateText(context, id)
  if (text !== undefined) return text
  throw context.unavailable(
    `The module “${id.startsWith('internal/') ? id : `node:${id}`}” needs what a browser does not have, so the sandbox does not carry it.`,
  )
}

function lateText(context: BindingContext, id: string): string | undefined {
  if (!context.data.late.includes(id)) return undefined
  const { sources, indents } = context.bundle<Record<'sources' | 'indents', Record<string, string>>>('node-late')
  takeLateIndents(indents)
  return sources[id]
}

const publicUnavailable = ({ data }: BindingContext) =>
  data.unavailable.filter((id) => !id.startsWith('internal/') || id in replacements)

function loadBundle<T>(host: ProcessHost, name: string): T {
  const key = Symbol.for(`vitrine.bundle.${name}`)
  const known: unknown = Reflect.get(globalThis, key)
  if (known !== undefined) return known as T
  const url = host.bundleUrl?.(name)
  if (url == null || natives.importScripts === undefined) {
    throw Object.assign(new Error(`The part “${name}” of the sandbox could not be loaded.`), {
      code: 'ERR_FEATURE_UNAVAILABLE',
    })
  }
  natives.importScripts(url)
  const loaded: unknown = Reflect.get(globalThis, key)
  // Who prints the global object does not mean this.
  Object.defineProperty(globalThis, key, { value: loaded, enumerable: false })
  return loaded as T
}

function createProcessObject(): NodeProcess {
  // biome-ignore lint/security/noGlobalEval: the engine calls objects by the name that their function has in its source
  const Process = globalThis.eval('(function process() {})') as new () => NodeProcess
  const process = new Process()
  const { version, versions, release } = data
  Object.assign(process, { version: `v${version}`, versions: { ...versions }, arch: 'x64', platform: 'linux', release })
  Object.assign(process, { env: {}, argv: [], execArgv: [], execPath: '/usr/bin/node' })
  return process
}

let hiddenSymbols: Record<string, symbol> | undefined

function privateSymbolsOfWorker(): Record<string, symbol> {
  hiddenSymbols ??= hidePrivateSymbols(data.privateSymbols)
  return hiddenSymbols
}

/**
 * V8's private symbols are on no object that a program can list. Here a setter on `Object.prototype` keeps what the
 * library stores under them apart.
 */
function hidePrivateSymbols(names: readonly string[]): Record<string, symbol> {
  const symbols = Object.fromEntries(names.map((name) => [name, Symbol(name)]))
  for (const symbol of Object.values(symbols)) {
    const values = new WeakMap<object, unknown>()
    Object.defineProperty(Object.prototype, symbol, {
      get(this: object) {
        return values.get(this)
      },
      set(this: object, value: unknown) {
        values.set(this, value)
      },
    })
  }
  return symbols
}
