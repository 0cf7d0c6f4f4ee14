import type { AgentEvent } from '../events'

/** More are not named: one is enough to be careful. */
const maxSources = 5

/** Text that nobody here wrote, as far as it came into the thread. What it says must not decide what reaches out. */
export interface Taints {
  readonly sources: readonly string[]
  /** Whether it is news. */
  add(source: string): boolean
  /** Rules that the user allowed for good with such text about. */
  readonly allowedKnowingly: readonly string[]
  /** Counts only once there is such text. */
  allow(rule: string): void
}

export function createTaints(earlier: readonly string[] = [], allowed: readonly string[] = []): Taints {
  const sources = [...new Set(earlier)]
  const allowedKnowingly = [...new Set(allowed)]
  return {
    sources,
    allowedKnowingly,
    allow(rule) {
      if (sources.length > 0) allowedKnowingly.push(rule)
    },
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

/** What was allowed for good in a thread after foreign text had come into it. */
export function foldAllowedKnowingly(events: readonly AgentEvent[]): string[] {
  const taints = createTaints()
  const rules = new Map<string, string | null>()
  for (const event of events) {
    const inner = event.type === 'candidate-event' ? event.event : event
    if (inner.type === 'taint') taints.add(inner.source)
    if (event.type === 'approval-request') rules.set(event.approval.id, event.approval.rule)
    if (event.type === 'approval-decision' && event.decision === 'always') {
      const rule = rules.get(event.id)
      if (rule) taints.allow(rule)
    }
  }
  return [...taints.allowedKnowingly]
}

/** For the approval card; empty when the context holds nothing foreign. */
export function taintReason(sources: readonly string[]): string {
  return sources.length === 0 ? '' : ` Text from outside is in the context: ${sources.join('; ')}.`
}
