'use client'
import { Sparkles, X } from 'lucide-react'
import { ScrollBox } from '@/components/agent/scroll-box'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { IconButton } from '../ui/icon-button'
import { useStore } from '../use-store'
import { useWorkbench } from '../workbench-context'
import { describeError, linesAround } from './describe-error'

/** Over the page that broke: what, where in the user's file, and a way to have it mended. */
export function PreviewErrorCard() {
  const session = useSession()
  const workbench = useWorkbench()
  const { error, url } = useStore(session.preview.state, (state) => state)
  if (error === null) return null
  const { place } = error
  const lines = linesAround(session.workspace.files, place)
  return (
    <div
      role="alert"
      className="absolute inset-x-2 bottom-2 flex max-h-[70%] flex-col gap-2 overflow-y-auto rounded-lg border border-line-strong bg-raised p-3 shadow-float"
    >
      <div className="flex items-start gap-2">
        <p className="m-0 min-w-0 flex-1 whitespace-pre-wrap break-words font-medium text-bad-text">{error.message}</p>
        <IconButton label="Dismiss" size="sm" onClick={() => session.preview.dismissError()}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      {place && (
        <button
          type="button"
          onClick={() =>
            workbench.openFile(place.path, { keep: true, place: { line: place.line, column: place.column } })
          }
          className="self-start font-mono text-meta text-you-text underline-offset-2 hover:underline"
        >
          {place.path}:{place.line}:{place.column}
        </button>
      )}
      {lines.length > 0 && (
        <ScrollBox aria-label="Where it happened" className="overflow-x-auto rounded-md bg-sunken p-2">
          <pre className="m-0 block w-max min-w-full font-mono text-[12px] leading-[18px]">
            {lines.map(({ number, text, isWrong }) => (
              <span key={number} className={isWrong ? 'block bg-bad-surface text-bad-text' : 'block text-muted'}>
                {String(number).padStart(4)} {text || ' '}
              </span>
            ))}
          </pre>
        </ScrollBox>
      )}
      <div className="flex gap-2">
        <Button
          tone="primary"
          size="sm"
          onClick={() => workbench.compose(describeError(error, url, session.workspace.files))}
        >
          <Sparkles size={12} aria-hidden />
          Fix with agent
        </Button>
      </div>
    </div>
  )
}
