'use client'
import { useEffect, useRef } from 'react'
import { readPreviewMessage } from '@/lib/sandbox/embedded/preview/messages'
import { useSession } from '../session-context'

/** The opaque frame that shows the preview; what the page says comes home through `readPreviewMessage` alone. */
export function OpaqueFrame({ width }: { width: number | null }) {
  const { preview } = useSession()
  const frame = useRef<HTMLIFrameElement>(null)

  useEffect(() => {
    let detach: (() => void) | null = null
    const onMessage = (event: MessageEvent) => {
      const page = frame.current?.contentWindow
      if (!page || event.source !== page) return
      const message = readPreviewMessage(event.data)
      if (message?.kind === 'frame-ready') {
        detach?.()
        // The frame's origin is opaque, so no target origin can name it; what is sent is the project's own.
        detach = preview.attach((content, transfer = []) => page.postMessage(content, '*', transfer))
      } else if (message) preview.receive(message)
    }
    addEventListener('message', onMessage)
    return () => {
      removeEventListener('message', onMessage)
      detach?.()
    }
  }, [preview])

  return (
    <iframe
      ref={frame}
      title="Preview of the project"
      src="/sandbox/preview.html"
      sandbox="allow-scripts allow-forms allow-modals"
      style={width === null ? undefined : { width }}
      className="mx-auto block size-full border-0 bg-white"
    />
  )
}
