import { messageOf, sleep, untilAborted } from '@/lib/base'
import type { ModelFailure, ResponseItem } from '@/lib/models'
import { currentPack } from '@/lib/prompts'
import { attachmentsItem, toRecorded } from './attachments'
import { answerOpenCalls, runToolCalls } from './calls/tool-calls'
import { prepareCall } from './calls/tool-lookup'
import { compact, makeRoom, tellSummaries } from './compaction/make-room'
import { contextItems, factsOf, reviewItem, sessionItems } from './context'
import type { AgentEvent, TurnResult } from './events'
import { answerBefore, type CallItem, message, openCalls, textOf } from './history'
import { limitError } from './limits/limit-error'
import { maxRetries, retryDelayMs } from './retry'
import { takeStep } from './step'
import { createTurn, type Turn } from './turn'
import { fromModel, fromThrown } from './turn-errors'
import type { TurnDependencies, TurnInput } from './types'

/** What notices say of a turn that a reload cut. */
export const wentOn = 'Went on after an interruption.'
export const wasLeft = 'It did not come to its end: you went on with another message.'

/** How a turn came to rest. */
type Rest = Pick<TurnResult, 'status' | 'message' | 'error'>

/**
 * One turn: from the user's message until the agent rests. Always ends with `turn-end`; whatever goes wrong becomes its
 * result. Abort `signal` to stop: the turn ends within 200 ms and leaves a history that can go on.
 */
export async function* runTurn(
  input: TurnInput,
  dependencies: TurnDependencies,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, TurnResult> {
  const turn = createTurn(input, dependencies, signal)
  try {
    let rest: Rest
    try {
      yield* dependencies.interrupted ? goOn(turn) : begin(turn)
      rest = yield* isRace(turn) ? raceAndGoOn(turn) : work(turn)
      await turn.settled()
    } catch (error) {
      rest = signal.aborted ? { status: 'stopped', message: lastMessage(turn) } : failed(turn, fromThrown(error))
    }
    return yield* end(turn, rest)
  } finally {
    turn.dispose()
  }
}

/** Ends a turn that was cut and that the user does not go on with: what it had begun gets its answers, so that requests can leave. */
export async function* leaveTurn(input: TurnInput, dependencies: TurnDependencies): AsyncGenerator<AgentEvent> {
  const turn = createTurn(input, dependencies, new AbortController().signal)
  try {
    yield turn.record({
      type: 'notice',
      level: 'info',
      message: wasLeft,
    })
    yield* end(turn, { status: 'stopped', message: lastMessage(turn) }, interrupted)
    await turn.settled()
  } finally {
    turn.dispose()
  }
}

function* end(turn: Turn, rest: Rest, why?: Farewell): Generator<AgentEvent, TurnResult> {
  yield* leaveInOrder(turn, why ?? (rest.status === 'stopped' ? stopped : early))
  yield* tellSummaries(turn)
  const { verified, usage, cost, steps, durationMs } = turn
  const result: TurnResult = { ...rest, verified, usage, cost, steps, durationMs }
  yield turn.record({ type: 'turn-end', result })
  return result
}

async function* begin(turn: Turn): AsyncGenerator<AgentEvent> {
  const { text, mode, model, effort, verbosity, attachments = [], review = [] } = turn.input
  const limits = turn.dependencies.limits?.()
  const policy = turn.dependencies.policy()
  yield turn.record({
    type: 'turn-start',
    text,
    mode,
    model,
    policy,
    promptPack: `${currentPack.id}@${currentPack.hash}`,
    ...((turn.input.candidates ?? 1) > 1 ? { candidates: turn.input.candidates } : {}),
    ...(attachments.length > 0 && { attachments: attachments.map(toRecorded) }),
    ...(effort && { effort }),
    ...(verbosity && { verbosity }),
    ...(limits && { limits }),
    ...(review.length > 0 && { review }),
  })
  const { foreignProject } = turn.dependencies
  if (foreignProject && turn.taints.add(foreignProject)) yield turn.record({ type: 'taint', source: foreignProject })
  yield* saveCheckpoint(turn, 'Before this turn')
  yield* open(turn)
}

/** What the model needs to know, then what the user wrote. */
function* open(turn: Turn): Generator<AgentEvent> {
  const { opening, recorded } = turn.dependencies
  const asked = () => [
    ...(recorded?.context?.('turn') ?? contextItems(turn.history, factsOf(turn))),
    ...reviewed(turn),
    ...attached(turn),
    message('user', turn.input.text),
  ]
  yield turn.append(...(opening ?? asked()))
}

function reviewed({ input }: Turn): ResponseItem[] {
  const item = reviewItem(input.review ?? [])
  return item ? [item] : []
}

function attached({ input, dependencies, seen }: Turn): ResponseItem[] {
  const { files } = dependencies.workspace
  for (const attachment of input.attachments ?? []) {
    if (attachment.kind === 'file') seen.noteAll([attachment.path], files)
  }
  const item = attachmentsItem(input.attachments ?? [], { files, images: input.images ?? false })
  return item ? [item] : []
}

/** After a reload: nothing that has a result runs again, and what may have run is said to be unknown. */
async function* goOn(turn: Turn): AsyncGenerator<AgentEvent> {
  const wasLimited = turn.dependencies.interrupted?.findLast(isEndOrRaise)?.type === 'limit-raised'
  if (!wasLimited) yield turn.record({ type: 'notice', level: 'info', message: wentOn })
  if (!turn.opened) yield* open(turn)
  const calls = openCalls(turn.history)
  for (const call of calls) {
    const { call_id: callId, name: tool } = call
    if (!turn.started.has(callId) || turn.results.has(callId) || isRepeatable(turn, call)) continue
    const output =
      'interrupted; the outcome is unknown: it may have run wholly, partly or not at all. Look before you repeat it.'
    yield turn.record({
      type: 'tool-end',
      callId,
      tool,
      durationMs: 0,
      result: { ok: false, output, summary: 'interrupted' },
    })
  }
  yield* runToolCalls(
    turn,
    calls.filter(({ call_id }) => !turn.results.has(call_id)),
  )
}

function isEndOrRaise({ type }: AgentEvent): boolean {
  return type === 'turn-end' || type === 'limit-raised'
}

function isRepeatable(turn: Turn, call: CallItem): boolean {
  const prepared = prepareCall(turn.tools, call)
  return prepared.kind === 'ready' && prepared.tool.repeatable === true
}

async function* work(turn: Turn): AsyncGenerator<AgentEvent, Rest> {
  const { workspace } = turn.dependencies
  const answered = turn.dependencies.interrupted && answerBefore(turn.dependencies.interrupted, turn.history)
  if (answered) return done(textOf(answered))

  // An attempt's items join the thread as they are, after the prefix that all attempts share.
  const mayCompact = turn.dependencies.opening === undefined
  let failures = 0
  let savedVersion = workspace.version
  for (;;) {
    const hit = turn.limitHit()
    if (hit) return failed(turn, limitError(hit))
    if (mayCompact) yield* makeRoom(turn)
    yield* tellPolicy(turn)
    const { calls, message: answer, failure } = yield* takeStep(turn)
    failures = failure ? failures + 1 : 0
    const mustShorten = mayCompact && failure && isTooLong(failure) && failures === 1
    if (mustShorten && (yield* compact(turn, 'overflow'))) {
      turn.steps -= 1
      continue
    }
    if (failure && (failure.kind === 'fatal' || failures > maxRetries)) return failed(turn, fromModel(failure))

    yield* runToolCalls(turn, calls)
    turn.signal.throwIfAborted()
    if (calls.length > 0 || !failure) {
      const hasChanged = workspace.version !== savedVersion
      if (hasChanged) yield* saveCheckpoint(turn, changeLabel(turn, calls))
      else yield* saveCheckpoint(turn, stepLabel(turn, calls), { isNews: false })
      savedVersion = workspace.version
    }
    const stuck = turn.progress.endStep()
    const steered = yield* deliverSteering(turn)
    if (steered) turn.progress.reset()
    else if (stuck) return failed(turn, stuck)
    if (failure) {
      if (calls.length === 0) turn.steps -= 1
      failures = yield* backOff(turn, failure, failures)
    } else if (calls.length === 0 && !steered) return done(answer ?? '')
  }
}

/** Steps of the turn's own come after its race: a turn that was cut there, or met a limit, goes on with them. */
function isRace({ input, dependencies }: Turn): boolean {
  const hasOwnSteps = dependencies.interrupted?.some(({ type }) => type === 'step-start') ?? false
  return (input.candidates ?? 1) > 1 && !hasOwnSteps
}

/** Several attempts instead of one; what the user said meanwhile goes to the one that was taken. */
async function* raceAndGoOn(turn: Turn): AsyncGenerator<AgentEvent, Rest> {
  const hit = turn.limitHit()
  if (hit) return failed(turn, limitError(hit))
  const { race } = await import('./candidates')
  if (!turn.dependencies.interrupted) yield* makeRoom(turn)
  const rest = yield* race(turn, runTurn)
  if (rest.status !== 'done') return rest
  yield* saveCheckpoint(turn, 'After the attempt that was taken')
  return (yield* deliverSteering(turn)) ? yield* work(turn) : rest
}

function isTooLong({ code }: ModelFailure): boolean {
  return code === 'context_length_exceeded' || code === 'request_too_large'
}

/** The policy can change while the turn runs; the model hears of it before its next step. */
function* tellPolicy(turn: Turn): Generator<AgentEvent> {
  const items = turn.dependencies.recorded?.context?.('step') ?? sessionItems(turn.history, factsOf(turn))
  if (items.length > 0) yield turn.append(...items)
}

function* deliverSteering(turn: Turn): Generator<AgentEvent, boolean> {
  const texts = turn.dependencies.takeSteering()
  for (const text of texts) {
    yield turn.record({ type: 'steer', text })
    yield turn.append(message('user', text))
  }
  return texts.length > 0
}

/** Waits, and returns how many failures in a row there were: none when it was the connection, which is back. */
async function* backOff(turn: Turn, failure: ModelFailure, failures: number): AsyncGenerator<AgentEvent, number> {
  const { wait = sleep, untilOnline } = turn.dependencies
  const back = failure.code === 'offline' ? untilOnline?.(turn.signal) : null
  if (back) {
    yield turn.record({ type: 'notice', level: 'warning', message: 'No connection: the turn goes on when it is back.' })
    await back
    return 0
  }
  const delayMs = retryDelayMs(failure, failures)
  const { message: reason } = failure
  yield turn.record({ type: 'retry', attempt: failures, maxAttempts: maxRetries, delayMs, reason })
  await wait(delayMs, turn.signal)
  return failures
}

/** A turn can do without a checkpoint, but not without saying so: once, not again for each step that changes nothing. */
async function* saveCheckpoint(turn: Turn, label: string, { isNews = true } = {}): AsyncGenerator<AgentEvent> {
  try {
    const saving = turn.dependencies.checkpoint(label, turn.input.turnId)
    yield turn.record({ type: 'checkpoint', checkpointId: await untilAborted(saving, turn.signal), label })
  } catch (error) {
    turn.signal.throwIfAborted()
    const message = `No checkpoint was saved: ${messageOf(error)}`
    if (isNews) yield turn.record({ type: 'notice', level: 'warning', message })
  }
}

function changeLabel(turn: Turn, calls: readonly CallItem[]): string {
  const changes = calls.flatMap(({ call_id }) => turn.results.get(call_id)?.changes ?? [])
  const paths = [...new Set(changes.map(({ path }) => path))]
  if (paths.length === 0) return 'After a command'
  return paths.length <= 2 ? `Changed ${paths.join(' and ')}` : `Changed ${paths[0]} and ${paths.length - 1} more`
}

/** Of a step that changed no file. */
function stepLabel({ tools }: Turn, calls: readonly CallItem[]): string {
  const first = calls.find(({ name }) => name !== 'update_plan') ?? calls[0]
  if (!first) return 'Answered'
  const prepared = prepareCall(tools, first)
  const title = prepared.kind === 'ready' ? prepared.description.title : first.name
  return calls.length > 1 ? `${title} and ${calls.length - 1} more` : title
}

/** However the turn ended, its history can be sent again: each call has an output, and the model will know what happened. */
function* leaveInOrder(turn: Turn, { calls, note }: Farewell): Generator<AgentEvent> {
  if (!turn.opened) yield* open(turn)
  yield* answerOpenCalls(turn, calls)
  if (note !== undefined) yield turn.append(message('developer', note))
}

/** What the model is told of a turn that did not come to its end: for calls without an output, and after them. */
interface Farewell {
  calls: string
  note?: string
}

const early: Farewell = { calls: 'the turn ended early;' }
const stopped: Farewell = {
  calls: 'stopped by the user;',
  note: 'The user stopped the turn here. Wait for what they say next.',
}
const interrupted: Farewell = {
  calls: 'interrupted;',
  note: 'The turn did not come to its end here: the user went on with another message.',
}

function done(answer: string): Rest {
  return { status: 'done', message: answer }
}

function failed(turn: Turn, error: NonNullable<Rest['error']>): Rest {
  return { status: 'failed', message: lastMessage(turn), error }
}

function lastMessage(turn: Turn): string {
  const item = turn.history.findLast((entry) => entry.type === 'message')
  return item?.type === 'message' && item.role === 'assistant' ? textOf(item) : ''
}
