import { isAbort, VitrineError } from '@/lib/base'
import { encodeSse, readSse } from '@/lib/models/responses'
import type { StreamEvent } from './filter-events'

const encoder = new TextEncoder()
const ping = encoder.encode(': ping\n\n')
const maxJoined = 64 * 1024

/**
 * Events as a server-sent stream; those that came together leave together, since a write costs more than what it holds.
 * They are asked for when the client has room for them, so a slow client slows the source; a comment keeps the connection alive while the model thinks. Cancelling ends the source.
 */
export function toEventStream(
  events: AsyncIterator<StreamEvent>,
  { pingMs = 15_000 } = {},
): ReadableStream<Uint8Array> {
  let next: Promise<IteratorResult<StreamEvent>> | null = null
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        next ??= events.next()
        let result = await firstOf(next, pingMs)
        if (result === null) return controller.enqueue(ping)
        let text = ''
        while (result !== null && !result.done) {
          text += encodeSse(result.value)
          next = events.next()
          result = text.length < maxJoined ? await ifHere(next) : null
        }
        if (text !== '') controller.enqueue(encoder.encode(text))
        if (result?.done) controller.close()
      },
      async cancel() {
        await events.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** The result when nothing more has to come for it; else null. */
function ifHere<Value>(work: Promise<Value>): Promise<Value | null> {
  return Promise.race([work, new Promise<null>((resolve) => setImmediate(resolve, null))])
}

/** The result, or null when it takes longer than `ms`. */
async function firstOf<Value>(work: Promise<Value>, ms: number): Promise<Value | null> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The events of an upstream body. What is not JSON is skipped. A cut ends the sequence without a last event, as the
 * upstream itself would; silence for `idleMs` ends it with `response.failed`. `signal` lets go of the body at once, even
 * while nobody asks for the next event.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { idleMs, signal }: { idleMs: number; signal: AbortSignal },
): AsyncGenerator<StreamEvent> {
  try {
    for await (const { data } of readSse(chunksOf(body, idleMs, signal))) {
      const event = toEvent(data)
      if (event) yield event
    }
  } catch (error) {
    if (signal.aborted || isAbort(error)) return
    if (!(error instanceof VitrineError)) return
    yield {
      type: 'response.failed',
      sequence_number: 0,
      response: {
        object: 'response',
        status: 'failed',
        error: { code: error.code, message: error.message },
        output: [],
      },
    }
  }
}

async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  idleMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  const leave = () => reader.cancel().catch(() => undefined)
  // Node's `fetch` holds the signal it was given by a weak reference: after a garbage collection it no longer hears it.
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) void leave()
  try {
    for (;;) {
      const result = await firstOf(reader.read(), idleMs)
      if (result === null)
        throw new VitrineError(
          'upstream_timeout',
          `The model server said nothing for ${Math.round(idleMs / 1000)} seconds.`,
        )
      if (result.done) return
      yield result.value
    }
  } finally {
    signal.removeEventListener('abort', leave)
    await leave()
  }
}

function toEvent(data: string): StreamEvent | null {
  try {
    const event: unknown = JSON.parse(data)
    const type = typeof event === 'object' && event !== null && 'type' in event ? event.type : null
    // A type stands on a line of its own, so it must not hold another line.
    return typeof type === 'string' && /^[\w.-]+$/.test(type) ? (event as StreamEvent) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
