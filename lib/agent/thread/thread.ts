import { createEmitter, createId, createStore, type StoreApi, VitrineError } from '@/lib/base'
import type { Model, ModelInfo, ReasoningEffort, ResponseItem, Verbosity } from '@/lib/models'
import type { PolicyMode } from '@/lib/safety'
import type { ReviewOutcome } from '@/lib/workspace'
import type { Attachment } from '../attachments'
import { createChoices } from '../candidates/choices'
import { createCompactor } from '../compaction'
import { createThreadCompaction } from '../compaction/thread-compaction'
import type {
  AgentEvent,
  Answers,
  Approval,
  ApprovalDecision,
  QuestionSet,
  ReviewUse,
  TurnMode,
  TurnResult,
} from '../events'
import { createSeenFiles, foldSeenFiles } from '../files/seen-files'
import { findInterrupted, foldHistory, type InterruptedTurn, turnOf } from '../history'
import type { ContextReport } from '../inspector/inspect-thread'
import { defaultLimits, type LimitHit, type Limits } from '../limits/limits'
import { createMeter, findHit, type Meter, nothingSpent } from '../limits/meter'
import { foldAllowedKnowingly, foldTaints } from '../taint/taint'
import type { CountTexts } from '../tokens'
import { createCommandSessions } from '../tools/command-session'
import type { CandidateChoice, CandidateQuestion, TurnDependencies, TurnInput } from '../types'
import { candidatesProblem, createOutbox, type QueuedMessage, type WaitingMessages } from './outbox'
import { createWaitingRoom } from './waiting-room'

/** How often the live view is told of new events, at most. Milliseconds: text flows, and a step does not wait for its view. */
const publishEveryMs = 33

/** How a thread asks its model; undefined leaves it to the model. */
export interface ThreadSettings {
  effort: ReasoningEffort | undefined
  verbosity: Verbosity | undefined
  limits: Limits
}

export interface ThreadState extends ThreadSettings, WaitingMessages {
  id: string
  events: readonly AgentEvent[]
  running: boolean
  turnId: string | null
  approvals: readonly Approval[]
  /** What the model asks the user; the turn waits for the answers. */
  questions: readonly QuestionSet[]
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
  queue?: readonly QueuedMessage[]
  /** Where missing, the model's own and the default limits. */
  settings?: Partial<ThreadSettings>
  callModel: Model
  /** Makes events durable; resolves when they are. */
  save: (events: readonly AgentEvent[]) => Promise<void>
  world: Pick<
    TurnDependencies,
    | 'workspace'
    | 'sandbox'
    | 'synced'
    | 'placeLinks'
    | 'checkpoint'
    | 'preview'
    | 'focus'
    | 'foreignProject'
    | 'untilOnline'
    | 'loadPackage'
    | 'toolServers'
    | 'symbols'
    | 'refreshedSymbols'
  >
  /** What the user did with the agent's changes and the agent has not been told; goes with the next message. */
  review?: () => readonly ReviewOutcome[]
  /** The tokenizer; without it tokens are estimated. */
  countTexts?: CountTexts
  /** Processor cores: how many attempts at a turn run at once. */
  cores?: number
}

export interface SendOptions {
  mode?: TurnMode
  model?: string
  /** Attempts at the turn, 1 to 8; see `candidates/`. */
  candidates?: number
  /** Put before the text; what is sent while a turn runs takes none along, so queue it. */
  attachments?: readonly Attachment[]
}

/** A conversation and its running turn: what chat, page API and tests hold on to. */
export interface Thread {
  readonly id: string
  state: StoreApi<ThreadState>
  /** While a turn runs, the text joins it as steering and the running turn's result is returned. */
  send(text: string, options?: SendOptions): Promise<TurnResult>
  /** Goes on with a turn that a reload or a failure cut, or past the limit that it met, which is raised for that. */
  resume(): Promise<TurnResult>
  stop(): Promise<void>
  steer(text: string): void
  /** Waits for the running turn to be done; sent at once when none runs. */
  enqueue(text: string, options?: Omit<SendOptions, 'model'>): void
  /** Takes a waiting message back. */
  unqueue(id: string): void
  /** Sends what waits first, after a turn that failed or was stopped. */
  sendQueued(): Promise<TurnResult> | null
  approve(id: string, decision: ApprovalDecision, reason?: string): void
  /** Null: the user would rather not say. */
  answer(id: string, answers: Answers): void
  /** Leaves older steps to a summary; while a turn runs, before its next step. */
  compact(): Promise<void>
  /** Brings back what the last compaction left out. */
  undoCompaction(): Promise<void>
  /** Takes one of the attempts that `state.choice` asks about, or has the others run again. */
  choose(choice: CandidateChoice): void
  /** What the next request would hold, and how the cache fared. */
  inspect(): Promise<ContextReport>
  /** Stops the attempts that still run; the choice is among those that have ended. */
  endAttempts(): void
  history(): readonly ResponseItem[]
  /** All of them, as of now: those in `state` come a moment later, for the eye. */
  events(): readonly AgentEvent[]
  /** The conversation's limit that is reached, if any: what a review is held against, which runs beside turns. */
  limitHit(): LimitHit | null
  /** Puts what a review used on the conversation's account, durably. */
  noteReview(reviewId: string, use: ReviewUse): Promise<void>
}

const defaultCores = 4

interface TurnRequest extends Omit<InterruptedTurn, 'model'> {
  /** Where they are not those of the moment. */
  settings?: Pick<QueuedMessage, 'model' | 'effort' | 'verbosity'>
}

interface RunningTurn {
  mode: TurnMode
  result: Promise<TurnResult>
  controller: AbortController
}

export function createThread(options: ThreadOptions): Thread {
  const events = [...options.events]
  let seq = (events.at(-1)?.seq ?? 0) + 1
  let running: RunningTurn | null = null
  /** Of what came before the running turn; a review beside it counts there. */
  let meterBefore: Meter | null = null
  const sessions = createCommandSessions()
  const compactor = createCompactor(options.countTexts)
  const seen = createSeenFiles(foldSeenFiles(events))

  const state = createStore<ThreadState>(() => ({
    id: options.id,
    events: [...events],
    running: false,
    turnId: null,
    approvals: [],
    questions: [],
    policy: options.policy,
    allowedRules: options.allowedRules,
    model: options.model,
    models: options.models,
    interrupted: findInterrupted(events) !== null,
    steering: [],
    queue: options.queue ?? [],
    choice: null,
    effort: undefined,
    verbosity: undefined,
    limits: defaultLimits,
    ...options.settings,
  }))
  const outbox = createOutbox(state)
  const enough = createEmitter<void>()
  const choices = createChoices((choice) => state.setState({ choice }))

  const publish = createThrottle(publishEveryMs, () => state.setState({ events: [...events] }))
  const record = (event: AgentEvent) => {
    events.push(event)
    publish.soon()
  }

  const approvals = createWaitingRoom<Approval, { decision: ApprovalDecision; reason?: string }>((waiting) =>
    state.setState({ approvals: waiting }),
  )
  const questions = createWaitingRoom<QuestionSet, Answers>((waiting) => state.setState({ questions: waiting }))

  const approve: TurnDependencies['approve'] = async (approval, signal) => {
    const answer = await approvals.wait(approval, signal)
    if (answer.decision === 'always' && approval.rule !== null) allowRule(approval.rule)
    return answer
  }
  const ask = questions.wait

  const allowRule = (rule: string) =>
    state.setState(({ allowedRules }) => ({ allowedRules: [...new Set([...allowedRules, rule])] }))

  const inputFor = ({ settings, ...request }: TurnRequest): TurnInput => {
    const now = state.getState()
    const { models } = now
    const wanted = settings ?? now
    const model = models.some(({ id }) => id === wanted.model) ? wanted.model : now.model
    const info = models.find(({ id }) => id === model)
    const {
      freeformTools = true,
      contextWindow = null,
      serverCompaction,
      images,
      takesTemperature = false,
      reasoningSummaries = false,
      efforts = [],
      verbosities = [],
      price = null,
    } = info ?? {}
    const asked = {
      effort: efforts.find((each) => each === wanted.effort),
      verbosity: verbosities.find((each) => each === wanted.verbosity),
    }
    const can = { freeformTools, contextWindow, serverCompaction, images, takesTemperature, reasoningSummaries }
    return { ...request, threadId: options.id, model, price, ...can, ...asked }
  }

  const dependenciesFor = (turnId: string, interrupted: boolean): TurnDependencies => ({
    ...options.world,
    model: options.callModel,
    history: foldHistory(events),
    policy: () => state.getState().policy,
    limits: () => state.getState().limits,
    meterBefore: createMeter(events.filter((event) => event.turnId !== turnId)),
    taints: foldTaints(events),
    allowedKnowingly: foldAllowedKnowingly(events),
    allowedRules: () => state.getState().allowedRules,
    approve,
    ask,
    journal: (event) => options.save([event]),
    takeSteering: outbox.takeSteering,
    nextSeq: () => seq++,
    sessions,
    compactor,
    seen,
    race: { cores: options.cores ?? defaultCores, choose: choices.ask, onEnough: enough.subscribe },
    ...(interrupted ? { interrupted: events.filter((event) => event.turnId === turnId) } : {}),
  })

  const compaction = createThreadCompaction({
    events: () => events,
    prepareTurn: ({ text, mode, turnId }) => ({
      input: inputFor({ text, mode, turnId, candidates: 1 }),
      dependencies: dependenciesFor(turnId, false),
    }),
    record(event) {
      record(event)
      publish.now()
    },
    isRunning: () => running !== null,
  })

  /** Past the limit at which the thread's last turn ended; null when it ended otherwise. */
  const continuePastLimit = (): RunningTurn | null => {
    const last = events.findLast(({ type }) => type === 'turn-end' || type === 'turn-start' || type === 'limit-raised')
    const hit = last?.type === 'turn-end' ? last.result.error?.limit : undefined
    const request = last && turnOf(events, last.turnId)
    if (!hit || !request) return null
    const { scope, limit, by } = hit
    const raise: AgentEvent = {
      type: 'limit-raised',
      scope,
      limit,
      by,
      turnId: request.turnId,
      seq: seq++,
      at: Date.now(),
    }
    record(raise)
    return start(request, true, options.save([raise]))
  }

  const start = (request: TurnRequest, interrupted: boolean, saved: Promise<void> = Promise.resolve()): RunningTurn => {
    const controller = new AbortController()
    state.setState({ running: true, turnId: request.turnId, interrupted: false })
    const ready = Promise.all([compaction.settled(), saved])
    return { mode: request.mode, controller, result: play(request, { interrupted, ready, signal: controller.signal }) }
  }

  /** Rejects only when there is no turn to be had; the thread rests then as after any other. */
  const play = async (
    request: TurnRequest,
    { interrupted, ready, signal }: { interrupted: boolean; ready: Promise<unknown>; signal: AbortSignal },
  ): Promise<TurnResult> => {
    try {
      await ready
      // Loaded with its tools and prompts by the first turn: a page is ready to edit without them.
      const { leaveTurn, runTurn } = await import('../loop')
      const cut = interrupted ? null : findInterrupted(events)
      if (cut) for await (const event of leaveTurn(inputFor(cut), dependenciesFor(cut.turnId, true))) record(event)
      const dependencies = dependenciesFor(request.turnId, interrupted)
      meterBefore = dependencies.meterBefore ?? null
      const turn = runTurn(inputFor(request), dependencies, signal)
      for (;;) {
        const next = await turn.next()
        if (!next.done) {
          record(next.value)
          continue
        }
        if (next.value.status === 'done') queueMicrotask(sendWaiting)
        return next.value
      }
    } finally {
      running = null
      meterBefore = null
      outbox.keepSteering()
      publish.now()
      state.setState({ running: false, turnId: null, approvals: [], questions: [], choice: null })
    }
  }

  const sendNext = (): Promise<TurnResult> | null => {
    const next = running ? null : outbox.takeNext()
    if (!next) return null
    const { id: _, text, mode, attachments, candidates = 1, ...settings } = next
    const request = { ...fresh(text, mode), attachments, candidates, settings }
    running = start(request, false)
    return running.result.catch((error: unknown) => {
      if (!events.some(({ turnId }) => turnId === request.turnId)) outbox.putBack(next)
      throw error
    })
  }

  /** For nobody who waits: where no turn came of it, the message is seen to wait on. */
  const sendWaiting = () => void sendNext()?.catch(() => undefined)

  const fresh = (text: string, mode: TurnMode) => ({
    text,
    mode,
    turnId: createId('turn_'),
    review: options.review?.(),
  })

  const thread: Thread = {
    id: options.id,
    state,
    send(text, { mode = 'edit', model, candidates = 1, attachments } = {}) {
      if (running?.controller.signal.aborted)
        return running.result.then(() => thread.send(text, { mode, model, candidates, attachments }))
      const problem = candidatesProblem(candidates)
      if (problem) return Promise.reject(problem)
      if (running) {
        outbox.steer(text, running.mode)
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
      running = start({ ...fresh(text, mode), candidates, attachments }, false)
      return running.result
    },
    resume() {
      if (running) return running.result
      const last = events.findLast((event) => event.type === 'turn-start')
      if (!last) return Promise.reject(new VitrineError('invalid_request', 'There is no turn to go on with.'))
      const cut = findInterrupted(events)
      running = continuePastLimit()
      if (running) return running.result
      running = cut ? start(cut, true) : start({ ...fresh('Go on.', last.mode), candidates: 1 }, false)
      return running.result
    },
    async stop() {
      compaction.stop()
      const turn = running
      if (!turn) return
      turn.controller.abort()
      await turn.result
    },
    enqueue(text, { mode = 'edit', attachments, candidates } = {}) {
      outbox.enqueue({ text, mode, attachments, candidates })
      sendWaiting()
    },
    unqueue: outbox.unqueue,
    sendQueued: sendNext,
    steer(text) {
      if (!running) throw new VitrineError('invalid_request', 'No turn is running; send the message instead.')
      outbox.steer(text, running.mode)
    },
    approve(id, decision, reason) {
      approvals.answer(id, { decision, ...(reason ? { reason } : {}) })
    },
    answer: (id, answers) => questions.answer(id, answers),
    compact: compaction.compact,
    undoCompaction: compaction.undo,
    choose: choices.answer,
    async inspect() {
      const { inspectThread } = await import('../inspector/inspect-thread')
      const last = events.findLast((event) => event.type === 'turn-start')
      const input = inputFor({ text: '', mode: last?.mode ?? 'edit', turnId: '', candidates: 1 })
      return inspectThread([...events], input, dependenciesFor('', false))
    },
    endAttempts: () => enough.emit(),
    history: () => foldHistory(events),
    events: () => events,
    limitHit() {
      const { spent, raisedBy } = createMeter(events)
      return findHit(state.getState().limits, { turn: nothingSpent, thread: spent }, raisedBy)
    },
    noteReview(reviewId, use) {
      const event: AgentEvent = { type: 'review-step', ...use, turnId: reviewId, seq: seq++, at: Date.now() }
      record(event)
      meterBefore?.note(event)
      return options.save([event])
    },
  }
  return thread
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
