'use client'

import { RefreshCw } from 'lucide-react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Spinner } from '@/components/ui/spinner'
import { useStanding } from '@/components/use-standing'
import { plural } from '@/lib/base'
import type { ToolServerInfo } from '@/lib/session/types'
import { useAttempt } from '../use-attempt'
import { ToolRow } from './tool-row'

export function ServerSection({ server, isListed }: { server: ToolServerInfo; isListed: boolean }) {
  const { toolServers } = useSession()
  const attempt = useAttempt()
  const mayChange = useStanding() === null
  const { address, name, on, tools } = server
  const isConnecting = server.status === 'connecting'
  const isGone = isListed && server.id === null
  const count = tools.filter((tool) => tool.on).length
  return (
    <section aria-label={name} className="rounded-lg border border-line">
      <div className="flex items-center gap-2.5 px-3 py-2">
        <label className="flex min-h-7 min-w-0 flex-1 items-center gap-2.5 touch:min-h-11">
          <input
            type="checkbox"
            checked={on || isConnecting}
            disabled={isConnecting || !mayChange || (isGone && !on)}
            onChange={({ target }) => void attempt(toolServers.setOn(address, target.checked))}
            className="shrink-0 accent-(--you-solid)"
          />
          <span className="min-w-0 flex-1">
            <span className="block break-words font-semibold [overflow-wrap:anywhere]">{name}</span>
            <span className="block text-meta text-muted">
              {isConnecting ? 'Connecting…' : on ? `${count} of ${plural(tools.length, 'tool')} on` : 'Off'}
              {address.startsWith('http:') && ' · on the machine of this IDE’s server'}
              {server.signedIn && ' · signed in by this IDE'}
            </span>
          </span>
        </label>
        {isConnecting && (
          <>
            <Spinner />
            <Button size="sm" aria-label={`Stop connecting to ${name}`} onClick={() => toolServers.cancel(address)}>
              Cancel
            </Button>
          </>
        )}
        {on && !isConnecting && (
          <IconButton
            label={`List the tools of ${name} again`}
            disabled={!mayChange}
            onClick={() => void attempt(toolServers.refresh(address))}
          >
            <RefreshCw size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      {server.problem !== null && (
        <p role="alert" className="m-0 px-3 pb-2 text-bad-text">
          {server.problem}
        </p>
      )}
      {isGone && <p className="m-0 px-3 pb-2 text-warn-text">This IDE no longer reaches it.</p>}
      {on && tools.length > 0 && (
        <ul aria-label={`Tools of ${name}`} className="m-0 list-none border-line border-t p-0">
          {tools.map((tool) => (
            <ToolRow
              key={tool.name}
              tool={tool}
              disabled={!mayChange}
              onChange={(isOn) => toolServers.setTool(address, tool.name, isOn)}
            />
          ))}
        </ul>
      )}
    </section>
  )
}
