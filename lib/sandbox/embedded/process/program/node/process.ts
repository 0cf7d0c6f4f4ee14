import type { ProcessHost } from '../../host'
import { Buffer } from '../builtins/buffer'
import { EventEmitter } from '../builtins/events'
import { nodeError } from '../loader/errors'
import type { Pending } from './pending'

/** The release whose behaviour programs see. */
export const nodeVersion = '20.20.2'

export interface NodeProcess extends EventEmitter {
  exitCode: number | undefined
  argv: string[]
  execArgv: string[]
  env: Record<string, string>
  cwd(): string
  exit(code?: number): never
  /** Announces the end and answers the exit code. */
  finish(code?: number): number
}

/** The global `process`. */
export function createProcess(host: ProcessHost, pending: Pending): NodeProcess {
  const startedAt = performance.now()
  let cwd = host.cwd
  let isExiting = false
  const process = new EventEmitter() as unknown as NodeProcess & Record<string, unknown>

  const finish = (code?: number) => {
    if (code !== undefined) process.exitCode = code
    if (!isExiting) {
      isExiting = true
      process.emit('exit', process.exitCode ?? 0)
    }
    return process.exitCode ?? 0
  }

  function hrtime(previous?: [number, number]): [number, number] {
    const ms = performance.now()
    const now: [number, number] = [Math.floor(ms / 1000), Math.floor((ms % 1000) * 1e6)]
    if (previous === undefined) return now
    const nanoseconds = now[1] - previous[1]
    return [now[0] - previous[0] - (nanoseconds < 0 ? 1 : 0), nanoseconds < 0 ? nanoseconds + 1e9 : nanoseconds]
  }

  Object.assign(process, {
    title: 'node',
    argv: host.argv,
    argv0: 'node',
    execArgv: [],
    execPath: '/usr/local/bin/node',
    pid: host.pid,
    ppid: 1,
    platform: 'linux',
    arch: 'x64',
    version: `v${nodeVersion}`,
    versions: { node: nodeVersion, v8: '11.3.244.8-node.33' },
    release: { name: 'node', lts: 'Iron' },
    features: { typescript: 'strip' },
    config: { variables: {} },
    env: textValues(host.env),
    exitCode: undefined,
    stdout: createOutput(host, 1, host.stdout),
    stderr: createOutput(host, 2, host.stderr),
    stdin: createInput(host, pending),
    cwd: () => cwd,
    chdir(path: string) {
      const target = path.startsWith('/') ? path : `${cwd}/${path}`
      if (host.fs.stat(target).kind !== 'directory') {
        throw Object.assign(new Error(`ENOTDIR: not a directory, chdir '${path}'`), {
          code: 'ENOTDIR',
          syscall: 'chdir',
        })
      }
      cwd = target.replace(/\/+$/, '') || '/'
    },
    exit: (code?: number) => host.exit(finish(code)),
    finish,
    abort: () => host.exit(134),
    kill(pid: number) {
      if (pid === host.pid) host.exit(143)
      throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH', errno: -3, syscall: 'kill' })
    },
    nextTick: (callback: (...values: unknown[]) => void, ...values: unknown[]) =>
      queueMicrotask(() => callback(...values)),
    hrtime: Object.assign(hrtime, { bigint: () => BigInt(Math.round(performance.now() * 1e6)) }),
    uptime: () => (performance.now() - startedAt) / 1000,
    memoryUsage: () => {
      const memory = Reflect.get(performance, 'memory') as
        | { usedJSHeapSize: number; totalJSHeapSize: number }
        | undefined
      if (memory === undefined)
        throw nodeError('ERR_FEATURE_UNAVAILABLE', 'This browser does not tell how much memory a page uses.')
      const { usedJSHeapSize: heapUsed, totalJSHeapSize: heapTotal } = memory
      return { rss: heapTotal, heapTotal, heapUsed, external: 0, arrayBuffers: 0 }
    },
    umask: () => 0o022,
    getuid: () => 1000,
    getgid: () => 1000,
    emitWarning(warning: string | Error, type: string | { type?: string } = 'Warning') {
      const name = warning instanceof Error ? warning.name : typeof type === 'string' ? type : (type.type ?? 'Warning')
      host.stderr(`(node:${host.pid}) ${name}: ${warning instanceof Error ? warning.message : warning}\n`)
    },
    [Symbol.toStringTag]: 'process',
  })

  host.onSignal((signal) => {
    if (!process.emit(signal, signal)) host.exit(finish(signal === 'SIGINT' ? 130 : 143))
  })
  return process
}

/** Environment values are strings; deleting works, anything assigned becomes text. */
function textValues(env: Record<string, string>): Record<string, string> {
  return new Proxy(
    { ...env },
    {
      set(target, key, value) {
        if (typeof key === 'string') target[key] = String(value)
        return true
      },
    },
  )
}

function createOutput(host: ProcessHost, fd: number, write: (data: string | Uint8Array) => void) {
  const { terminal } = host
  return Object.assign(new EventEmitter(), {
    fd,
    writable: true,
    isTTY: terminal === null ? undefined : true,
    columns: terminal?.columns,
    rows: terminal?.rows,
    getColorDepth: () => (terminal === null ? 1 : 8),
    hasColors: () => terminal !== null,
    write(data: string | Uint8Array, encoding?: unknown, done?: unknown) {
      write(typeof data === 'string' ? data : Uint8Array.from(data))
      const callback = typeof encoding === 'function' ? encoding : done
      if (typeof callback === 'function') queueMicrotask(() => callback())
      return true
    },
    end(data?: string | Uint8Array) {
      if (data !== undefined) write(data)
    },
  })
}

/** `process.stdin`: flowing once somebody listens, and then what keeps the process alive until it ends. */
class Input extends EventEmitter {
  readonly fd = 0
  readonly isTTY: boolean | undefined
  #encoding: string | null = null
  #start: (() => void) | null

  constructor(host: ProcessHost, pending: Pending) {
    super()
    this.isTTY = host.terminal === null ? undefined : true
    this.#start = () => {
      const release = pending.hold()
      host.stdin.onData((data) =>
        this.emit('data', this.#encoding === null ? Buffer.from(data) : new TextDecoder().decode(data)),
      )
      host.stdin.onEnd(() => {
        this.emit('end')
        this.emit('close')
        release()
      })
    }
  }

  override on(name: string | symbol, listener: (...values: unknown[]) => unknown) {
    super.on(name, listener)
    if (name === 'data' || name === 'end') this.resume()
    return this
  }

  override once(name: string | symbol, listener: (...values: unknown[]) => unknown) {
    super.once(name, listener)
    if (name === 'data' || name === 'end') this.resume()
    return this
  }

  resume() {
    this.#start?.()
    this.#start = null
    return this
  }

  pause() {
    return this
  }

  setEncoding(encoding = 'utf8') {
    this.#encoding = encoding
    return this
  }

  async *[Symbol.asyncIterator]() {
    const chunks: unknown[] = []
    let isOver = false
    let wake = () => {}
    this.on('data', (chunk) => {
      chunks.push(chunk)
      wake()
    })
    this.on('end', () => {
      isOver = true
      wake()
    })
    for (;;) {
      while (chunks.length > 0) yield chunks.shift()
      if (isOver) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}

const createInput = (host: ProcessHost, pending: Pending) => new Input(host, pending)
