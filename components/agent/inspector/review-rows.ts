import type { AgentEvent } from '@/lib/agent'
import { addUsage, noUsage } from '@/lib/agent/tokens/usage'
import type { UsageRow } from '../turn/usage-table'

/** What each review used, one row a review: they are on the conversation's account and no turns of it. */
export function reviewRows(events: readonly AgentEvent[]): UsageRow[] {
  const rows = new Map<string, UsageRow>()
  for (const event of events) {
    if (event.type !== 'review-step') continue
    const { turnId: key, of, usage, cost = usage === null ? 0 : null } = event
    const before = rows.get(key)
    const known = before === undefined ? 0 : before.cost
    rows.set(key, {
      key,
      label: `Review · ${of}`,
      usage: addUsage(before?.usage ?? noUsage, usage),
      cost: known === null || cost === null ? null : known + cost,
    })
  }
  return [...rows.values()]
}
