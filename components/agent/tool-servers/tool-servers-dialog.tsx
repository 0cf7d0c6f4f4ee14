'use client'

import { useEffect } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Spinner } from '@/components/ui/spinner'
import { useStore } from '@/components/use-store'
import { ServerSection } from './server-section'

/** Servers of tools that the operator allows: switched on for the project here, tool by tool. */
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
      </div>
    </Dialog>
  )
}

function NoServers() {
  return (
    <div className="py-4 text-muted">
      <p className="m-0">This IDE reaches no servers of tools.</p>
      <p className="m-0 mt-2">
        Whoever runs it names the allowed ones in <code>VITRINE_MCP_SERVERS</code>: addresses that speak the Model
        Context Protocol over streamable HTTP. A token for one that wants a sign-in goes to{' '}
        <code>VITRINE_MCP_TOKENS</code> and stays on the server.
      </p>
    </div>
  )
}
