'use client'

import { Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Spinner } from '@/components/ui/spinner'
import { useStore } from '@/components/use-store'
import { ServerForm } from './server-form'
import { ServerSection } from './server-section'

/** Servers of tools that the operator allows or the user adds: switched on for the project here, tool by tool. */
export function ToolServersDialog({ onClose }: { onClose: () => void }) {
  const { toolServers } = useSession()
  const servers = useStore(toolServers.state, (state) => state.servers)
  const list = useStore(toolServers.state, (state) => state.list)
  const problem = useStore(toolServers.state, (state) => state.problem)
  useEffect(() => void toolServers.load(), [toolServers])
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Tools from servers"
      description="A server that is on offers the agent its tools in this project. What the agent sends there leaves this tab, so it asks before each call, until you allow a tool for good."
      className="w-[min(640px,calc(100vw-24px))]"
    >
      {problem !== null && (
        <div role="alert" className="mb-3 flex flex-wrap items-center gap-2 text-bad-text">
          <span className="min-w-0 flex-1">{problem}</span>
          <Button onClick={() => void toolServers.load()}>Try again</Button>
        </div>
      )}
      {servers.length === 0 && list === 'loading' && <Spinner label="Asking which servers there are" />}
      {servers.length === 0 && list === 'known' && <NoServers />}
      <div className="flex flex-col gap-4">
        {servers.map((server) => (
          <ServerSection key={server.address} server={server} isListed={list === 'known'} />
        ))}
        <AddServer />
      </div>
    </Dialog>
  )
}

/** What the user adds is the user's, for all projects of this browser. */
function AddServer() {
  const { toolServers } = useSession()
  const mayAdd = useStore(toolServers.state, (state) => state.mayAdd)
  /** Null until the form was opened once: whoever closes it is back at the button. */
  const [isOpen, setIsOpen] = useState<boolean | null>(null)
  if (isOpen) return <ServerForm onDone={() => setIsOpen(false)} />
  if (mayAdd === null) return null
  if (!mayAdd) {
    return (
      <p className="m-0 text-muted">
        Whoever runs this IDE does not allow adding servers (<code>VITRINE_OWN_MCP_SERVERS</code>).
      </p>
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button autoFocus={isOpen === false} onClick={() => setIsOpen(true)}>
        <Plus size={14} aria-hidden />
        Add a server
      </Button>
      <span className="min-w-0 flex-1 text-meta text-muted">
        Any that speaks MCP over streamable HTTP on the public internet. It stays in this browser, in no project or
        link.
      </span>
    </div>
  )
}

function NoServers() {
  return (
    <p className="m-0 py-2 text-muted">
      There are none yet. Whoever runs this IDE can name some for everybody in <code>VITRINE_MCP_SERVERS</code>.
    </p>
  )
}
