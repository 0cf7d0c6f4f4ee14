'use client'

import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useSession } from '@/components/session-context'
import { IconButton } from '@/components/ui/icon-button'
import { Menu, type MenuEntry } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import { useStore } from '@/components/use-store'
import type { TurnView } from '@/lib/agent'
import { RestoreDialog } from '../header/restore-dialog'
import { useAttempt } from '../use-attempt'

/** What can be done with a turn that rests. */
export function TurnMenu({ turn }: { turn: TurnView }) {
  const { threads, checkpoints } = useSession()
  const attempt = useAttempt()
  const toast = useToast()
  const before = useStore(checkpoints.state, ({ list }) => list.find(({ id }) => id === turn.checkpointId))
  const [isRestoring, setRestoring] = useState(false)
  const answer = turn.parts.findLast((part) => part.type === 'text')
  const fork = async () => {
    await threads.fork(turn.id, 'after')
    toast({ text: 'This is a copy now. The first conversation is kept under Conversations.' })
  }
  const entries: MenuEntry[] = [
    ...(answer?.type === 'text'
      ? [{ label: 'Copy the answer', onSelect: () => void attempt(navigator.clipboard.writeText(answer.text)) }]
      : []),
    { label: 'Fork the conversation here', onSelect: () => void attempt(fork()) },
    ...(before ? [{ label: 'Go back to before this turn…', onSelect: () => setRestoring(true) }] : []),
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
