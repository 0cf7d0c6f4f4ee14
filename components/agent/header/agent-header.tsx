'use client'

import { ChevronDown, History, SquarePen } from 'lucide-react'
import { memo, useState } from 'react'
import { useSession } from '@/components/session-context'
import { IconButton } from '@/components/ui/icon-button'
import { Menu } from '@/components/ui/menu'
import { Select } from '@/components/ui/select'
import { Tooltip } from '@/components/ui/tooltip'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import type { PolicyMode } from '@/lib/safety'
import type { CheckpointInfo } from '@/lib/session/types'
import { ModelMenu } from '../model/model-menu'
import { ToolServersButton } from '../tool-servers/tool-servers-button'
import { useAttempt } from '../use-attempt'
import { checkpointEntries } from './checkpoint-entries'
import { CheckpointsDialog } from './checkpoints-dialog'
import { ContextMeter } from './context-meter'
import { RestoreDialog } from './restore-dialog'

const policies: { value: PolicyMode; label: string; hint: string }[] = [
  { value: 'read-only', label: 'Read-only', hint: 'Looks around. Changes nothing, runs nothing.' },
  { value: 'review', label: 'Review', hint: 'Edits files for you to review. Asks before it runs commands.' },
  { value: 'auto', label: 'Auto', hint: 'Edits and runs inside the tab. Asks only before what is dangerous.' },
]

export const AgentHeader = memo(function AgentHeader({ title }: { title: string | null }) {
  const { agent, threads } = useSession()
  const workbench = useWorkbench()
  const attempt = useAttempt()
  const id = useStore(agent.state, (state) => state.id)
  const named = useStore(threads.state, ({ list }) => list.find((thread) => thread.id === id)?.title)
  const running = useStore(agent.state, (state) => state.running)
  const policy = useStore(agent.state, (state) => state.policy)
  return (
    <header className="shrink-0 border-line border-b px-2 pt-1 pb-1">
      <div className="flex items-center gap-1">
        <h2 className="m-0 flex min-w-0 flex-1">
          <Tooltip content="Conversations">
            <button
              type="button"
              onClick={() => workbench.setOverlay('threads')}
              className="flex h-7 min-w-0 items-center gap-1 rounded-md px-1.5 font-semibold text-ui hover:bg-hover touch:h-11"
            >
              <span className="truncate">{named ?? title ?? 'New conversation'}</span>
              <ChevronDown size={13} aria-hidden className="shrink-0 text-muted" />
            </button>
          </Tooltip>
        </h2>
        <ContextMeter />
        <ToolServersButton />
        <Checkpoints />
        <IconButton
          label={running ? 'Stop the turn before beginning a new conversation' : 'New conversation'}
          aria-disabled={running || title === null}
          className="aria-disabled:opacity-40"
          onClick={() => !running && title !== null && attempt(agent.newThread())}
        >
          <SquarePen size={15} aria-hidden />
        </IconButton>
      </div>
      <div className="flex min-w-0 items-center gap-1">
        <ModelMenu />
        <Select
          quiet
          label="What the agent may do"
          value={policy}
          options={policies}
          onChange={agent.setPolicy}
          className="shrink-0 text-meta!"
        />
      </div>
    </header>
  )
})

function Checkpoints() {
  const { checkpoints } = useSession()
  const list = useStore(checkpoints.state, (state) => state.list)
  const [chosen, setChosen] = useState<CheckpointInfo | null>(null)
  const [isListing, setListing] = useState(false)
  const choose = (checkpoint: CheckpointInfo) => {
    setListing(false)
    setChosen(checkpoint)
  }
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label="Checkpoints">
            <History size={15} aria-hidden />
          </IconButton>
        }
        entries={checkpointEntries(list, { choose, showAll: () => setListing(true) })}
      />
      {isListing && <CheckpointsDialog onChoose={choose} onClose={() => setListing(false)} />}
      {chosen !== null && <RestoreDialog checkpoint={chosen} onClose={() => setChosen(null)} />}
    </>
  )
}
