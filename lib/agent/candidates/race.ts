import { createChannel, untilAborted, VitrineError } from '@/lib/base'
import { attemptHint, attemptHints, testsWanted } from '@/lib/prompts'
import { affectedTestFiles } from '@/lib/sandbox/affected'
import { type AgentEvent, type AgentEventBody, isDurable, type TurnResult } from '../events'
import { message, textOf } from '../history'
import type { LimitHit } from '../limits/limits'
import type { Turn } from '../turn'
import type { CandidateChoice } from '../types'
import { type EarlierAttempt, emptyResult, type RunTurn, runAttempt } from './attempt'
import { leaderOf, whyStop } from './early-stop'
import type { CandidateResult } from './events'
import { type ForkBase, freeze } from './fork'
import { atLimit, earlierAttempts, isOpenAtLimit, type LimitRaise, limitOf, raiseIn, raiseLimit } from './past-limit'
import { runInPool } from './pool'
import { attemptHistory, foldRace } from './race-state'
import { canBeTaken, rankCandidates } from './rank'
import { takePick } from './take-pick'
import { announceFirst } from './warm-prefix'

type Rest = Pick<TurnResult, 'status' | 'message' | 'error'>
type Emit = (body: AgentEventBody) => void

/** At least so many run at once: an attempt mostly waits for the model. */
const minAtOnce = 2

/**
 * Several attempts at one turn, each on a fork, until one is taken. Rejects only when the turn is stopped. After a
 * reload, what had ended stands; the user picks among it, or has the others run again.
 */
export async function* race(turn: Turn, runTurn: RunTurn): AsyncGenerator<AgentEvent, Rest> {
  const events: AgentEvent[] = [...(turn.dependencies.interrupted ?? [])]
  const keep = <Result>(steps: AsyncGenerator<AgentEvent, Result>) => recordInto(events, steps)
  const wasCut = events.some(({ type }) => type === 'candidates-start')
  const raise = raiseIn(events)
  if (wasCut) yield* keep(endInterrupted(turn, events))
  const isRaised = raise !== null && isOpenAtLimit(events)
  if (isRaised) yield* keep(runAgain(turn, events, { raise, runTurn }))
  else if (!hasFinished(events)) yield* keep(runAttempts(turn, { indexes: allOf(turn), runTurn }))

  for (let isFirst = !wasCut || isRaised; ; isFirst = false) {
    const state = foldRace(events)
    const results = [...state.results.values()]
    const limit = state.pick === null ? limitOf(results) : null
    // In auto mode the ranking decides; where something stood in its way, and otherwise, the user does.
    const by = isFirst && turn.dependencies.policy() === 'auto' ? 'rank' : 'user'
    const canTake = results.some(canBeTaken)
    if (limit && (by === 'rank' || !canTake)) return atLimit(results, limit)
    if (state.pick === null && !canTake) return noneLeft(results)
    const choice = state.pick ? { kind: 'take' as const, ...state.pick } : await choose(turn, results, { by, limit })
    if (choice.kind === 'again') {
      const raised = limit && (yield* keep(raiseLimit(turn, limit)))
      yield* keep(runAgain(turn, events, { raise: raised, runTurn }))
      continue
    }
    const pick = { index: choice.index, files: choice.files }
    if (yield* keep(takePick(turn, pick, { state, items: attemptHistory(events, pick.index), by }))) {
      return { status: 'done', message: results.find(({ index }) => index === pick.index)?.message ?? '' }
    }
  }
}

/** Passes events on and keeps those that last. */
async function* recordInto<Result>(
  events: AgentEvent[],
  steps: AsyncGenerator<AgentEvent, Result>,
): AsyncGenerator<AgentEvent, Result> {
  for (;;) {
    const next = await steps.next()
    if (next.done) return next.value
    if (isDurable(next.value)) events.push(next.value)
    yield next.value
  }
}

async function choose(
  turn: Turn,
  results: readonly CandidateResult[],
  { by, limit }: { by: 'rank' | 'user'; limit: LimitHit | null },
): Promise<CandidateChoice> {
  const ranking = rankCandidates(results).filter((index) =>
    results.some((result) => result.index === index && canBeTaken(result)),
  )
  const { race: arranged } = turn.dependencies
  if (!arranged || by === 'rank') return { kind: 'take', index: ranking[0] ?? 0, files: [] }
  const canRunAgain = unfinished(results).length > 0
  const question = { turnId: turn.input.turnId, ranking, canRunAgain, ...(limit && { limit }) }
  return untilAborted(arranged.choose(question, turn.signal), turn.signal)
}

interface Run {
  indexes: readonly number[]
  /** Those of them that go on from where a limit ended them. */
  earlier?: ReadonlyMap<number, EarlierAttempt>
  runTurn: RunTurn
}

/** What has not come to its end: from where the limit that was raised ended it, else from the start. */
async function* runAgain(
  turn: Turn,
  events: readonly AgentEvent[],
  { raise, runTurn }: { raise: LimitRaise | null; runTurn: RunTurn },
): AsyncGenerator<AgentEvent, void> {
  const results = [...foldRace(events).results.values()]
  const earlier = raise ? earlierAttempts(results, events, raise) : new Map()
  yield* runAttempts(turn, { indexes: unfinished(results), earlier, runTurn })
}

async function* runAttempts(
  turn: Turn,
  { indexes, earlier = new Map(), runTurn }: Run,
): AsyncGenerator<AgentEvent, void> {
  const { dependencies, input } = turn
  const { files } = dependencies.workspace
  const hasTests = affectedTestFiles(files, [...files.keys()]).length > 0
  const total = input.candidates ?? 1
  const goOn = [...earlier.keys()]
  yield turn.record({
    type: 'candidates-start',
    total,
    indexes: [...indexes],
    hasTests,
    ...(goOn.length > 0 && { goOn }),
  })
  if (!hasTests && input.mode === 'edit' && !isTold(turn)) yield turn.append(message('developer', testsWanted))

  const base = await openBase(turn)
  const channel = createChannel<AgentEvent>()
  const emit: Emit = (body) => channel.push(turn.record(body))
  const field = createField(turn, emit)
  const attempts = indexes.map((index) => ({ index, own: { ...dependencies, ...dependencies.race?.attempt?.(index) } }))
  const [first] = attempts
  const { model, warmed, giveUp } = announceFirst(first?.own.model ?? dependencies.model)
  const atOnce = Math.max(minAtOnce, dependencies.race?.cores ?? minAtOnce)
  const running = runInPool(attempts, atOnce, async ({ index, own }) => {
    const isFirst = index === first?.index
    // After Stop each still says how it ended.
    if (!isFirst) await untilAborted(warmed, turn.signal).catch(() => undefined)
    const raised = earlier.get(index)?.events.at(-1)
    if (raised) emit({ type: 'candidate-event', index, event: raised })
    await field.run(index, (signal, onEvent) =>
      runAttempt({
        index,
        base,
        input,
        dependencies: own,
        history: [...turn.history],
        hint: attemptHint(index, total),
        temperature: input.takesTemperature ? attemptHints[index]?.temperature : undefined,
        model: isFirst ? model : own.model,
        sharedHit: own.sharedHit ?? (() => turn.limitHit()),
        taints: [...turn.taints.sources],
        runTurn,
        earlier: earlier.get(index),
        signal,
        onEvent,
      }),
    )
    if (isFirst) giveUp()
  }).finally(() => {
    field.dispose()
    base.dispose()
    channel.close()
  })
  yield* channel
  await running
  turn.signal.throwIfAborted()
}

/** Nobody waits for the sandbox after Stop; a copy that comes later is let go. */
async function openBase(turn: Turn): Promise<ForkBase> {
  const freezing = freeze(turn.dependencies)
  try {
    return await untilAborted(freezing, turn.signal)
  } catch (error) {
    freezing.then((base) => base.dispose()).catch(() => undefined)
    throw error
  }
}

/** The attempts of one run: they stop one another once one of them cannot be beaten, and the user can stop the rest. */
function createField(turn: Turn, emit: Emit) {
  const ended: CandidateResult[] = []
  const running = new Map<number, { controller: AbortController; lines: number }>()
  let hasEnough = false
  const dispose = turn.dependencies.race?.onEnough(() => {
    hasEnough = true
    stopNeedless()
  })
  const reasonToStop = (index: number, lines: number | null): string | null => {
    if (hasEnough || turn.signal.aborted) return 'Stopped by you.'
    const leader = leaderOf(ended)
    return leader && whyStop(leader, { index, lines })
  }
  const stopNeedless = () => {
    for (const [index, { controller, lines }] of running) {
      const why = reasonToStop(index, lines)
      if (why !== null) controller.abort(new VitrineError('aborted', why))
    }
  }
  return {
    dispose: () => dispose?.(),
    async run(
      index: number,
      attempt: (signal: AbortSignal, onEvent: (event: AgentEvent, lines: number) => void) => Promise<CandidateResult>,
    ): Promise<void> {
      const needless = reasonToStop(index, null)
      if (needless !== null) {
        emit({ type: 'candidate-end', ...emptyResult({ index, status: 'stopped', reason: needless }) })
        return
      }
      const controller = new AbortController()
      const entry = { controller, lines: 0 }
      running.set(index, entry)
      const result = await attempt(AbortSignal.any([turn.signal, controller.signal]), (event, lines) => {
        emit({ type: 'candidate-event', index, event })
        if (lines === entry.lines) return
        entry.lines = lines
        stopNeedless()
      })
      running.delete(index)
      turn.steps += result.steps - (result.toldSteps ?? 0)
      emit({ type: 'candidate-end', ...result })
      ended.push(result)
      stopNeedless()
    },
  }
}

/** A reload cuts attempts off; their forks are gone. */
async function* endInterrupted(turn: Turn, events: readonly AgentEvent[]): AsyncGenerator<AgentEvent, void> {
  for (const index of foldRace(events).open) {
    const reason = 'Interrupted by a reload; its copy of the project is gone.'
    yield turn.record({ type: 'candidate-end', ...emptyResult({ index, status: 'stopped', reason }) })
  }
}

function hasFinished(events: readonly AgentEvent[]): boolean {
  const { results, pick } = foldRace(events)
  return pick !== null || [...results.values()].some(canBeTaken)
}

function allOf({ input }: Turn): number[] {
  return Array.from({ length: input.candidates ?? 1 }, (_, index) => index)
}

function unfinished(results: readonly CandidateResult[]): number[] {
  return results.flatMap(({ index, status }) => (status === 'done' ? [] : [index])).sort((a, b) => a - b)
}

function noneLeft(results: readonly CandidateResult[]): Rest {
  const reason = results.find(({ status }) => status === 'failed')?.reason ?? 'None of them came to an end.'
  return {
    status: 'failed',
    message: '',
    error: {
      code: 'internal_error',
      message: `All ${results.length} attempts failed. ${reason}`,
      action: 'Try again.',
    },
  }
}

function isTold({ history }: Turn): boolean {
  const last = history.at(-1)
  return last !== undefined && textOf(last) === testsWanted
}
