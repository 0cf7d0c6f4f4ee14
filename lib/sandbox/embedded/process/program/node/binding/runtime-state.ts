// Bindings that tell Node's library where it runs: fixed answers and switches, a few lines each.
import { moduleTools } from '../../loader/vm-module'
import type { createModuleWrap } from '../library/module-wrap'
import { natives } from '../natives'
import type { Binding, BindingContext } from './context'
import { createMemoryMeter, machineMemory } from './memory'

export const createConfigBinding = ({ constants }: BindingContext): Binding => ({
  ...constants('config'),
  hasInspector: false,
  hasTracing: false,
  fipsMode: false,
  getDefaultLocale: () => undefined,
})

/** No program here is a single executable file. */
export const createSeaBinding = (): Binding => ({
  isSea: () => false,
  getAsset: () => undefined,
  getAssetKeys: () => [],
})

export const createConstantsBinding = ({ constants }: BindingContext): Binding => constants('constants')

export const createSymbolsBinding = ({ symbols }: BindingContext): Binding => ({ ...symbols })

export const createTaskQueueBinding = (context: BindingContext): Binding => ({
  ...context.constants('task_queue'),
  tickInfo: context.loop.tickInfo,
  enqueueMicrotask: natives.queueMicrotask,
  setTickCallback: (processTicks: () => void) =>
    context.loop.connect({
      processTicks: () => processTicks.call(context.process),
      onError: (error) => context.reportUncaught(error),
    }),
  // They run by themselves as soon as the present callback has returned.
  runMicrotasks: () => undefined,
  setPromiseRejectCallback(handle: (type: number, promise: Promise<unknown>, reason: unknown) => void) {
    context.onRejection(handle)
  },
})

export const createTimersBinding = ({ loop, process }: BindingContext): Binding => ({
  ...loop.timers,
  setupTimers: (...run: Parameters<typeof loop.timers.setupTimers>) =>
    loop.timers.setupTimers(run[0].bind(process), run[1].bind(process)),
})

export const createTraceEventsBinding = (): Binding => ({
  available: false,
  getEnabledCategories: () => undefined,
  setTraceCategoryStateUpdateHandler: () => undefined,
  getCategoryEnabledBuffer: () => new Uint8Array(1),
  isTraceCategoryEnabled: () => false,
  trace: () => undefined,
})

export const createSnapshotBinding = ({ constants }: BindingContext): Binding => ({
  ...constants('mksnapshot'),
  setSerializeCallback: () => undefined,
  setDeserializeCallback: () => undefined,
  setDeserializeMainFunction: () => undefined,
  isBuildingSnapshotBuffer: new Uint8Array(1),
})

export const createCredentialsBinding = (context: BindingContext): Binding => ({
  implementsPosixCredentials: true,
  safeGetenv: (name: string) => (context.process.env as Record<string, string> | undefined)?.[name],
  getTempDir() {
    const { TMPDIR, TMP, TEMP } = context.process.env as Record<string, string>
    return (TMPDIR || TMP || TEMP || '/tmp').replace(/(.)\/$/, '$1')
  },
  getuid: () => 1000,
  geteuid: () => 1000,
  getgid: () => 1000,
  getegid: () => 1000,
  getgroups: () => [1000],
  ...Object.fromEntries(
    ['initgroups', 'setgroups', 'setegid', 'seteuid', 'setgid', 'setuid'].map((name) => [
      name,
      (...given: unknown[]) => {
        const unknown = given.flat().findIndex((id) => typeof id === 'string' && !knownNames.has(id))
        if (unknown !== -1) return unknown + 1
        throw context.uvError('EPERM', name)
      },
    ]),
  ),
})

/** Of users and their groups. */
const knownNames = new Set(['root', 'vitrine'])

export const createPermissionBinding = (): Binding => ({ has: () => true })

export const createWasmWebApiBinding = (): Binding => ({ setImplementation: () => undefined })

export const createModuleWrapBinding = (context: BindingContext): Binding => {
  type Late = { createModuleWrap: typeof createModuleWrap }
  let made: ReturnType<typeof createModuleWrap> | undefined
  return {
    ...context.constants('module_wrap'),
    /** The library looks at the class when it starts; few programs make any. */
    ModuleWrap: function ModuleWrap(...values: ConstructorParameters<ReturnType<typeof createModuleWrap>>) {
      made ??= context.bundle<Late>('node-late').createModuleWrap(context, moduleTools)
      return new made(...values)
    },
    setImportModuleDynamicallyCallback: () => undefined,
    setInitializeImportMetaObjectCallback: () => undefined,
  }
}

const noSuchProcess = (syscall: string) => ({ errno: -3, code: 'ESRCH', message: 'no such process', syscall })

export const createOsBinding = (context: BindingContext): Binding => {
  const cores = natives.hardwareConcurrency
  const measure = createMemoryMeter(context)
  const home = () => (context.process.env as Record<string, string>).HOME ?? context.host.cwd
  const withText = (text: string) => text
  /** Kept, not heeded: the browser gives all Workers the same. */
  const priorities = new Map<number, number>()
  return {
    ...context.constants('os'),
    isBigEndian: false,
    getHostname: () => 'vitrine',
    getLoadAvg: (fields: Float64Array) => void fields.fill(0),
    getUptime: () => Math.round(natives.now() / 1000),
    getTotalMem: machineMemory,
    getFreeMem: () => machineMemory() - measure().heapTotal - measure().external,
    getCPUs: () => Array.from({ length: cores }, () => ['Browser', 0, 0, 0, 0, 0, 0]).flat(),
    getInterfaceAddresses: () => ['lo', '127.0.0.1', '255.0.0.0', 'IPv4', '00:00:00:00:00:00', true, -1],
    getHomeDirectory: home,
    getUserInfo: (options: { encoding?: string } = {}) => {
      const encode = (text: string) =>
        options?.encoding === 'buffer'
          ? context.require<{ Buffer: { from(text: string): Uint8Array } }>('buffer').Buffer.from(text)
          : withText(text)
      const name = (context.process.env as Record<string, string>).USER ?? 'vitrine'
      return { uid: 1000, gid: 1000, username: encode(name), homedir: encode(home()), shell: encode('/bin/sh') }
    },
    setPriority(pid: number, priority: number, problem: object) {
      if (pid < 0) return Object.assign(problem, noSuchProcess('uv_os_setpriority')).errno
      priorities.set(pid || context.host.pid, priority)
      return 0
    },
    getPriority(pid: number, problem: object) {
      if (pid >= 0) return priorities.get(pid || context.host.pid) ?? 0
      Object.assign(problem, noSuchProcess('uv_os_getpriority'))
      return undefined
    },
    getAvailableParallelism: () => cores,
    getOSInformation: () => ['Linux', '#1 SMP', '6.1.0', 'x86_64'],
  }
}
