import { VitrineError } from '@/lib/base'
import type { ResponseItem, ToolDefinition } from '@/lib/models'
import { keptInputHeader } from '@/lib/models/responses'
import { demoReply, streamReply } from '@/lib/models/scripted'
import type { RouteContext } from '../handle'
import { readEvents, toEventStream } from './event-stream'
import { filterEvents, filterResponse, type StreamEvent } from './filter-events'
import { createKeptInputs } from './kept-inputs'
import { requireModel } from './model-list'
import { settingsFor, withoutKey } from './own-key'
import { rebuildCompaction, rebuildRequest, type UpstreamRequest } from './responses-request'
import { callUpstream, relayFailure } from './upstream'

/** Milliseconds between the pieces of the scripted model: readable, not slow. */
const scriptedPaceMs = 12
/** Nothing is said before the whole history is read and rewritten: so many times the usual silence is allowed. */
const compactionPatience = 3
const maxWholeBytes = 32 * 1024 * 1024
const keptInputs = createKeptInputs()

/** `POST /v1/responses`: checked, rebuilt, answered by the upstream or the scripted model, filtered on the way back. */
export async function respond(context: RouteContext): Promise<Response> {
  const { body, note } = context
  const settings = settingsFor(context.request, context.settings)
  if (settings.isOwnKey) note({ ownKey: true })
  const { kept, input } = joinInput(context)
  const request = rebuildRequest({ ...body, input })
  note({ stream: request.stream, items: request.input.length })
  const gone = whenGone(context.request)
  requireModel(request.model, settings)
  note({ model: request.model })
  const id = kept?.()
  const answer = settings.upstream === null ? respondScripted : respondUpstream
  const response = await answer(request, { ...context, settings }, gone)
  if (id !== undefined) response.headers.set(keptInputHeader, id)
  return response
}

/**
 * `POST /v1/responses/compact`: a history in, one sealed item in its place out. Checked and filtered like a response;
 * an upstream that has no such route answers 404, and the client summarises by other means.
 */
export async function compact(context: RouteContext): Promise<Response> {
  const { body, note } = context
  const settings = settingsFor(context.request, context.settings)
  if (settings.isOwnKey) note({ ownKey: true })
  const request = rebuildCompaction({ ...body, input: joinInput(context).input })
  note({ items: request.input.length })
  requireModel(request.model, settings)
  note({ model: request.model })
  if (settings.upstream === null)
    throw new VitrineError('not_found', 'The demo model shortens no conversations itself.')
  const upstream = await callUpstream({
    settings,
    path: '/responses/compact',
    body: request,
    signal: whenGone(context.request).signal,
    answerMs: settings.upstreamIdleMs * compactionPatience,
  })
  note({ upstreamStatus: upstream.status })
  if (!upstream.ok) return relayFailure(upstream, settings)
  return wholeOf(await readWhole(upstream), { ...context, settings })
}

/** Aborts when the client does. A signal of our own: Node lets go of the request's. */
function whenGone({ signal }: Request): AbortController {
  const gone = new AbortController()
  signal.addEventListener('abort', () => gone.abort(), { once: true })
  if (signal.aborted) gone.abort()
  return gone
}

/**
 * A client that sends `kept_input` (an id, or null to begin) sends only the items behind those it names, and is told
 * in a header what to name next. All else sends everything with each request, and nothing of it is kept.
 */
function joinInput({ body, caller }: RouteContext): { input: unknown; kept?: () => string } {
  const { kept_input: parent, input } = body
  if (parent === undefined) return { input }
  if ((parent !== null && typeof parent !== 'string') || !Array.isArray(input) || caller === null)
    throw new VitrineError('invalid_request', '“kept_input” must be an id or null, with a list of items as “input”.')
  const owner = caller.key
  return {
    input: parent === null ? input : [...keptInputs.read(parent, owner), ...input],
    kept: () => keptInputs.keep({ parent, items: input, owner }),
  }
}

async function respondUpstream(
  request: UpstreamRequest,
  context: RouteContext,
  gone: AbortController,
): Promise<Response> {
  const { settings, note } = context
  const accept = request.stream ? 'text/event-stream' : 'application/json'
  const upstream = await callUpstream({ settings, path: '/responses', body: request, accept, signal: gone.signal })
  note({ upstreamStatus: upstream.status })
  if (!upstream.ok) return relayFailure(upstream, settings)
  const type = upstream.headers.get('content-type') ?? ''
  if (type.includes('text/event-stream') && upstream.body) {
    return streamOf(readEvents(upstream.body, { idleMs: settings.upstreamIdleMs, signal: gone.signal }), context, gone)
  }
  if (type.includes('application/json')) return wholeOf(await readWhole(upstream), context)
  await upstream.body?.cancel()
  throw new VitrineError('upstream_error', 'The model server answered with neither an event stream nor JSON.')
}

async function respondScripted(
  request: UpstreamRequest,
  context: RouteContext,
  gone: AbortController,
): Promise<Response> {
  const input = request.input as ResponseItem[]
  const reply = demoReply({ input, tools: (request.tools ?? []) as ToolDefinition[], tool_choice: request.tool_choice })
  const pace = request.stream ? scriptedPaceMs : 0
  const events = streamReply(reply, { request: { model: request.model, input }, pace, signal: gone.signal })
  if (request.stream) return streamOf(events, context, gone)
  let response: unknown = null
  for await (const event of events) if (event.type === 'response.completed') response = event.response
  return wholeOf(response, context)
}

function streamOf(
  events: AsyncIterable<StreamEvent>,
  { note, settings }: RouteContext,
  gone: AbortController,
): Response {
  const rules = new Set<string>()
  const filtered = filterEvents(events, (rule) => note({ filter: [...rules.add(rule)].join(' ') }))
  const iterator: AsyncIterator<StreamEvent> = {
    next: async () => withoutKey(await filtered.next(), settings),
    // A generator cannot be ended while it waits; the signal ends what it waits for.
    return: async () => {
      gone.abort()
      return { done: true, value: undefined }
    },
  }
  return new Response(toEventStream(iterator), {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
  })
}

function wholeOf(response: unknown, { note, settings }: RouteContext): Response {
  const rules = new Set<string>()
  const filtered = filterResponse(response, (rule) => note({ filter: [...rules.add(rule)].join(' ') }))
  return Response.json(withoutKey(filtered, settings))
}

async function readWhole(upstream: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of upstream.body ?? []) {
    size += chunk.byteLength
    if (size > maxWholeBytes) throw new VitrineError('upstream_error', 'The answer of the model server is too large.')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch (error) {
    throw new VitrineError('upstream_error', 'The model server answered with broken JSON.', { cause: error })
  }
}
