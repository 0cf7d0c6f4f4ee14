'use client'

import { Pencil, RefreshCw, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useSession } from '@/components/session-context'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Spinner } from '@/components/ui/spinner'
import { useStanding } from '@/components/use-standing'
import { plural } from '@/lib/base'
import type { ToolServerInfo } from '@/lib/session/types'
import { useAttempt } from '../use-attempt'
import { ServerForm } from './server-form'
import { ToolRow } from './tool-row'

const tokenWords = { memory: ' · with your token until a reload', tab: ' · with your token until this tab closes' }

export function ServerSection({ server, isListed }: { server: ToolServerInfo; isListed: boolean }) {
  /** Null until it was edited once: whoever closes the form is back at the button that opened it. */
  const [isEdited, setIsEdited] = useState<boolean | null>(null)
  if (isEdited) return <ServerForm server={server} onDone={() => setIsEdited(false)} />
  return (
    <ServerDetails server={server} isListed={isListed}>
      {server.isOwn && <OwnServerBar server={server} wasEdited={isEdited === false} onEdit={() => setIsEdited(true)} />}
    </ServerDetails>
  )
}

interface ServerDetailsProps {
  server: ToolServerInfo
  isListed: boolean
  children: ReactNode
}

function ServerDetails({ server, isListed, children }: ServerDetailsProps) {
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
            {server.givenName !== '' && (
              <span className="block text-meta text-muted [overflow-wrap:anywhere]">{address}</span>
            )}
            <span className="block text-meta text-muted">
              {isConnecting ? 'Connecting…' : on ? `${count} of ${plural(tools.length, 'tool')} on` : 'Off'}
              {address.startsWith('http:') && ' · on the machine of this IDE’s server'}
              {server.signedIn && ' · signed in by this IDE'}
              {server.isOwn && ' · added by you'}
              {server.token !== 'none' && tokenWords[server.token]}
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
      {isGone && (
        <p className="m-0 px-3 pb-2 text-warn-text">
          {server.isOwn
            ? 'Whoever runs this IDE does not allow adding servers, so it cannot be used here.'
            : 'This IDE no longer reaches it.'}
        </p>
      )}
      {children}
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

interface OwnServerBarProps {
  server: ToolServerInfo
  wasEdited: boolean
  onEdit: () => void
}

function OwnServerBar({ server, wasEdited, onEdit }: OwnServerBarProps) {
  const { toolServers } = useSession()
  const attempt = useAttempt()
  const { address, name, token } = server
  return (
    <div className="flex flex-wrap gap-1 px-3 pb-2">
      <Button size="sm" autoFocus={wasEdited} aria-label={`Edit ${name}`} onClick={onEdit}>
        <Pencil size={12} aria-hidden />
        Edit
      </Button>
      {token !== 'none' && (
        <Button
          size="sm"
          aria-label={`Forget the token of ${name}`}
          onClick={() => void attempt(toolServers.forgetToken(address))}
        >
          Forget token
        </Button>
      )}
      <Button size="sm" aria-label={`Remove ${name}`} onClick={() => void attempt(toolServers.remove(address))}>
        <Trash2 size={12} aria-hidden />
        Remove
      </Button>
    </div>
  )
}
