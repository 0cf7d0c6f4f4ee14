import { expect, it } from 'vitest'
import { readEvents, toEventStream } from './event-stream'

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

it('sends events that came together in one piece, and none later than it came', async () => {
  let goOn: () => void = () => {}
  async function* events() {
    yield { type: 'a' }
    yield { type: 'b' }
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
    yield { type: 'c' }
  }
  const reader = toEventStream(events()).getReader()
  const readTypes = async () => new TextDecoder().decode((await reader.read()).value).match(/"type":"."/g)
  expect(await readTypes()).toEqual(['"type":"a"', '"type":"b"'])
  goOn()
  expect(await readTypes()).toEqual(['"type":"c"'])
  expect((await reader.read()).done).toBe(true)
})

it('does not read a source to its end for a client that reads nothing', async () => {
  let taken = 0
  async function* endless() {
    for (;;) yield { type: 'a', text: 'x'.repeat(1000), count: taken++ }
  }
  const reader = toEventStream(endless()).getReader()
  await reader.read()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(taken).toBeLessThan(200)
})
