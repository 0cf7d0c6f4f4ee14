import { expect, it } from 'vitest'
import { readEvents } from './event-stream'

it('lets go of the upstream when its signal aborts, while nobody asks for the next event', async () => {
  const gone = new AbortController()
  let isLeft = false
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: {"type":"response.created"}\n\n')),
    cancel() {
      isLeft = true
    },
  })
  const events = readEvents(body, { idleMs: 60_000, signal: gone.signal })
  expect((await events.next()).value).toEqual({ type: 'response.created' })
  gone.abort()
  expect(isLeft).toBe(true)
})
