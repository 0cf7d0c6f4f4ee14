import type { AgentEvent } from '../events'

/** A thread's events with the requests of attempts that were taken among them: those are part of the thread. */
export function withStepsTaken(events: readonly AgentEvent[]): AgentEvent[] {
  const taken = new Map(
    events.flatMap((event) => (event.type === 'candidates-picked' ? [[event.turnId, event.index] as const] : [])),
  )
  return events.flatMap((event) => {
    if (event.type !== 'candidate-event') return [event]
    const { event: inner, index, turnId } = event
    const isStep = inner.type === 'step-start' || inner.type === 'step-end'
    return isStep && taken.get(turnId) === index ? [{ ...inner, turnId }] : []
  })
}
