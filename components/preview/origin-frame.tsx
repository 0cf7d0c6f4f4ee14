'use client'
import { useEffect, useRef } from 'react'
import { messageOf } from '@/lib/base'
import type { OriginFrame as Frame } from '@/lib/sandbox/embedded/preview/origin/origin-frame'
import { useSession } from '../session-context'

export interface OriginFrameProps {
  /** Under which the page has its host. */
  base: string
  width: number | null
  /** The page cannot be shown there; why. */
  onFailure(reason: string): void
}

/** The previewed page on an origin of its own. */
export function OriginFrame({ base, width, onFailure }: OriginFrameProps) {
  const { preview, project } = useSession()
  const { id } = project.getState().meta
  const host = useRef<HTMLDivElement>(null)

  useEffect(() => {
    let isWanted = true
    let close = () => {}
    const open = async (): Promise<void> => {
      if (!isSecureContext) throw new Error('It needs https, or an address under localhost.')
      const [{ createPreviewOrigins }, { createOriginFrame }] = await Promise.all([
        import('@/lib/sandbox/embedded/preview/origin/addresses'),
        import('@/lib/sandbox/embedded/preview/origin/origin-frame'),
      ])
      const origins = await createPreviewOrigins(base, id)
      if (!isWanted || host.current === null) return
      const frame: Frame = createOriginFrame({ host: host.current, origins, receive: preview.receive, onFailure })
      const detach = preview.attach(frame.post)
      close = () => {
        detach()
        frame.close()
      }
    }
    open().catch((error: unknown) => {
      if (isWanted) onFailure(messageOf(error))
    })
    return () => {
      isWanted = false
      close()
    }
  }, [base, id, preview, onFailure])

  return <div ref={host} style={width === null ? undefined : { width }} className="mx-auto block size-full bg-white" />
}
