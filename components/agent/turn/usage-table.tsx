import type { Usage } from '@/lib/models'
import { formatCost, formatShare, formatTokens } from '../format'

export interface UsageRow {
  key: string
  label: string
  usage: Usage
  /** US dollars; null when it is not known. */
  cost: number | null
}

const cell = 'py-1 pl-3 text-right font-normal whitespace-nowrap'

/** Tokens in and out, the share that came from the cache, and the cost where it is known. */
export function UsageTable({ label, rows, total }: { label: string; rows: readonly UsageRow[]; total: UsageRow }) {
  const hasCost = rows.some(({ cost }) => cost !== null && cost > 0)
  return (
    <table aria-label={label} className="tabular w-full border-collapse text-meta">
      <thead className="text-muted">
        <tr>
          <td />
          <th scope="col" className={cell}>
            In
          </th>
          <th scope="col" className={cell}>
            Cached
          </th>
          <th scope="col" className={cell}>
            Out
          </th>
          {hasCost && (
            <th scope="col" className={cell}>
              Cost
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.key} row={row} hasCost={hasCost} />
        ))}
      </tbody>
      <tfoot className="border-line border-t [&_td]:font-semibold [&_th]:font-semibold">
        <Row row={total} hasCost={hasCost} />
      </tfoot>
    </table>
  )
}

function Row({ row: { label, usage, cost }, hasCost }: { row: UsageRow; hasCost: boolean }) {
  return (
    <tr>
      <th scope="row" className="w-full max-w-0 truncate py-1 text-left font-normal">
        {label}
      </th>
      <td className={cell}>{formatTokens(usage.inputTokens)}</td>
      <td className={cell}>{formatShare(usage.cachedInputTokens, usage.inputTokens)}</td>
      <td className={cell}>{formatTokens(usage.outputTokens)}</td>
      {hasCost && <td className={cell}>{cost === null ? 'unknown' : formatCost(cost)}</td>}
    </tr>
  )
}
