import { isFirefox } from '../../../../engine'
import type { ProcessHost } from '../../../host'
import type { Thread } from '../../../kernel-client/kernel-client'
import { splitOptions } from '../../node-arguments'
import { natives } from '../natives'
import type { Binding, BindingContext } from './context'
import type { MailMemory } from './early-mail'
import { handleWrapOf } from './handle-wrap'
import { portToolsOf } from './message-port'
import { shareFilesByMemory, stopSharingFiles } from './shared-memory'

/** What a thread starts with; see `thread.ts`. */
export interface ThreadData {
  threadId: number
  name: string
  port: MessagePort
  mail: MailMemory | null
  resourceLimits: number[]
  /** The last number that a thread of the process got; null where threads share no memory, and in Firefox. */
  counter: SharedArrayBuffer | null
  /** Options of the engine, which all threads have. */
  engineFlags: string[]
}

/** Time for messages that were sent before the end of a thread to come in by their own ways. */
const lastMessagesMs = 20
/** There a message with shared memory in it may get lost, and the thread with it. */
const inFirefox = isFirefox()
const defaultLimits = [48, 2048, 0, 4]

export function createWorkerBinding(context: BindingContext): Binding {
  const ports = portToolsOf(context)
  const HandleWrap = handleWrapOf(context)
  const isThread = () => threadData() !== null
  const ownCounter = typeof SharedArrayBuffer === 'function' && !inFirefox ? new SharedArrayBuffer(4) : null
  let lastThreadId = 0
  let envPort: MessagePort | undefined
  let host: ProcessHost | null = null
  context.onLeave(stopSharingFiles)
  context.onStart((given) => {
    host = given
    if (isThread()) shareFilesByMemory(given)
  })

  function threadData(): ThreadData | null {
    return host?.kernel?.thread ? (host.kernel.thread.data as ThreadData) : null
  }

  function nextThreadId(): number {
    const counter = threadData()?.counter ?? ownCounter
    if (counter) return Atomics.add(new Int32Array(counter), 0, 1) + 1
    lastThreadId += 1
    return (threadData()?.threadId ?? 0) * 1000 + lastThreadId
  }

  class Worker extends HandleWrap {
    readonly threadId: number
    readonly threadName: string
    readonly messagePort: MessagePort
    /** What the library refuses to start with. */
    readonly invalidExecArgv: string[] | undefined
    readonly invalidNodeOptions: string[] | undefined
    readonly #portOfThread: MessagePort
    readonly #env: Record<string, string>
    readonly #execArgv: string[]
    readonly #limits: number[]
    #thread: Thread | null = null

    constructor(
      _url: string | null,
      env: Record<string, string> | null,
      execArgv: string[] | undefined,
      limits: Float64Array,
      _trackUnmanagedFds: boolean,
      _isInternal: boolean,
      name = '',
    ) {
      super('WORKER')
      this.threadId = nextThreadId()
      this.threadName = name
      const complaints = (argv: string[]) => {
        const { invalidInThread } = context.internalBinding('options') as { invalidInThread(argv: string[]): string[] }
        const invalid = invalidInThread(argv)
        return invalid.length > 0 ? invalid : undefined
      }
      this.invalidExecArgv = complaints(execArgv ?? [])
      if (env && env.NODE_OPTIONS !== (context.process.env as Record<string, string>).NODE_OPTIONS)
        this.invalidNodeOptions = complaints(splitOptions(env.NODE_OPTIONS ?? ''))
      this.#env = { ...(env ?? (context.process.env as Record<string, string>)) }
      this.#execArgv = execArgv ?? (context.process.execArgv as string[])
      this.#limits = Array.from(limits, (limit, index) => (limit > 0 ? limit : (defaultLimits[index] ?? 0)))
      const { port1, port2 } = ports.createChannel()
      this.messagePort = port1
      this.#portOfThread = port2
    }

    startThread(): number {
      const { kernel } = context.host
      if (!kernel) throw context.unavailable('Threads need the machine, which this process does not have.')
      shareFilesByMemory(context.host)
      const data: ThreadData = {
        threadId: this.threadId,
        name: this.threadName,
        ...ports.release(this.#portOfThread),
        resourceLimits: this.#limits,
        counter: threadData()?.counter ?? ownCounter,
        engineFlags: (context.process.execArgv as string[]).filter((flag) => flag.startsWith('--expose')),
      }
      const request = {
        argv: ['node', ...this.#execArgv],
        cwd: (context.process.cwd as () => string)(),
        env: this.#env,
        detached: false,
        stdio: [{ kind: 'ignore' } as const, { kind: 'inherit', fd: 1 } as const, { kind: 'inherit', fd: 2 } as const],
      }
      this.#thread = kernel.spawnThread(request, data, [data.port])
      this.setActive(true)
      this.#thread.onExit((exitCode, signal) =>
        natives.setTimeout(() => this.#end(signal ? 1 : exitCode), lastMessagesMs),
      )
      return 0
    }

    stopThread(): void {
      this.#thread?.kill('SIGKILL')
    }

    getResourceLimits(): Float64Array {
      return Float64Array.from(this.#limits)
    }

    loopStartTime(): number {
      return this.#thread ? 0 : -1
    }

    loopIdleTime(): number {
      return 0
    }

    #end(exitCode: number): void {
      this.#thread = null
      this.setActive(false)
      this.makeCallback('onexit', exitCode, null, null)
      context.callback(ports.threadEnded, undefined, this.messagePort)
      this.vanish()
    }
  }

  return {
    ...context.constants('worker'),
    Worker,
    isInternalThread: false,
    get isMainThread() {
      return !isThread()
    },
    get ownsProcessState() {
      return !isThread()
    },
    get threadId() {
      return threadData()?.threadId ?? 0
    },
    get threadName() {
      return threadData()?.name ?? 'main'
    },
    get resourceLimits() {
      return Float64Array.from(threadData()?.resourceLimits ?? [])
    },
    getEnvMessagePort() {
      const data = threadData()
      if (data) envPort ??= ports.adopt(data.port, data.mail)
      return envPort
    },
  }
}
