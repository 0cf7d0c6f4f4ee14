'use client'

import { useSession } from '@/components/session-context'
import { IconButton } from '@/components/ui/icon-button'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import { assumedWindow } from '@/lib/agent/compaction/window'
import { contextSize } from '@/lib/agent/inspector/context-size'
import { formatTokens } from '../format'

const radius = 5.5
const length = 2 * Math.PI * radius

/** How full the model's window is, as its server last counted. Opens the list of what is in it. */
export function ContextMeter() {
  const { agent } = useSession()
  const workbench = useWorkbench()
  const used = useStore(agent.state, ({ events }) => contextSize(events))
  const contextWindow = useStore(
    agent.state,
    ({ models, model }) => models.find(({ id }) => id === model)?.contextWindow ?? assumedWindow,
  )
  const share = Math.min(1, used / contextWindow)
  const state = used === 0 ? 'empty' : `${formatTokens(used)} of ${formatTokens(contextWindow)} tokens`
  return (
    <IconButton label={`Context: ${state}`} onClick={() => workbench.setOverlay('inspector')}>
      <svg width={15} height={15} viewBox="0 0 15 15" aria-hidden className={share >= 0.75 ? 'text-warn' : undefined}>
        <circle cx={7.5} cy={7.5} r={radius} fill="none" stroke="currentColor" strokeWidth={1.75} opacity={0.3} />
        <circle
          cx={7.5}
          cy={7.5}
          r={radius}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.75}
          strokeLinecap="round"
          strokeDasharray={`${length * share} ${length}`}
          transform="rotate(-90 7.5 7.5)"
        />
      </svg>
    </IconButton>
  )
}
