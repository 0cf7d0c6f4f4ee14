import { untilAborted } from '@/lib/base'
import type { ModelEvent, ModelFailure } from '@/lib/models'
import { costOf } from '@/lib/models/catalog/cost'
import type { AgentEvent } from './events'
import type { CallItem } from './history'
import { buildRequest, requestBytes } from './request'
import { createItemReader, type ItemReader } from './step-items'
import type { Turn } from './turn'

/** What one response of the model came to. Its whole items are in the history, whatever else happened. */
interface Step {
  /** Calls to run, in the model's order. */
  calls: CallItem[]
  /** The last whole message; null when there was none. */
  message: string | null
  /** Set when the response was cut off. */
  failure: ModelFailure | null
}

/** Sends the history and reads one response. Rejects only when the turn is stopped. */
export async function* takeStep(turn: Turn): AsyncGenerator<AgentEvent, Step> {
  const request = buildRequest(turn)
  const step = ++turn.steps
  const startedAt = performance.now()
  const start = turn.record({
    type: 'step-start',
    step,
    items: request.input.length,
    prefixItems: turn.sentItems,
    bytes: requestBytes(request, turn.historyBytes),
  })
  yield start
  turn.sentItems = request.input.length

  const reader = createItemReader(turn, `step-${start.seq}`)
  const stream = turn.dependencies.model(request, { signal: turn.signal })[Symbol.asyncIterator]()
  let firstEventMs = 0
  try {
    for (;;) {
      const event = await nextEvent(stream, turn.signal)
      if (firstEventMs === 0) firstEventMs = performance.now() - startedAt
      if (event.type === 'completed' || event.type === 'failed') {
        const usage = event.usage ?? null
        turn.compactor.measure(request.input, usage)
        const durationMs = performance.now() - startedAt
        const cost = costOf(usage, turn.input.price)
        const failure = event.type === 'failed' ? { failure: event.error } : {}
        yield turn.record({
          type: 'step-end',
          step,
          usage,
          ...(cost !== null && { cost }),
          durationMs,
          firstEventMs,
          ...failure,
        })
        return { calls: reader.calls, message: reader.message, failure: failureOf(event, reader) }
      }
      yield* reader.read(event)
    }
  } catch (error) {
    if (turn.signal.aborted) yield* reader.keepOpenText()
    throw error
  } finally {
    void stream.return?.()
  }
}

async function nextEvent(stream: AsyncIterator<ModelEvent>, signal: AbortSignal): Promise<ModelEvent> {
  const next = await untilAborted(stream.next(), signal)
  if (!next.done) return next.value
  return { type: 'failed', error: { kind: 'retryable', code: 'stream_cut', message: 'The response ended early.' } }
}

/** An answer that was whole when the stream was cut is an answer: asking again would only give a second one. */
function failureOf(
  event: Extract<ModelEvent, { type: 'completed' | 'failed' }>,
  reader: ItemReader,
): ModelFailure | null {
  if (event.type === 'completed') return null
  const isFinished = event.error.kind === 'retryable' && reader.isAnswered && reader.calls.length === 0
  return isFinished ? null : event.error
}
