'use client'
import clsx from 'clsx'
import { Globe, TriangleAlert } from 'lucide-react'
import { useMemo, useState } from 'react'
import { PaneBoundary } from '../pane-boundary'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { EmptyState } from '../ui/empty-state'
import { Spinner } from '../ui/spinner'
import { useStore } from '../use-store'
import { PreviewBar } from './preview-bar'
import { PreviewErrorCard } from './preview-error-card'
import { PreviewFrame } from './preview-frame'
import { usePickedElement } from './use-picked-element'
import { whatOpens } from './what-opens'

/** The page of the project, beside the editor or over everything. */
export function PreviewPane({ narrow = false }: { narrow?: boolean }) {
  const session = useSession()
  const isOpen = useStore(session.preview.state, ({ url }) => url !== null)
  const restricted = useStore(session.project, (state) => state.meta.restricted)
  const [width, setWidth] = useState<number | null>(null)
  const [maximised, setMaximised] = useState(false)
  usePickedElement()

  return (
    <section
      aria-label="Preview"
      className={clsx('flex min-w-0 flex-col bg-bg', maximised ? 'fixed inset-0 z-30' : 'h-full')}
    >
      <PreviewBar
        narrow={narrow}
        width={width}
        onWidth={setWidth}
        maximised={maximised}
        onMaximise={() => setMaximised(!maximised)}
        onClose={() => setMaximised(false)}
      />
      <div className="relative min-h-0 flex-1">
        <PaneBoundary name="Preview">
          {isOpen && !restricted ? (
            <div className={clsx('size-full overflow-auto', width !== null && 'bg-sunken')}>
              <PreviewFrame width={width} />
            </div>
          ) : (
            <NothingShown restricted={restricted} />
          )}
          {!restricted && <PreviewErrorCard />}
          {isOpen && !restricted && <ServerGone />}
        </PaneBoundary>
      </div>
    </section>
  )
}

/** Over a page whose server has ended. */
function ServerGone() {
  const { preview } = useSession()
  const { port, ports, starting, startText } = useStore(preview.state, (state) => state)
  if (port === null || ports.includes(port)) return null
  return (
    <div
      role="status"
      className="absolute inset-x-2 top-2 flex items-center gap-2 rounded-lg border border-line-strong bg-raised p-2 pl-3 shadow-float"
    >
      <p className="m-0 min-w-0 flex-1 truncate">
        {starting ? (startText ?? 'Starting …') : `Nothing listens on port ${port} any more.`}
      </p>
      {starting ? (
        <Button size="sm" onClick={() => preview.stopStarting()}>
          Stop
        </Button>
      ) : (
        <Button size="sm" tone="primary" onClick={() => preview.open()}>
          Open again
        </Button>
      )}
    </div>
  )
}

function NothingShown({ restricted }: { restricted: boolean }) {
  const { preview } = useSession()
  const { starting, startText } = useStore(preview.state, (state) => state)
  if (starting) {
    return (
      <EmptyState
        icon={<Spinner size={22} />}
        title="The development server is starting"
        action={<Button onClick={() => preview.stopStarting()}>Stop</Button>}
      >
        <span className="block font-mono text-[12px] text-muted">{startText ?? ' '}</span>
      </EmptyState>
    )
  }
  if (startText !== null && !restricted) {
    const [, what = startText, said = ''] = /^(.*?)\n(.*)$/s.exec(startText) ?? []
    return (
      <EmptyState
        icon={<TriangleAlert size={24} strokeWidth={1.5} />}
        title={what}
        action={
          <Button tone="primary" onClick={() => preview.open()}>
            Try again
          </Button>
        }
      >
        <span className="block max-h-48 overflow-y-auto whitespace-pre-wrap break-words text-left font-mono text-[12px]">
          {said}
        </span>
      </EmptyState>
    )
  }
  return <Closed restricted={restricted} />
}

function Closed({ restricted }: { restricted: boolean }) {
  const { preview, files: store } = useSession()
  const files = useStore(store, (state) => state.files)
  const ports = useStore(preview.state, (state) => state.ports)
  const words = useMemo(() => whatOpens(files, ports), [files, ports])
  const icon = <Globe size={26} strokeWidth={1.25} />
  if (restricted) {
    return (
      <EmptyState icon={icon} title="The preview is closed">
        Pages of a linked project show after “Trust and fork”.
      </EmptyState>
    )
  }
  if (words === null) {
    return (
      <EmptyState icon={icon} title="Nothing to show yet">
        Add an index.html, start a server in the terminal, or ask the agent to build a page.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={icon}
      title="The preview is closed"
      action={
        <Button tone="primary" onClick={() => preview.open()}>
          Open the preview
        </Button>
      }
    >
      {words}
    </EmptyState>
  )
}
