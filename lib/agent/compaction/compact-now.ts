import type { AgentEvent } from '../events'
import { createTurn } from '../turn'
import type { TurnDependencies, TurnInput } from '../types'
import { compact, tellSummaries } from './make-room'

/** Shortens a thread that rests. `input` names its last turn, to which the events belong. */
export async function* compactNow(
  input: TurnInput,
  dependencies: TurnDependencies,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const turn = createTurn(input, dependencies, signal)
  try {
    yield* compact(turn, 'user')
    await turn.settled()
  } catch (error) {
    if (!signal.aborted) throw error
    yield* tellSummaries(turn)
    yield turn.record({ type: 'compaction-failed', reason: 'user', message: 'You stopped it.' })
  } finally {
    turn.dispose()
  }
}
