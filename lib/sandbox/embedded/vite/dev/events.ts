import type { HotMessage } from '../client/hot-context'

/** The pages that listen for updates, as event streams. */
export interface PageEvents {
  stream(signal: AbortSignal): ReadableStream<Uint8Array>
  send(message: HotMessage): void
}

export function createPageEvents(onOpen: (send: (message: HotMessage) => void) => void): PageEvents {
  const pages = new Set<(message: HotMessage) => void>()
  const encoder = new TextEncoder()
  return {
    stream(signal) {
      let send: (message: HotMessage) => void = () => undefined
      const close = () => void pages.delete(send)
      signal.addEventListener('abort', close)
      return new ReadableStream<Uint8Array>({
        start(controller) {
          send = (message) => controller.enqueue(encoder.encode(`data: ${JSON.stringify(message)}\n\n`))
          pages.add(send)
          send({ type: 'connected' })
          onOpen(send)
        },
        cancel: close,
      })
    },
    send(message) {
      for (const page of pages) page(message)
    },
  }
}
