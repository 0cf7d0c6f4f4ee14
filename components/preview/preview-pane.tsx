'use client'
import { Globe, RotateCw, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { PaneBoundary } from '../pane-boundary'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { EmptyState } from '../ui/empty-state'
import { IconButton } from '../ui/icon-button'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { PreviewFrame } from './preview-frame'

/** The page of the project, beside the editor. */
export function PreviewPane() {
  const session = useSession()
  const workbench = useWorkbench()
  const { url, canGoBack, canGoForward } = useStore(session.preview.state, (state) => state)
  const restricted = useStore(session.project, (state) => state.meta.restricted)
  const [version, setVersion] = useState(0)

  const navigate = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const path = new FormData(event.currentTarget).get('path')
    if (typeof path === 'string') session.preview.open(path)
  }
  return (
    <section aria-label="Preview" className="flex h-full min-w-0 flex-col bg-bg">
      <form
        onSubmit={navigate}
        className="flex h-9 shrink-0 items-center gap-1 border-line border-b bg-panel px-1.5 touch:h-12"
      >
        <IconButton
          label="Reload the preview"
          size="sm"
          type="button"
          disabled={document === null}
          onClick={() => setVersion(version + 1)}
        >
          <RotateCw size={13} aria-hidden />
        </IconButton>
        <input
          key={url}
          name="path"
          aria-label="Page to show"
          defaultValue={url ?? '/'}
          spellCheck={false}
          className="h-6 min-w-0 flex-1 rounded-md bg-sunken px-2 font-mono text-meta outline-none focus-visible:outline-1 focus-visible:outline-you touch:h-9"
        />
        <IconButton
          label="Close the preview"
          size="sm"
          type="button"
          onClick={() => {
            session.preview.close()
            workbench.setShown('preview', false)
          }}
        >
          <X size={14} aria-hidden />
        </IconButton>
      </form>
      <div className="min-h-0 flex-1">
        <PaneBoundary name="Preview">
          {document !== null && !restricted ? (
            <PreviewFrame document={document} version={version} />
          ) : (
            <EmptyState
              icon={<Globe size={26} strokeWidth={1.25} />}
              title="Nothing to show yet"
              action={
                !restricted && (
                  <Button tone="primary" onClick={() => session.preview.open()}>
                    Open the preview
                  </Button>
                )
              }
            >
              {restricted
                ? 'Pages of a linked project show after “Trust and fork”.'
                : 'Add an index.html, or ask the agent to build a page.'}
            </EmptyState>
          )}
        </PaneBoundary>
      </div>
    </section>
  )
}
