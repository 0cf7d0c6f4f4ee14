import 'server-only'
import { createId, isAbort, messageOf, toErrorBody, VitrineError } from '@/lib/base'
import { type Caller, identifyCaller, refuseFrameworkInternals } from './caller'
import { readEnv, type Settings } from './env'
import { createLimits } from './limits'
import { type LogFields, writeLog } from './log'
import { readJson } from './read-json'

export interface RouteOptions {
  /** `public` answers anybody; `read` refuses foreign pages; `write` asks a page for proof that it is ours. */
  access: 'public' | 'read' | 'write'
  /** Whether the route takes a JSON object. */
  body?: 'json'
  /** A count of the route's own instead of the common one; its answers are streamed, and count as running until they end. */
  limit?: { bucket: string; requestsPerMinute: number }
}

export interface RouteContext {
  request: Request
  settings: Settings
  /** Null on public routes. */
  caller: Caller | null
  /** Empty when the route takes none. */
  body: Record<string, unknown>
  requestId: string
  /** Adds fields to the one log line of this request. Never bodies, headers, names or keys. */
  note: (fields: LogFields) => void
  /** Counts more requests to the caller than this one. */
  spend: (requests: number) => Promise<void>
}

export type RouteHandler = (request: Request) => Promise<Response>

/** No route of ours is longer; anybody may ask for any other. */
const maxRoute = 80
const handled = new WeakSet<RouteHandler>()
const limits = createLimits()

/**
 * The one way into every API route: refuses what is not ours, limits, reads the body, shapes errors, logs one line.
 * Authorisation lives here and nowhere before it (see `proxy.ts`).
 */
export function handle(
  options: RouteOptions,
  run: (context: RouteContext) => Response | Promise<Response>,
): RouteHandler {
  const handler = async (request: Request): Promise<Response> => {
    const started = performance.now()
    const requestId = createId('req_')
    const fields: LogFields = {}
    let leave = () => {}
    const end = (status: number) => {
      leave()
      writeLog({
        requestId,
        method: request.method,
        // Which packages and servers somebody uses is nobody’s business.
        route: new URL(request.url).pathname.replace(/^(\/api\/(?:packages|mcp)\/).+/, '$1…').slice(0, maxRoute),
        status,
        ms: Math.round(performance.now() - started),
        ...fields,
      })
    }
    try {
      refuseFrameworkInternals(request)
      const settings = readEnv(process.env)
      const caller = options.access === 'public' ? null : identifyCaller(request, settings, options.access)
      // Public answers cost nothing; limiting them together would let anybody switch the health check off.
      const { bucket, requestsPerMinute } = options.limit ?? {
        bucket: '',
        requestsPerMinute: settings.requestsPerMinute,
      }
      const key = bucket + caller?.key
      if (caller) leave = await limits.enter(key, requestsPerMinute)
      const body = options.body === 'json' ? await readJson(request) : {}
      const note = (more: LogFields) => Object.assign(fields, more)
      const spend = async (requests: number) => {
        if (caller) await limits.spend(key, requestsPerMinute, requests)
      }
      const response = await run({ request, settings, caller, body, requestId, note, spend })
      return finish(response, requestId, () => end(response.status), options.limit !== undefined)
    } catch (error) {
      const response = errorResponse(toVitrineError(error, fields))
      return finish(response, requestId, () => end(response.status))
    }
  }
  handled.add(handler)
  return handler
}

/** For the test that crawls the routes. */
export function isHandled(handler: unknown): boolean {
  return typeof handler === 'function' && handled.has(handler as RouteHandler)
}

/** For methods a route does not have. */
export const refuseMethod = handle({ access: 'public' }, () => {
  throw new VitrineError('method_not_allowed', 'This route does not take this method.')
})

function errorResponse(error: VitrineError): Response {
  const headers = new Headers()
  if (error.retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(error.retryAfterMs / 1000)))
  return Response.json(toErrorBody(error), { status: error.status, headers })
}

function toVitrineError(error: unknown, fields: LogFields): VitrineError {
  if (error instanceof VitrineError) {
    fields.code = error.code
    return error
  }
  if (isAbort(error)) return new VitrineError('aborted', 'The client went away.', { cause: error })
  fields.code = 'internal_error'
  // The message goes to the operator's log only; a stranger learns nothing about the inside.
  fields.error = messageOf(error)
  return new VitrineError('internal_error', 'Something went wrong on the server.', { cause: error })
}

/** Adds the headers of every answer. `onEnd` is called at once, or when a stream has ended or its client is gone. */
function finish(response: Response, requestId: string, onEnd: () => void, isStream = false): Response {
  const headers = new Headers(response.headers)
  headers.set('cache-control', 'no-store, no-transform')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('x-request-id', requestId)
  const init = { status: response.status, headers }
  if (response.body === null || !(isStream || headers.get('content-type')?.startsWith('text/event-stream'))) {
    onEnd()
    return new Response(response.body, init)
  }
  return new Response(watchEnd(response.body, onEnd), init)
}

function watchEnd(body: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          controller.close()
        } catch (error) {
          controller.error(error)
        }
        onEnd()
      },
      async cancel(reason) {
        onEnd()
        await reader.cancel(reason)
      },
    },
    // Nothing is read ahead: a slow client slows the model server down, not this process’s memory up.
    { highWaterMark: 0 },
  )
}
