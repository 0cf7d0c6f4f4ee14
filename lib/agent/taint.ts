import type { AgentEvent } from './events'

/** More are not named: one is enough to be careful. */
const maxSources = 5

/** Text that nobody here wrote, as far as it came into the thread. What it says must not decide what reaches out. */
export interface Taints {
  readonly sources: readonly string[]
  /** Whether it is news. */
  add(source: string): boolean
}

export function createTaints(earlier: readonly string[] = []): Taints {
  const sources = [...earlier]
  return {
    sources,
    add(source) {
      if (sources.includes(source) || sources.length >= maxSources) return false
      sources.push(source)
      return true
    },
  }
}

/** What a thread's events say; what an attempt read counts, whether it was taken or not. */
export function foldTaints(events: readonly AgentEvent[]): string[] {
  const taints = createTaints()
  for (const event of events) {
    const inner = event.type === 'candidate-event' ? event.event : event
    if (inner.type === 'taint') taints.add(inner.source)
  }
  return [...taints.sources]
}

/** For the approval card; empty when the context holds nothing foreign. */
export function taintReason(sources: readonly string[]): string {
  return sources.length === 0 ? '' : ` Text from outside is in the context: ${sources.join('; ')}.`
}
