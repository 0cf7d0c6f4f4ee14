'use client'
import { useEffect, useRef, useState } from 'react'
import { readPreviewMessage } from '@/lib/sandbox/embedded/preview/messages'
import { useSession } from '../session-context'

/** Shows one self-contained document in an opaque frame and brings home what the page says. `version` reloads it. */
export function PreviewFrame({ document, version }: { document: string; version: number }) {
  const { preview } = useSession()
  const frame = useRef<HTMLIFrameElement>(null)
  const [ready, setReady] = useState(false)

  useEffect(() => {
    const onMessage = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow) return
      const message = readPreviewMessage(event.data)
      if (message?.kind === 'frame-ready') setReady(true)
      else if (message?.kind === 'console') preview.log({ level: message.level, text: message.text })
      else if (message?.kind === 'navigate') preview.open(message.path)
    }
    addEventListener('message', onMessage)
    return () => removeEventListener('message', onMessage)
  }, [preview])

  // A new version shows the same document again
  useEffect(() => {
    // The frame's origin is opaque, so no target origin can name it; what is sent is the project's own page.
    if (ready) frame.current?.contentWindow?.postMessage({ vitrineDocument: document }, '*')
  }, [ready, document, version])

  return (
    <iframe
      ref={frame}
      title="Preview of the project"
      src="/sandbox/preview.html"
      sandbox="allow-scripts allow-forms allow-modals"
      className="size-full border-0 bg-white"
    />
  )
}
