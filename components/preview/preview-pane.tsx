'use client'
import clsx from 'clsx'
import { Globe } from 'lucide-react'
import { useState } from 'react'
import { PaneBoundary } from '../pane-boundary'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { EmptyState } from '../ui/empty-state'
import { useStore } from '../use-store'
import { PreviewBar } from './preview-bar'
import { PreviewErrorCard } from './preview-error-card'
import { PreviewFrame } from './preview-frame'
import { usePickedElement } from './use-picked-element'

/** The page of the project, beside the editor or over everything. */
export function PreviewPane() {
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
        </PaneBoundary>
      </div>
    </section>
  )
}

function NothingShown({ restricted }: { restricted: boolean }) {
  const { preview } = useSession()
  const starting = useStore(preview.state, (state) => state.starting)
  return (
    <EmptyState
      icon={<Globe size={26} strokeWidth={1.25} />}
      title={starting ? 'The development server is starting' : 'Nothing to show yet'}
      action={
        !restricted &&
        !starting && (
          <Button tone="primary" onClick={() => preview.open()}>
            Open the preview
          </Button>
        )
      }
    >
      {restricted
        ? 'Pages of a linked project show after “Trust and fork”.'
        : starting
          ? 'Its page shows as soon as it answers.'
          : 'Add an index.html, start a server in the terminal, or ask the agent to build a page.'}
    </EmptyState>
  )
}
