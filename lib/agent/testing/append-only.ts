import { endsInTrigger, type ResponsesRequest } from '@/lib/models'
import type { AgentEvent } from '../events'

/**
 * The first request of a thread that does not begin with all of the one before, or null. `requests` and `events` are of
 * the whole thread; only a compaction, or its undoing, may begin a new prefix.
 */
export function firstRewrite(requests: readonly ResponsesRequest[], events: readonly AgentEvent[]): number | null {
  const steps = requests.filter(({ tool_choice, input }) => tool_choice === 'auto' && !endsInTrigger(input))
  let before: ResponsesRequest | null = null
  let step = 0
  for (const event of events) {
    if (event.type === 'compaction' || event.type === 'compaction-undone') before = null
    if (event.type !== 'step-start') continue
    const request = steps[step]
    if (!request) return step
    if (before && !isPrefix(before.input, request.input)) return step
    before = request
    step += 1
  }
  return step === steps.length ? null : step
}

function isPrefix(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.every((item, index) => JSON.stringify(item) === JSON.stringify(after[index]))
}
