'use client'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useSession } from '../session-context'
import { Button } from '../ui/button'
import { IconButton } from '../ui/icon-button'
import { OpaqueFrame } from './opaque-frame'
import { OriginFrame } from './origin-frame'

/** The previewed page: on an origin of its own where the operator has one and it works, else in the opaque frame. */
export function PreviewFrame({ width }: { width: number | null }) {
  const { previewOrigin } = useSession()
  const [problem, setProblem] = useState<string | null>(null)
  const [dismissed, setDismissed] = useState(false)
  if (previewOrigin !== null && problem === null) {
    return <OriginFrame base={previewOrigin} width={width} onFailure={setProblem} />
  }
  const retry = () => {
    setProblem(null)
    setDismissed(false)
  }
  return (
    <>
      {problem !== null && !dismissed && (
        <div
          role="status"
          className="absolute inset-x-2 bottom-2 z-10 flex flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-raised p-2 pl-3 shadow-float"
        >
          <p className="m-0 min-w-40 flex-1 wrap-anywhere">Shown without an origin of its own. {problem}</p>
          <Button size="sm" onClick={retry}>
            Try again
          </Button>
          <IconButton label="Dismiss" size="sm" onClick={() => setDismissed(true)}>
            <X size={13} aria-hidden />
          </IconButton>
        </div>
      )}
      <OpaqueFrame width={width} />
    </>
  )
}
