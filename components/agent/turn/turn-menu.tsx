'use client'

import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { showCompare, showReview } from '@/components/review/open-review'
import { useSession } from '@/components/session-context'
import { IconButton } from '@/components/ui/icon-button'
import { Menu, type MenuEntry } from '@/components/ui/menu'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import type { TurnView } from '@/lib/agent'
import { RestoreDialog } from '../header/restore-dialog'
import { useAttempt } from '../use-attempt'
import { useFork } from './use-fork'

/** What can be done with a turn that rests. */
export function TurnMenu({ turn }: { turn: TurnView }) {
  const { threads, checkpoints, reviewer } = useSession()
  const workbench = useWorkbench()
  const attempt = useAttempt()
  const fork = useFork()
  const before = useStore(checkpoints.state, ({ list }) => list.find(({ id }) => id === turn.checkpointId))
  const [isRestoring, setRestoring] = useState(false)
  const answer = turn.parts.findLast((part) => part.type === 'text')
  const compare = () => {
    showCompare(turn.checkpointId)
    workbench.showNarrow('editor')
  }
  const reviewChanges = () => {
    showReview('findings')
    void attempt(reviewer.start())
  }
  const entries: MenuEntry[] = [
    ...(answer?.type === 'text'
      ? [{ label: 'Copy the answer', onSelect: () => void attempt(navigator.clipboard.writeText(answer.text)) }]
      : []),
    { label: 'Fork the conversation here', onSelect: () => fork(threads.fork(turn.id, 'after')) },
    ...(before
      ? [
          { label: 'Compare with before this turn', onSelect: compare },
          { label: 'Go back to before this turn…', onSelect: () => setRestoring(true) },
        ]
      : []),
    ...(turn.changes.length > 0 ? [{ label: 'Review the changes', onSelect: reviewChanges }] : []),
  ]
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label="More for this turn" size="sm">
            <Ellipsis size={14} aria-hidden />
          </IconButton>
        }
        entries={entries}
      />
      {isRestoring && before && <RestoreDialog checkpoint={before} onClose={() => setRestoring(false)} />}
    </>
  )
}
