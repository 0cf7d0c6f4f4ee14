import { createEmitter, createId, createStore, VitrineError } from '@/lib/base'
import { createChoices } from '../candidates/choices'
import { createCompactor } from '../compaction'
import { createThreadCompaction } from '../compaction/thread-compaction'
import type { AgentEvent, Answers, Approval, ApprovalDecision, QuestionSet, TurnMode, TurnResult } from '../events'
import { createSeenFiles, foldSeenFiles } from '../files/seen-files'
import { findInterrupted, foldHistory, turnOf } from '../history'
import { defaultLimits } from '../limits/limits'
import { createMeter, findHit, type Meter, nothingSpent } from '../limits/meter'
import { foldAllowedKnowingly, foldTaints } from '../taint/taint'
import { createCommandSessions } from '../tools/command-session'
import type { TurnDependencies } from '../types'
import { candidatesProblem, createOutbox } from './outbox'
import { createThrottle } from './throttle'
import { type TurnRequest, toTurnInput } from './turn-input'
import type { Thread, ThreadOptions, ThreadState } from './types'
import { createWaitingRoom } from './waiting-room'

/** How often the live view is told of new events, at most. Milliseconds: text flows, and a step does not wait for its view. */
const publishEveryMs = 33

const defaultCores = 4

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

  const inputFor = (request: TurnRequest) => toTurnInput(request, state.getState())

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
