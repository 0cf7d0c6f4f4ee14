import type { BindingContext } from '../binding/context'

interface Realm {
  BuiltinModule: { getCanBeRequiredByUsersWithoutSchemeList(): string[] }
}
type Require = <T = Record<string, unknown>>(id: string) => T

const networkEvents = [
  'requestWillBeSent',
  'responseReceived',
  'loadingFinished',
  'loadingFailed',
  'dataSent',
  'dataReceived',
]

/** Internal modules whose work the sandbox does itself: module id → its exports. */
export const replacements: Record<string, (context: BindingContext, require: Require) => unknown> = {
  // Modules are loaded by `loader/`; these are what the rest of the library expects beside them.
  'internal/modules/cjs/loader': (_context, require) => ({
    Module: class Module {
      // What `node:repl` asks for.
      static readonly globalPaths = []
      static readonly _extensions = { '.js': null, '.json': null, '.node': null }
      static readonly builtinModules =
        require<Realm>('internal/bootstrap/realm').BuiltinModule.getCanBeRequiredByUsersWithoutSchemeList()
      static _resolveLookupPaths() {
        return []
      }
      static _nodeModulePaths() {
        return []
      }
      require(id: string) {
        return require(id.replace(/^node:/, ''))
      }
    },
    wrapSafe: () => undefined,
    initializeCJS: () => undefined,
  }),
  'internal/modules/esm/utils': (_context, require) => {
    const conditionsOf = () => {
      const { getOptionValue } = require<{ getOptionValue(name: string): unknown }>('internal/options')
      return [
        'node',
        'import',
        ...(getOptionValue('--experimental-require-module') ? ['module-sync'] : []),
        ...(getOptionValue('--no-addons') ? [] : ['node-addons']),
        ...(getOptionValue('--conditions') as string[]),
      ]
    }
    let conditions: readonly string[] | undefined
    const getDefaultConditions = () => {
      conditions ??= Object.freeze(conditionsOf())
      return conditions
    }
    const registries = new WeakMap<object, object>()
    return {
      initializeESM: () => undefined,
      registerModule: (referrer: object, registry: object) => void registries.set(referrer, registry),
      registryOf: (referrer: object) => registries.get(referrer),
      registerImportModuleDynamically: () => undefined,
      importModuleDynamicallyCallback: () => undefined,
      getDefaultConditions,
      getConditionsSet: (given: readonly string[] = getDefaultConditions()) => new Set(given),
    }
  },
  // What the library imports by: the program's own registry, or that of hooks; see `module-registration.ts`.
  'internal/modules/esm/loader': () => {
    let cascaded: object = {}
    return {
      setCascadedLoader(loader: object) {
        cascaded = loader
      },
      getOrInitializeCascadedLoader: () => cascaded,
    }
  },
  // Sharing a listening socket needs handles that pass between processes. `net` asks this module whether it does.
  cluster: (context, require) => {
    const EventEmitter = require<{ new (): object }>('events')
    const refuse = () => {
      throw context.unavailable(
        'node:cluster is not available in the sandbox: processes cannot share a port. Listen in one process.',
      )
    }
    return Object.assign(new EventEmitter(), {
      isPrimary: true,
      isMaster: true,
      isWorker: false,
      workers: {},
      settings: {},
      SCHED_NONE: 1,
      SCHED_RR: 2,
      schedulingPolicy: 2,
      fork: refuse,
      setupPrimary: refuse,
      setupMaster: refuse,
      disconnect: refuse,
    })
  },
  // Servers and clients for both versions of HTTP load this module, and use it when asked to.
  http2: (context) => {
    const refuse = (): never => {
      throw context.unavailable(
        'HTTP/2 is not available in the sandbox: its streams need what a browser does not have. Use node:http.',
      )
    }
    const { constants } = context.constants('http2')
    return {
      connect: (_authority: unknown, _options: unknown, _listener: unknown) => refuse(),
      constants,
      createServer: (_options: unknown, _handler: unknown) => refuse(),
      createSecureServer: (_options: unknown, _handler: unknown) => refuse(),
      getDefaultSettings: () => refuse(),
      getPackedSettings: (_settings: unknown) => refuse(),
      getUnpackedSettings: (_buffer: unknown) => refuse(),
      performServerHandshake: (_socket: unknown) => refuse(),
      sensitiveHeaders: Symbol('sensitiveHeaders'),
      Http2ServerRequest: class Http2ServerRequest {
        constructor() {
          refuse()
        }
      },
      Http2ServerResponse: class Http2ServerResponse {
        constructor() {
          refuse()
        }
      },
    }
  },
  // Runners of tests and tools ask whether somebody debugs them.
  inspector: (context, load) => {
    const EventEmitter = load<{ new (): object }>('events')
    const refuse = (): never => {
      throw context.unavailable('There is no debugger in the sandbox: use console.log, or run the project with Node.')
    }
    const ignore = () => undefined
    class Session extends EventEmitter {
      connect() {
        refuse()
      }
      connectToMainThread() {
        refuse()
      }
      post(_method: string, _parameters: unknown, _callback: unknown) {
        refuse()
      }
      disconnect() {}
    }
    return {
      open: refuse,
      close: ignore,
      url: ignore,
      waitForDebugger: refuse,
      console: globalThis.console,
      Session,
      Network: Object.fromEntries(networkEvents.map((name) => [name, ignore])),
      NetworkResources: { put: ignore },
    }
  },
  'inspector/promises': (_context, load) => load('inspector'),
  trace_events: (context) => ({
    createTracing(_options: unknown) {
      throw context.unavailable('Trace events are not available in the sandbox: a browser tells no program of them.')
    },
    getEnabledCategories: () => undefined,
  }),
  // Named in stacks.
  'internal/modules/run_main': () => ({}),
  'internal/main/run_main_module': () => ({}),
  'internal/modules/typescript': () => ({ stripTypeScriptModuleTypes: (code: string) => code }),
}
