import { isAbort, messageOf, sleep } from '@/lib/base'
import { endsInTrigger } from '../compaction-trigger'
import type { Model, ModelEvent, ModelFailure, ResponsesRequest } from '../types'
import { createResponseDecoder, decodeWhole } from './decode'
import { classifyHttpFailure } from './failure'
import { keptInputHeader, type SentInputs } from './sent-inputs'
import { createSseParser } from './sse'
import { errorSchema, type WireResponse } from './wire'

const defaultIdleMs = 60_000

export interface ResponsesModelOptions {
  url: string
  headers?: Record<string, string>
  fetch?: typeof fetch
  /** For our own server, which keeps inputs for a while: what it has is named instead of sent. */
  sent?: SentInputs
  /** A stream that says nothing for this long has failed. The proxy's comment lines count as a sign of life. */
  idleTimeoutMs?: number
  /** So does one that goes on for longer than this, however much it says. */
  totalTimeoutMs?: number
  /** A body that ends so soon after its last event leaves its connection for the next step; others are let go of. */
  endTimeoutMs?: number
}

/**
 * A model behind a Responses server. One request a call, no retries; see `Model` for how it ends. A request that ends in
 * a `compactionTrigger` goes to the server's `/compact` beside its address.
 */
export function createResponsesModel(options: ResponsesModelOptions): Model {
  return (request, { signal }) =>
    endsInTrigger(request.input)
      ? streamResponse(toCompaction(request), forCompaction(options), signal)
      : streamResponse(request, options, signal)
}

/** Any body with an input. */
type SentRequest = Pick<ResponsesRequest, 'input'>

/** What there is to shorten. The rest of a request is about answering. */
function toCompaction({ model, input, prompt_cache_key }: ResponsesRequest) {
  return { model, input: input.slice(0, -1), prompt_cache_key }
}

/** Nothing is heard of it before it is done. */
function forCompaction({
  url,
  idleTimeoutMs = defaultIdleMs,
  ...options
}: ResponsesModelOptions): ResponsesModelOptions {
  return { ...options, url: `${url}/compact`, idleTimeoutMs: idleTimeoutMs * 3 }
}

async function* streamResponse(
  request: SentRequest,
  options: ResponsesModelOptions,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  if (signal.aborted) throw abortError(signal)
  const { idleTimeoutMs = defaultIdleMs, totalTimeoutMs = 30 * 60_000, endTimeoutMs = 50 } = options
  const connection = openConnection(signal, { idleTimeoutMs, totalTimeoutMs, endTimeoutMs })
  try {
    const response = await sendInput(request, options, connection)
    if (response.ok) yield* readBody(response, connection)
    else yield { type: 'failed', error: await readHttpFailure(response, connection) }
  } catch (error) {
    if (signal.aborted) throw abortError(signal)
    if (!(error instanceof ConnectionFailure)) throw error
    yield { type: 'failed', error: error.failure }
  } finally {
    connection.close()
  }
}

/** Sends what the server does not keep yet; all of it when what was named is not kept any more. */
async function sendInput(
  request: SentRequest,
  options: ResponsesModelOptions,
  connection: Connection,
): Promise<Response> {
  const { sent } = options
  if (!sent) return post(request, options, connection)
  const { id, length } = sent.find(request.input)
  const body = { ...request, kept_input: id, input: request.input.slice(length) }
  const response = await post(body, options, connection)
  if (response.status === 409 && id !== null) {
    sent.forget(id)
    await response.body?.cancel()
    return sendInput(request, options, connection)
  }
  const keptAs = response.headers.get(keptInputHeader)
  if (keptAs !== null) sent.remember(keptAs, request.input)
  return response
}

function post(
  body: object,
  { url, headers, fetch: send = fetch }: ResponsesModelOptions,
  connection: Connection,
): Promise<Response> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
    signal: connection.signal,
  }
  return connection.wait(send(url, init), 'offline')
}

async function* readBody(response: Response, connection: Connection): AsyncGenerator<ModelEvent> {
  const type = response.headers.get('content-type') ?? ''
  if (type.includes('json')) {
    yield* decodeWhole(parseJson(await connection.wait(response.text(), 'stream_cut')))
    return
  }
  if (type.includes('html')) throw new ConnectionFailure(notAModel)
  const parser = createSseParser()
  const decoder = createResponseDecoder()
  const reader = response.body?.getReader()
  try {
    while (reader !== undefined && !decoder.isDone) {
      const { done, value } = await connection.wait(reader.read(), 'stream_cut')
      if (done) break
      for (const event of parser.push(value)) yield* decoder.decode(event)
    }
    yield* decoder.end()
  } finally {
    // Whoever has the last event reads no further, and goes on while this waits.
    if (reader !== undefined && decoder.isDone) connection.closeAfter(readToEnd(reader))
  }
}

async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The response is complete; how the connection ends no longer matters.
  }
}

async function readHttpFailure(response: Response, connection: Connection): Promise<ModelFailure> {
  const text = await connection.wait(response.text(), 'stream_cut')
  return classifyHttpFailure({ status: response.status, headers: response.headers, error: errorIn(parseJson(text)) })
}

function errorIn(body: unknown): WireResponse['error'] {
  const value = typeof body === 'object' && body !== null && 'error' in body ? body.error : null
  const parsed = errorSchema.safeParse(typeof value === 'string' ? { message: value } : value)
  return parsed.success ? parsed.data : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The exchange with the server came to an end that the loop has to know about. */
class ConnectionFailure extends Error {
  readonly failure: ModelFailure

  constructor(failure: ModelFailure, cause?: unknown) {
    super(failure.message, { cause })
    this.failure = failure
  }
}

interface Connection {
  /** Aborts the exchange. */
  signal: AbortSignal
  /** Waits for the next sign of life; a failure of `work` becomes one with this code. */
  wait<Value>(work: Promise<Value>, code: 'offline' | 'stream_cut'): Promise<Value>
  close(): void
  /** Has `close` leave the exchange open until then, for a little while at most. */
  closeAfter(end: Promise<void>): void
}

function openConnection(
  signal: AbortSignal,
  {
    idleTimeoutMs,
    totalTimeoutMs,
    endTimeoutMs,
  }: Required<Pick<ResponsesModelOptions, 'idleTimeoutMs' | 'totalTimeoutMs' | 'endTimeoutMs'>>,
): Connection {
  const controller = new AbortController()
  const total = setTimeout(() => controller.abort(new ConnectionFailure(tooLong(totalTimeoutMs))), totalTimeoutMs)
  let interrupt: ((reason: unknown) => void) | null = null
  const onAbort = () => controller.abort(signal.reason)
  controller.signal.addEventListener('abort', () => interrupt?.(controller.signal.reason), { once: true })
  signal.addEventListener('abort', onAbort, { once: true })

  let ending: Promise<void> | null = null

  return {
    signal: controller.signal,
    async wait(work, code) {
      const timer = setTimeout(() => controller.abort(new ConnectionFailure(silence(idleTimeoutMs))), idleTimeoutMs)
      try {
        return await new Promise((resolve, reject) => {
          interrupt = reject
          work.then(resolve, reject)
        })
      } catch (error) {
        if (controller.signal.aborted) throw controller.signal.reason
        throw new ConnectionFailure(networkFailure(code, error), error)
      } finally {
        clearTimeout(timer)
        interrupt = null
      }
    },
    close() {
      clearTimeout(total)
      signal.removeEventListener('abort', onAbort)
      if (ending) void ending.then(() => controller.abort())
      else controller.abort()
    },
    closeAfter(end) {
      ending = Promise.race([end, sleep(endTimeoutMs)])
    },
  }
}

function abortError(signal: AbortSignal): unknown {
  return isAbort(signal.reason) ? signal.reason : new DOMException('The request was stopped.', 'AbortError')
}

function silence(idleTimeoutMs: number): ModelFailure {
  const message = `The model’s server said nothing for ${Math.round(idleTimeoutMs / 1000)} seconds.`
  return { kind: 'retryable', code: 'upstream_timeout', message }
}

function tooLong(totalTimeoutMs: number): ModelFailure {
  const message = `The model’s answer was not done after ${Math.round(totalTimeoutMs / 60_000)} minutes.`
  return { kind: 'retryable', code: 'upstream_timeout', message }
}

function networkFailure(code: 'offline' | 'stream_cut', error: unknown): ModelFailure {
  const message = code === 'offline' ? 'The server could not be reached' : 'The connection broke while the answer came'
  return { kind: 'retryable', code, message: `${message} (${messageOf(error)}).` }
}

const notAModel: ModelFailure = {
  kind: 'fatal',
  code: 'upstream_error',
  message: 'The address answered with a web page, not with a model’s response.',
}
