import { readSse } from '@/lib/models/responses/sse'
import { type Incoming, incoming } from './protocol'

/** Of one message; the route lets 8 MB through in all. */
const maxMessageChars = 4 * 1024 * 1024
const maxMessages = 10_000

/** The messages of one HTTP answer, whether it is JSON or an event stream. What is not a message of the protocol is passed over. */
export async function* messagesOf(response: Response): AsyncGenerator<Incoming> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  if (!isStream) {
    yield* parseMessages(await response.text())
    return
  }
  if (!response.body) return
  let count = 0
  for await (const { data } of readSse(chunksOf(response.body), { maxDataChars: maxMessageChars })) {
    if (++count > maxMessages) throw new Error('The server of tools sent too many messages and no answer.')
    yield* parseMessages(data)
  }
}

function parseMessages(text: string): Incoming[] {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
  // The protocol of 2025-03 may answer with several at once.
  return [data].flat().flatMap((entry) => {
    const parsed = incoming.safeParse(entry)
    return parsed.success ? [parsed.data] : []
  })
}

/** Not every browser iterates over a body by itself. Leaving the loop lets go of the connection. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
