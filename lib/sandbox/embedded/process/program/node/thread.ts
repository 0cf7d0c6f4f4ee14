import type { BindingContext } from './binding/context'
import type { ThreadData } from './binding/worker'
import { installEngineFlags } from './library/engine-flags'
import { natives } from './natives'
import type { Runtime } from './runtime'

/** What the parent's half of Node's library sends first. */
interface LoadScript {
  argv?: string[]
  filename: string
  doEval: false | 'classic' | 'data-url' | 'internal'
  workerData: unknown
  environmentData: unknown
  hasStdin: boolean
  publicPort: NodePort
  mainThreadPort: NodePort
  cwdCounter: unknown
}

interface NodePort {
  on(event: 'message', listener: (message: { type: string } & Record<string, unknown>) => void): void
  postMessage(message: unknown): void
  unref(): void
}

interface WorkerIo {
  messageTypes: Record<string, string>
  kStdioWantsMoreDataCallback: symbol
  createWorkerStdio(): Record<'stdin' | 'stdout' | 'stderr', object>
  sharedCwdCounter: unknown
}

export interface ThreadScripts {
  runFile(path: string): Promise<void>
  runText(code: string): Promise<void>
  runModule(code: string): Promise<void>
}

/** Runs in a Worker that is a thread: Node's `internal/main/worker_thread`, on this loader. */
export function startThread({ library, process }: Runtime, scripts: ThreadScripts): Promise<void> {
  const { context } = library
  const io = library.require<WorkerIo>('internal/worker/io')
  const { LOAD_SCRIPT, UP_AND_RUNNING, STDIO_PAYLOAD } = io.messageTypes
  const port = context.internalBinding('worker').getEnvMessagePort instanceof Function ? envPort(context) : null
  if (!port) throw new Error('This Worker is no thread.')
  const stdio = io.createWorkerStdio()
  for (const [name, stream] of Object.entries(stdio)) {
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => stream })
  }
  forbidProcessState(context)
  const { engineFlags = [] } = (context.host.kernel?.thread?.data ?? {}) as Partial<ThreadData>
  installEngineFlags(engineFlags)
  library.onFatal((error) => tellError(context, port, io.messageTypes, error))
  // What waits for the parent to take more goes out before the end.
  const { reallyExit } = process as unknown as { reallyExit(code: number): never }
  process.reallyExit = (code: number) => {
    for (const name of ['stdout', 'stderr'] as const)
      (stdio[name] as Record<symbol, () => void>)[io.kStdioWantsMoreDataCallback]?.()
    reallyExit(code)
  }

  function load(message: LoadScript): Promise<void> {
    port?.unref()
    const publicModule = library.require<Record<string, unknown>>('worker_threads')
    Object.assign(publicModule, { parentPort: message.publicPort, workerData: message.workerData })
    library
      .require<{ assignEnvironmentData(data: unknown): void }>('internal/worker')
      .assignEnvironmentData(message.environmentData)
    library
      .require<{ setupMainThreadPort(port: NodePort): void }>('internal/worker/messaging')
      .setupMainThreadPort(message.mainThreadPort)
    io.sharedCwdCounter = message.cwdCounter
    if (!message.hasStdin) (stdio.stdin as { push(end: null): void }).push(null)
    port?.postMessage({ type: UP_AND_RUNNING })
    if (message.doEval === 'classic') {
      process.argv = [process.argv[0] ?? 'node', '[worker eval]', ...(message.argv ?? [])]
      return scripts.runText(message.filename)
    }
    process.argv = [process.argv[0] ?? 'node', message.filename, ...(message.argv ?? [])]
    if (message.doEval === 'data-url') return Promise.resolve(message.filename).then(textOfUrl).then(scripts.runModule)
    return scripts.runFile(message.filename)
  }

  return new Promise((resolve, reject) => {
    port.on('message', (message) => {
      if (message.type === LOAD_SCRIPT) load(message as unknown as LoadScript).then(resolve, reject)
      else takeStdio(message, message.type === STDIO_PAYLOAD)
    })
  })

  function takeStdio({ stream, chunks }: Record<string, unknown>, hasData: boolean) {
    const target = stdio[stream as keyof typeof stdio] as { push(chunk: unknown, encoding: unknown): void } & Record<
      symbol,
      () => void
    >
    if (!hasData) target[io.kStdioWantsMoreDataCallback]?.()
    else
      for (const { chunk, encoding } of chunks as { chunk: unknown; encoding: unknown }[]) target.push(chunk, encoding)
  }
}

/** The text of `data:text/javascript,…`. */
function textOfUrl(url: string): string {
  const [, head = '', body = ''] = /^data:([^,]*),(.*)$/s.exec(url) ?? []
  if (!/^(text|application)\/javascript\b/.test(head)) {
    const error = new Error(`Unknown module format: ${head} for URL ${url}`)
    throw Object.assign(error, { code: 'ERR_UNKNOWN_MODULE_FORMAT' })
  }
  const text = decodeURIComponent(body)
  return head.endsWith(';base64') ? decodeUtf8(Uint8Array.from(atob(text), (char) => char.charCodeAt(0))) : text
}

const decodeUtf8 = (bytes: Uint8Array) => new natives.TextDecoder().decode(bytes)

function envPort(context: BindingContext): NodePort | null {
  const { getEnvMessagePort } = context.internalBinding('worker') as { getEnvMessagePort(): NodePort | undefined }
  return getEnvMessagePort() ?? null
}

/** What belongs to the whole process is not a thread's to change. */
function forbidProcessState(context: BindingContext): void {
  const { process } = context
  const { unavailable } = context.require<{ unavailable(name: string): () => never }>(
    'internal/process/worker_thread_only',
  )
  for (const name of [
    'abort',
    'chdir',
    'initgroups',
    'setegid',
    'seteuid',
    'setgid',
    'setgroups',
    'setuid',
    'send',
    'disconnect',
  ]) {
    if (process[name] !== undefined) process[name] = unavailable(`process.${name}()`)
  }
}

function tellError(context: BindingContext, port: NodePort, types: Record<string, string>, error: unknown): void {
  const { process } = context
  if (process._exiting !== true) {
    process._exiting = true
    process.exitCode = 1
    ;(process.emit as (event: string, code: number) => void)('exit', 1)
  }
  try {
    const { serializeError } = context.require<{ serializeError(error: unknown): unknown }>('internal/error_serdes')
    port.postMessage({ type: types.ERROR_MESSAGE, error: serializeError(error) })
  } catch {
    // Node, too, only says that there was an error when it cannot say which.
    port.postMessage({ type: types.COULD_NOT_SERIALIZE_ERROR })
  }
  ;(process.reallyExit as (code: number) => never)(Number(process.exitCode ?? 1))
}
