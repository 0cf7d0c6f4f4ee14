'use client'

import { Plug } from 'lucide-react'
import { useSession } from '@/components/session-context'
import { IconButton } from '@/components/ui/icon-button'
import { useStore } from '@/components/use-store'
import { useWorkbench } from '@/components/workbench-context'
import { plural } from '@/lib/base'

/** There while the agent may use tools of other servers; otherwise the palette and `/servers` lead to them. */
export function ToolServersButton() {
  const { toolServers } = useSession()
  const workbench = useWorkbench()
  const count = useStore(toolServers.state, ({ servers }) => servers.filter(({ on }) => on).length)
  if (count === 0) return null
  return (
    <IconButton
      label={`Tools from servers: ${plural(count, 'server')} on`}
      onClick={() => workbench.setOverlay('tool-servers')}
    >
      <Plug size={15} aria-hidden />
    </IconButton>
  )
}
