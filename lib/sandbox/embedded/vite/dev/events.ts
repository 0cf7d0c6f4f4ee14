import type { HotMessage } from '../client/hot-context'

/** The pages that listen for updates, as event streams. */
export interface PageEvents {
  /** The number of the last update, for a page that is about to be made from what is there now. */
  last(): number
  /** `since`: the last update that the page has, or that it was made after; those it missed are told first. */
  stream(signal: AbortSignal, since: number | null): ReadableStream<Uint8Array>
  send(message: HotMessage): void
}

/** How soon a page whose stream was cut asks for another one. */
const retryMs = 300
/** A page that missed more is loaded anew. */
const maxKept = 100

export function createPageEvents(onOpen: (send: (message: HotMessage) => void) => void): PageEvents {
  const pages = new Set<(message: HotMessage, id: number) => void>()
  const encoder = new TextEncoder()
  const kept: { id: number; message: HotMessage }[] = []
  // Not from zero on: a page of an earlier server is behind all that this one tells.
  let last = Date.now()

  const missedSince = (since: number): typeof kept => {
    const isKept = since <= last && since >= last - kept.length
    if (isKept) return kept.filter(({ id }) => id > since)
    return [{ id: last, message: { type: 'full-reload', reason: 'the page has missed updates' } }]
  }

  return {
    last: () => last,
    stream(signal, since) {
      let send: (message: HotMessage, id?: number) => void = () => undefined
      const close = () => void pages.delete(send)
      signal.addEventListener('abort', close)
      return new ReadableStream<Uint8Array>({
        start(controller) {
          send = (message, id) => {
            const numbered = id === undefined ? '' : `id: ${id}\n`
            controller.enqueue(encoder.encode(`${numbered}data: ${JSON.stringify(message)}\n\n`))
          }
          controller.enqueue(encoder.encode(`retry: ${retryMs}\n`))
          if (!signal.aborted) pages.add(send)
          send({ type: 'connected' })
          if (since !== null) for (const { id, message } of missedSince(since)) send(message, id)
          onOpen(send)
        },
        cancel: close,
      })
    },
    send(message) {
      // Errors are told to who opens a stream as long as they stand.
      if (message.type !== 'error') {
        kept.push({ id: ++last, message })
        if (kept.length > maxKept) kept.shift()
      }
      for (const page of pages) page(message, last)
    },
  }
}
