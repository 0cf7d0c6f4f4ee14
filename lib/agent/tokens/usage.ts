import type { Usage } from '@/lib/models'
import type { AgentEventBody } from '../events'

export const noUsage: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 0,
}

export function addUsage(a: Usage, b: Usage | null): Usage {
  if (b === null) return a
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    totalTokens: a.totalTokens + b.totalTokens,
  }
}

/** What a response of the model used, also one that led to nothing; `cost` is undefined when its price is not known. */
export function paidFor(event: AgentEventBody): { usage: Usage; cost: number | undefined } | null {
  switch (event.type) {
    case 'step-end':
    case 'compaction':
    case 'compaction-failed':
    case 'summary-use':
      return event.usage ? { usage: event.usage, cost: event.cost } : null
    default:
      return null
  }
}
