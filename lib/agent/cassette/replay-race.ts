import { createEmitter } from '@/lib/base'
import type { AgentEvent } from '../events'
import type { RaceArrangement, TurnDependencies } from '../types'
import type { CassetteRace, RaceAttempt, RaceRun } from './cassette'
import { createRaceOrder, type RaceOrder } from './race-order'
import { createRecordedModel } from './recorded-model'
import { type Break, ranUnasked, recordedTool, untilStopped } from './recorded-tool'

export interface RaceReplay {
  arrangement: RaceArrangement
  follow(event: AgentEvent): void
  /** How often attempts were begun. */
  begun(): number
  /** Nothing more of it was recorded. */
  isOver(): boolean
}

/**
 * The attempts of a recorded race: each runs through the loop again, on a copy of the files, with what its model and its
 * tools gave. `broken`: where the turn was stopped or cut while they ran, or while one was to be chosen.
 */
export function createRaceReplay({ runs, pick }: CassetteRace, broken: Break): RaceReplay {
  const enough = createEmitter<void>()
  let begun = 0
  let run: RaceRun = { atOnce: 0, order: [], attempts: [], ranking: [] }
  let order: RaceOrder | null = null
  let isTaken = false

  const onRest = () => {
    if (broken.isDue()) void broken.wait(new AbortController().signal)
    else enough.emit()
  }
  return {
    arrangement: {
      get cores() {
        return run.atOnce
      },
      async choose(_question, signal) {
        if (broken.isDue()) return broken.wait(signal)
        if (begun < runs.length) return { kind: 'again' }
        return pick ? { kind: 'take', ...pick } : broken.wait(signal)
      },
      onEnough: enough.subscribe,
      attempt: (index) =>
        dependenciesOf(run.attempts.find((attempt) => attempt.index === index) ?? nothing(index), order),
    },
    follow(event) {
      if (event.type === 'candidates-start') {
        run = runs[begun++] ?? { atOnce: event.total, order: [], attempts: [], ranking: [] }
        order = createRaceOrder(run.order, onRest)
      }
      if (event.type === 'candidate-end') order?.end(event.index)
      if (event.type === 'candidates-picked') isTaken = true
    },
    begun: () => begun,
    isOver: () => begun >= runs.length && (pick === null || isTaken),
  }
}

function dependenciesOf(attempt: RaceAttempt, order: RaceOrder | null): Partial<TurnDependencies> {
  const { index, responses, verification, limit, expected } = attempt
  const hasAll = () => asked() >= responses.length
  const broken: Break = {
    isDue: () => expected.status === 'stopped' && hasAll(),
    wait(signal) {
      order?.rest(index)
      return untilStopped(signal)
    },
  }
  const turn = async (signal: AbortSignal) => order?.turnOf(index, signal)
  const { model, asked } = createRecordedModel(responses, { broken, turn })
  return {
    model,
    sharedHit: () => (hasAll() && limit) || null,
    wrapTool: (tool) => recordedTool(tool, attempt, { broken, turn }),
    recorded: {
      context: () => [],
      room: () => [],
      verification: () => verification,
      ranUnasked: ranUnasked(attempt),
    },
  }
}

/** It was not begun then. */
function nothing(index: number): RaceAttempt {
  const expected = { status: 'stopped' as const, steps: 0, message: '', files: {} }
  return { index, responses: [], results: {}, effects: {}, verification: null, expected }
}
