import type { BindingContext } from '../binding/context'

type Require = <T = Record<string, unknown>>(id: string) => T

/** Internal modules whose work the sandbox does itself: module id → its exports. */
export const replacements: Record<string, (context: BindingContext, require: Require) => unknown> = {
  // Modules are loaded by `loader/`; these are what the rest of the library expects beside them.
  'internal/modules/cjs/loader': () => ({
    Module: class Module {},
    wrapSafe: () => undefined,
    initializeCJS: () => undefined,
  }),
  'internal/modules/esm/utils': () => ({
    initializeESM: () => undefined,
    registerModule: () => undefined,
    registerImportModuleDynamically: () => undefined,
    importModuleDynamicallyCallback: () => undefined,
    getDefaultConditions: () => ['node', 'import'],
  }),
  'internal/modules/esm/loader': (context) => ({
    getOrInitializeCascadedLoader() {
      throw context.unavailable('Modules of the sandbox cannot be customized: there are no loader hooks in it.')
    },
  }),
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
  'internal/modules/run_main': () => ({}),
  'internal/modules/typescript': () => ({ stripTypeScriptModuleTypes: (code: string) => code }),
}
