import { formatTokens } from '../format'
import type { GroupTotal, ItemGroup } from './group-items'

const fills: Record<ItemGroup, string> = {
  agent: 'bg-[color-mix(in_oklch,var(--muted)_85%,transparent)]',
  project: 'bg-[color-mix(in_oklch,var(--muted)_58%,transparent)]',
  you: 'bg-you',
  summary: 'bg-[color-mix(in_oklch,var(--agent)_45%,transparent)]',
  model: 'bg-agent',
  tools: 'bg-[color-mix(in_oklch,var(--muted)_34%,transparent)]',
}

/** How the window is filled, by origin; the numbers stand below it. */
export function ContextBar({ totals, contextWindow }: { totals: readonly GroupTotal[]; contextWindow: number }) {
  const used = totals.reduce((sum, { tokens }) => sum + tokens, 0)
  // Of an almost empty window nothing could be told apart.
  const scale = Math.max(used * 1.02, Math.min(contextWindow, used * 4))
  return (
    <div>
      <div aria-hidden className="flex h-3 gap-px overflow-hidden rounded-sm bg-sunken">
        {totals.map(({ group, tokens }) => (
          <span key={group} className={fills[group]} style={{ width: `${(tokens / scale) * 100}%` }} />
        ))}
      </div>
      <ul
        aria-label="Tokens by origin"
        className="tabular m-0 mt-2 flex list-none flex-wrap gap-x-4 gap-y-1 p-0 text-meta"
      >
        {totals.map(({ group, label, tokens }) => (
          <li key={group} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2 shrink-0 rounded-xs ${fills[group]}`} />
            {label} <span className="text-muted">{formatTokens(tokens)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
