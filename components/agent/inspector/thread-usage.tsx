import { useMemo } from 'react'
import { useSession } from '@/components/session-context'
import { useStore } from '@/components/use-store'
import type { TurnView } from '@/lib/agent'
import { foldTaints } from '@/lib/agent/taint/taint'
import { addUsage, noUsage } from '@/lib/agent/tokens/usage'
import { type UsageRow, UsageTable } from '../turn/usage-table'
import { useThreadView } from '../use-thread-view'
import { reviewRows } from './review-rows'

/** What the conversation used, by turn, and where foreign text came into it. */
export function ThreadUsage() {
  const { agent } = useSession()
  const events = useStore(agent.state, (state) => state.events)
  const { turns } = useThreadView(events)
  const taints = useMemo(() => foldTaints(events), [events])
  const rows = useMemo(
    () => [...turns.map(toRow), ...reviewRows(events)].filter(({ usage }) => usage.totalTokens > 0),
    [turns, events],
  )
  return (
    <>
      {rows.length === 0 ? (
        <p className="m-0 text-muted">Nothing has been used yet, or the server does not count.</p>
      ) : (
        <UsageTable label="What each turn and review used" rows={rows} total={totalOf(rows)} />
      )}
      {rows.some(({ cost }) => cost === null) && (
        <p className="m-0 mt-1 text-muted">Where a price is not known, only tokens are counted.</p>
      )}
      {taints.length > 0 && (
        <p className="m-0 mt-2">
          Text from outside is in the context: {taints.join('; ')}.{' '}
          <span className="text-muted">What may install or reach out asks, whatever was allowed before.</span>
        </p>
      )}
    </>
  )
}

function toRow({ id, text, footer }: TurnView) {
  return { key: id, label: text.split('\n', 1)[0] ?? '', usage: footer.usage, cost: footer.cost }
}

/** Of the known costs; that some are not known is said below. */
function totalOf(rows: readonly UsageRow[]): UsageRow {
  const costs = rows.flatMap(({ cost }) => cost ?? [])
  return {
    key: 'total',
    label: 'This conversation',
    usage: rows.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
    cost: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
  }
}
