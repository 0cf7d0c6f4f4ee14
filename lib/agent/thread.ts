import { createEmitter, createId, createStore, type StoreApi, VitrineError } from '@/lib/base'
import type { Model, ModelInfo, ResponseItem } from '@/lib/models'
import type { PolicyMode } from '@/lib/safety'
import { createChoices } from './candidates/choices'
import type { AgentEvent, Approval, ApprovalDecision, TurnMode, TurnResult } from './events'
import { findInterrupted, foldHistory, type InterruptedTurn } from './history'
import { createCommandSessions } from './tools/command-session'
import type { CandidateChoice, CandidateQuestion, TurnDependencies } from './types'

type RunTurn = typeof import('./loop').runTurn

/** How often the live view is told of new events, at most. Milliseconds: one frame. */
const publishEveryMs = 16

export interface ThreadState {
  events: readonly AgentEvent[]
  running: boolean
  turnId: string | null
  approvals: readonly Approval[]
  policy: PolicyMode
  /** Rules allowed with “always”. */
  allowedRules: readonly string[]
  model: string
  models: readonly ModelInfo[]
  interrupted: boolean
  /** Set while the attempts at the running turn wait for one of them to be taken. */
  choice: CandidateQuestion | null
}

export interface ThreadOptions {
  id: string
  /** Journalled events of an earlier visit. */
  events: readonly AgentEvent[]
  policy: PolicyMode
  allowedRules: readonly string[]
  models: readonly ModelInfo[]
  model: string
  callModel: Model
  /** Makes events durable; resolves when they are. */
  save: (events: readonly AgentEvent[]) => Promise<void>
  /** Processor cores: how many attempts at a turn run at once. */
  cores?: number
  world: Pick<TurnDependencies, 'workspace' | 'sandbox' | 'synced' | 'checkpoint'>
}

/** A conversation and its running turn: what chat, page API and tests hold on to. */
export interface Thread {
  readonly id: string
  state: StoreApi<ThreadState>
  /** While a turn runs, the text joins it as steering and the running turn's result is returned. */
  send(text: string, options?: SendOptions): Promise<TurnResult>
  /** Goes on with a turn that a reload or a failure cut. */
  resume(): Promise<TurnResult>
  stop(): Promise<void>
  steer(text: string): void
  approve(id: string, decision: ApprovalDecision, reason?: string): void
  /** Takes one of the attempts that `state.choice` asks about, or has the others run again. */
  choose(choice: CandidateChoice): void
  /** Stops the attempts that still run; the choice is among those that have ended. */
  endAttempts(): void
  history(): readonly ResponseItem[]
}

export interface SendOptions {
  mode?: TurnMode
  model?: string
  /** Attempts at the turn, 1 to 8; see `candidates/`. */
  candidates?: number
}

/** More than anybody can compare. */
const maxCandidates = 8
const defaultCores = 4

interface RunningTurn {
  result: Promise<TurnResult>
  controller: AbortController
}

export function createThread(options: ThreadOptions): Thread {
  const events = [...options.events]
  let seq = (events.at(-1)?.seq ?? 0) + 1
  let running: RunningTurn | null = null
  let steering: string[] = []
  const sessions = createCommandSessions()
  const waiting = new Map<string, (answer: { decision: ApprovalDecision; reason?: string }) => void>()

  const state = createStore<ThreadState>(() => ({
    events: [...events],
    running: false,
    turnId: null,
    approvals: [],
    policy: options.policy,
    allowedRules: options.allowedRules,
    model: options.model,
    models: options.models,
    interrupted: findInterrupted(events) !== null,
    choice: null,
  }))
  const enough = createEmitter<void>()
  const choices = createChoices((choice) => state.setState({ choice }))

  const publish = createThrottle(publishEveryMs, () => state.setState({ events: [...events] }))
  const record = (event: AgentEvent) => {
    events.push(event)
    publish.soon()
  }

  const approve: TurnDependencies['approve'] = (approval, signal) =>
    new Promise((resolve, reject) => {
      const settle = () => {
        waiting.delete(approval.id)
        signal.removeEventListener('abort', onAbort)
        state.setState(({ approvals }) => ({ approvals: approvals.filter(({ id }) => id !== approval.id) }))
      }
      const onAbort = () => {
        settle()
        reject(signal.reason)
      }
      signal.throwIfAborted()
      signal.addEventListener('abort', onAbort)
      waiting.set(approval.id, (answer) => {
        settle()
        if (answer.decision === 'always' && approval.rule !== null) allowRule(approval.rule)
        resolve(answer)
      })
      state.setState(({ approvals }) => ({ approvals: [...approvals, approval] }))
    })

  const allowRule = (rule: string) =>
    state.setState(({ allowedRules }) => ({ allowedRules: [...new Set([...allowedRules, rule])] }))

  const start = (
    { text, mode, turnId, candidates }: Omit<InterruptedTurn, 'model'>,
    interrupted: boolean,
  ): RunningTurn => {
    const { model, models } = state.getState()
    const controller = new AbortController()
    const info = models.find(({ id }) => id === model)
    const input = {
      turnId,
      threadId: options.id,
      text,
      mode,
      model,
      freeformTools: info?.freeformTools ?? true,
      candidates,
      takesTemperature: info?.takesTemperature ?? false,
    }
    const dependencies: TurnDependencies = {
      ...options.world,
      model: options.callModel,
      history: foldHistory(events),
      policy: () => state.getState().policy,
      allowedRules: () => state.getState().allowedRules,
      approve,
      journal: (event) => options.save([event]),
      takeSteering: () => steering.splice(0),
      nextSeq: () => seq++,
      sessions,
      race: { cores: options.cores ?? defaultCores, choose: choices.ask, onEnough: enough.subscribe },
      ...(interrupted ? { interrupted: events.filter((event) => event.turnId === turnId) } : {}),
    }
    state.setState({ running: true, turnId, interrupted: false })
    return { controller, result: play(input, dependencies, controller.signal) }
  }

  const play = async (...turnArguments: Parameters<RunTurn>): Promise<TurnResult> => {
    try {
      // Loaded with its tools and prompts by the first turn: a page is ready to edit without them.
      const { runTurn } = await import('./loop')
      const turn = runTurn(...turnArguments)
      for (;;) {
        const next = await turn.next()
        if (next.done) return next.value
        record(next.value)
      }
    } finally {
      running = null
      steering = []
      publish.now()
      state.setState({ running: false, turnId: null, approvals: [], choice: null })
    }
  }

  return {
    id: options.id,
    state,
    send(text, { mode = 'edit', model, candidates = 1 } = {}) {
      if (running?.controller.signal.aborted)
        return running.result.then(() => this.send(text, { mode, model, candidates }))
      if (!Number.isInteger(candidates) || candidates < 1 || candidates > maxCandidates) {
        const message = `A turn takes 1 to ${maxCandidates} attempts, not ${candidates}.`
        return Promise.reject(new VitrineError('invalid_request', message, { param: 'candidates' }))
      }
      if (running) {
        steering.push(text)
        return running.result
      }
      if (model !== undefined) {
        if (!state.getState().models.some(({ id }) => id === model)) {
          return Promise.reject(
            new VitrineError('model_not_allowed', `There is no model “${model}”.`, { param: 'model' }),
          )
        }
        state.setState({ model })
      }
      running = start({ text, mode, turnId: createId('turn_'), candidates }, false)
      return running.result
    },
    resume() {
      if (running) return running.result
      const last = events.findLast((event) => event.type === 'turn-start')
      if (!last) return Promise.reject(new VitrineError('invalid_request', 'There is no turn to go on with.'))
      const cut = findInterrupted(events)
      running = cut
        ? start(cut, true)
        : start({ text: 'Go on.', mode: last.mode, turnId: createId('turn_'), candidates: 1 }, false)
      return running.result
    },
    async stop() {
      const turn = running
      if (!turn) return
      turn.controller.abort()
      await turn.result
    },
    steer(text) {
      if (!running) throw new VitrineError('invalid_request', 'No turn is running; send the message instead.')
      steering.push(text)
    },
    approve(id, decision, reason) {
      const answer = waiting.get(id)
      if (!answer) throw new VitrineError('not_found', 'This approval was already decided.', { param: 'id' })
      answer({ decision, ...(reason ? { reason } : {}) })
    },
    choose: choices.answer,
    endAttempts: () => enough.emit(),
    history: () => foldHistory(events),
  }
}

/** Runs `task` at most once per `everyMs`; `now` runs it at once and forgets what was due. */
function createThrottle(everyMs: number, task: () => void) {
  let timer: ReturnType<typeof setTimeout> | null = null
  const now = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    task()
  }
  return {
    now,
    soon() {
      timer ??= setTimeout(now, everyMs)
    },
  }
}
