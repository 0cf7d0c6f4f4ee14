import type { AgentEvent } from '../events'

/** Tokens of the last request and its answer, as the model's server counted them; after a compaction, what that left. */
export function contextSize(events: readonly AgentEvent[]): number {
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at]
    if (event === undefined) break
    if (event.type === 'compaction') return event.tokensAfter
    if (event.type === 'compaction-undone') return sizeBefore(events, event.compactionSeq)
    const step = event.type === 'candidates-picked' ? lastStepOf(event.index, events.slice(0, at)) : event
    if (step?.type === 'step-end' && step.usage) return step.usage.inputTokens + step.usage.outputTokens
  }
  return 0
}

function sizeBefore(events: readonly AgentEvent[], compactionSeq: number): number {
  const undone = events.find(({ type, seq }) => type === 'compaction' && seq === compactionSeq)
  return undone?.type === 'compaction' ? undone.tokensBefore : 0
}

function lastStepOf(index: number, events: readonly AgentEvent[]): AgentEvent | undefined {
  const last = events.findLast(
    (event) => event.type === 'candidate-event' && event.index === index && event.event.type === 'step-end',
  )
  return last?.type === 'candidate-event' ? last.event : undefined
}
