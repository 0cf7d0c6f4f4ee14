import { projectRoot } from '../../../host'
import { parseEnv } from '../../../parse-env'
import { resolve } from '../../builtins/path'
import { immediateRefCount } from '../loop'
import { natives } from '../natives'
import type { Binding, BindingContext } from './context'
import { createEnvironment } from './environment'
import { createMemoryMeter } from './memory'
import { killProcess } from './signal-wrap'

export function createProcessMethodsBinding(context: BindingContext): Binding {
  const hrtimeBuffer = new Uint32Array(3)
  const hrtimeBig = new BigUint64Array(hrtimeBuffer.buffer, 0, 1)
  const startedAt = natives.now()
  const measure = createMemoryMeter(context)
  const resident = () => measure().heapTotal + measure().external
  const { timeoutInfo, immediateInfo } = context.loop.timers
  let mask = 0o022
  let directory: string | null = null
  const nanoseconds = () => BigInt(Math.round((natives.timeOrigin + natives.now()) * 1e6))
  const setOption = (name: string) =>
    (context.internalBinding('options') as { setArguments(argv: string[]): void }).setArguments([name])

  const getOptions = () =>
    (context.internalBinding('options') as { getCLIOptionsValues(): Record<string, unknown> }).getCLIOptionsValues()
  const folder = () => directory ?? context.host.cwd

  /** Fails when the folder that the program went to is gone. */
  function cwd() {
    if (directory !== null && !context.host.fs.exists(directory)) throw context.uvError('ENOENT', 'uv_cwd')
    return folder()
  }

  function chdir(path: string) {
    const { fs } = context.host
    const target = path.startsWith('/') ? path : `${folder()}/${path}`
    const fail = (code: string) => context.uvError(code, 'chdir', { path: folder(), dest: path })
    if (!fs.exists(target)) throw fail('ENOENT')
    if (fs.stat(target).kind !== 'directory') throw fail('ENOTDIR')
    directory = resolve(target)
  }

  return {
    hrtimeBuffer,
    hrtime() {
      const now = nanoseconds()
      const seconds = now / 1_000_000_000n
      hrtimeBuffer[0] = Number(seconds >> 32n)
      hrtimeBuffer[1] = Number(seconds & 0xffffffffn)
      hrtimeBuffer[2] = Number(now % 1_000_000_000n)
    },
    hrtimeBigInt() {
      hrtimeBig[0] = nanoseconds()
    },
    uptime: () => (natives.now() - startedAt) / 1000,
    cwd,
    /** Where the program is, even if that is gone. */
    folder,
    chdir,
    umask(next?: number) {
      const before = mask
      if (next !== undefined) mask = next & 0o777
      return before
    },
    memoryUsage(fields: Float64Array) {
      const { heapUsed, heapTotal, external } = measure()
      fields.set([resident(), heapTotal, heapUsed, external, 0])
    },
    rss: resident,
    constrainedMemory: () => measure().limit,
    availableMemory: () => measure().limit - resident(),
    // The browser tells no processor times: what passed is what a busy process would have used.
    cpuUsage(fields: Float64Array) {
      fields.set([Math.round((natives.now() - startedAt) * 1000), 0])
    },
    threadCpuUsage(fields: Float64Array) {
      fields.set([Math.round((natives.now() - startedAt) * 1000), 0])
    },
    resourceUsage(fields: Float64Array) {
      fields.fill(0)
      fields[0] = Math.round((natives.now() - startedAt) * 1000)
      fields[2] = Math.round(resident() / 1024)
    },
    _getActiveRequests: () => [],
    _getActiveHandles: () => [],
    // Of what keeps the process, only timers are told apart.
    getActiveResourcesInfo: () => [
      ...Array<string>(timeoutInfo[0] ?? 0).fill('Timeout'),
      ...Array<string>(immediateInfo[immediateRefCount] ?? 0).fill('Immediate'),
    ],
    _kill: (pid: number, signal: number) => killProcess(context, pid, signal),
    _rawDebug: (text: string) => context.host.stderr(`${text}\n`),
    _debugProcess() {
      throw context.unavailable('There is no debugger in the sandbox: use console.log, or run the project with Node.')
    },
    _debugEnd: () => undefined,
    _startProfilerIdleNotifier: () => undefined,
    _stopProfilerIdleNotifier: () => undefined,
    abort() {
      context.host.stderr('Aborted\n')
      context.host.exit(134)
    },
    causeSegfault: () => context.host.exit(139),
    dlopen(_module: unknown, path: string) {
      throw context.unavailable(
        `“${path}” is a native addon, which a browser cannot load. Look for a version of the package in WebAssembly.`,
      )
    },
    execve() {
      throw context.unavailable('process.execve cannot replace a process of the sandbox: use child_process.spawn.')
    },
    reallyExit(code?: number) {
      if (getOptions()['--trace-exit'] === true) {
        const { threadId } = context.internalBinding('worker')
        const stack = String(new Error().stack).split('\n').slice(1).join('\n')
        context.host.stderr(
          `(node:${context.host.pid}, thread:${threadId}) WARNING: Exited the environment with code ${Number(code ?? 0)}\n${stack}\n`,
        )
      }
      context.host.exit(Number(code ?? 0))
    },
    loadEnvFile(path = '.env') {
      const file = resolve(folder(), path)
      if (!context.host.fs.exists(file)) throw context.uvError('ENOENT', 'open', { path })
      const values = parseEnv(new TextDecoder().decode(context.host.fs.readFile(file)))
      const env = context.process.env as Record<string, string>
      for (const [name, value] of Object.entries(values)) env[name] ??= value
    },
    setEmitWarningSync: () => undefined,
    patchProcessObject(process: Record<PropertyKey, unknown>) {
      const { host } = context
      directory = null
      let title = String(getOptions()['--title'] || 'node')
      Object.defineProperty(process, 'title', {
        configurable: true,
        enumerable: true,
        get: () => title,
        set: (value) => {
          title = String(value)
        },
      })
      const define = (name: string, value: unknown) =>
        Object.defineProperty(process, name, { value, writable: true, configurable: true, enumerable: true })
      define('argv', [host.invoked?.argv0 ?? host.argv[0], ...host.argv.slice(1)])
      define('execArgv', [])
      define('env', createEnvironment(context, host.env))
      define('pid', host.pid)
      define('ppid', host.kernel?.parentPid ?? 1)
      define('execPath', host.invoked?.path ?? '/usr/bin/node')
      define('debugPort', 9229)
      if (host.env.NODE_OPTIONS) for (const flag of host.env.NODE_OPTIONS.split(/\s+/)) if (flag !== '') setOption(flag)
    },
    projectRoot,
  }
}
