import { createThread } from '@/lib/agent/thread/thread'
import type { Thread, ThreadOptions } from '@/lib/agent/thread/types'
import { createStore, VitrineError } from '@/lib/base'
import { ownKeyHeader } from '@/lib/models'
import type { DeviceModels } from './models/device-model'
import type { AvailableModels } from './models/load-models'
import type { OwnKey } from './models/own-key'
import type { Agent, AgentState } from './types'

/** The models come from the server, whenever it answers. */
export type OpenThread = Omit<ThreadOptions, 'models'>

/** The agent of a session: one stable object over the thread of the moment. */
export interface AgentFacade extends Agent {
  readonly thread: Thread
  /** Puts another thread in its place; a running turn is stopped first. */
  open(options: OpenThread): Promise<void>
}

export interface AgentGuard {
  /** Throws when the agent may not run here (restricted, read-only). */
  assertMayRun(): void
  newThreadOptions(): OpenThread
  /** Never rejects. The thread can be read at once; turns wait for it. */
  models: Promise<AvailableModels>
  ownKey: OwnKey
  device: DeviceModels
  /** Asks anew, with these headers; rejects with the server's sentence. */
  askForModels(headers: Record<string, string>): Promise<AvailableModels>
}

export function createAgentFacade(initial: OpenThread, guard: AgentGuard): AgentFacade {
  let models: AvailableModels['models'] = []
  let filters: AgentState['filters'] = 'basic'
  let ownKeys: AgentState['ownKeys'] = 'off'
  let thread = createThread({ ...initial, models })
  const toState = (): AgentState => ({
    ...thread.state.getState(),
    filters,
    ownKeys,
    ownKey: guard.ownKey.state.getState().place,
    download: guard.device.state.getState().download,
  })
  const state = createStore<AgentState>(toState)
  const follow = () => thread.state.subscribe(() => state.setState(toState()))
  let unfollow = follow()

  /** A remembered model that the server no longer offers gives way to its default. */
  const choose = (model: string) => (models.some(({ id }) => id === model) ? model : (models[0]?.id ?? model))
  const offer = (available: AvailableModels) => {
    models = available.models
    filters = available.filters
    ownKeys = available.ownKeys
    thread.state.setState({ models, model: choose(thread.state.getState().model) })
  }
  const modelsReady = guard.models.then(guard.device.beside).then(offer)
  guard.device.state.subscribe(({ contextWindow }) => {
    // What the browser's model holds is known once it has been asked.
    models = models.map((info) =>
      info.kind === 'device' && contextWindow !== null ? { ...info, contextWindow, needsDownload: false } : info,
    )
    thread.state.setState({ models })
    state.setState(toState())
  })
  const run = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    guard.assertMayRun()
    await modelsReady
    guard.assertMayRun()
    return task()
  }

  const open = async (options: OpenThread) => {
    await thread.stop()
    unfollow()
    thread = createThread({ ...options, models, model: choose(options.model) })
    unfollow = follow()
    state.setState(toState(), true)
  }

  return {
    state,
    get thread() {
      return thread
    },
    open,
    send: (text, options) => run(() => thread.send(text, options)),
    resume: () => run(() => thread.resume()),
    async stop() {
      // What was sent before the models came is running by then.
      await modelsReady
      await thread.stop()
    },
    async steer(text) {
      guard.assertMayRun()
      thread.steer(text)
    },
    enqueue: (text, options) => run(async () => thread.enqueue(text, options)),
    unqueue: (id) => thread.unqueue(id),
    sendQueued: () =>
      run(async () => {
        await thread.sendQueued()
      }),
    async approve(id, decision, reason) {
      guard.assertMayRun()
      thread.approve(id, decision, reason)
    },
    async answer(id, answers) {
      guard.assertMayRun()
      thread.answer(id, answers)
    },
    async choose(choice) {
      guard.assertMayRun()
      thread.choose(choice)
    },
    async endAttempts() {
      thread.endAttempts()
    },
    setPolicy: (policy) => thread.state.setState({ policy }),
    setModel: (model) => thread.state.setState({ model }),
    setSettings: (settings) => thread.state.setState(settings),
    async useOwnKey(key, options) {
      await modelsReady
      // Its thoughts are sealed for the key that they were made with.
      if (thread.state.getState().running) {
        throw new VitrineError('invalid_request', 'A turn is running: stop it, or wait until it is done.')
      }
      // Tried before it is kept: a key that is refused leaves no trace.
      const available = await guard.askForModels({ [ownKeyHeader]: key })
      guard.ownKey.set(key, options)
      offer(await guard.device.beside(available))
    },
    async forgetOwnKey() {
      await modelsReady
      guard.ownKey.forget()
      state.setState(toState())
      offer(await guard.device.beside(await guard.askForModels({})))
    },
    newThread: () => open(guard.newThreadOptions()),
    compact: () => run(() => thread.compact()),
    undoCompaction: () => run(() => thread.undoCompaction()),
    inspect: () => thread.inspect(),
    history: () => thread.history(),
  }
}
