import { mergeSignals, toErrorBody, VitrineError } from '@/lib/base'
import { maskSecrets } from '@/lib/safety'
import type { Settings } from '../env'
import { readBeginning } from '../read-beginning'
import { withoutKey } from './own-key'

export interface UpstreamCall {
  settings: Settings
  path: '/responses' | '/responses/compact' | '/models' | '/moderations'
  /** A GET when missing. */
  body?: unknown
  accept?: 'text/event-stream' | 'application/json'
  signal: AbortSignal
  /** How long until it begins to answer, at most; as long as it may be silent when missing. */
  answerMs?: number
}

const maxErrorChars = 16_384

/**
 * Calls the model server with headers of our own and no others: nothing of the client's request travels but the body.
 * Redirects are errors, since they could carry the key elsewhere. Rejects with a `VitrineError` or the abort reason.
 */
export async function callUpstream({
  settings,
  path,
  body,
  accept = 'application/json',
  signal,
  answerMs = settings.upstreamIdleMs,
}: UpstreamCall): Promise<Response> {
  const { upstream, openAiKey } = settings
  if (upstream === null) throw new VitrineError('internal_error', 'No model server is set.')
  const headers = new Headers({ accept })
  if (openAiKey !== null) headers.set('authorization', `Bearer ${openAiKey}`)
  if (body !== undefined) headers.set('content-type', 'application/json')
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), answerMs)
  try {
    return await fetch(upstream + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'error',
      cache: 'no-store',
      signal: mergeSignals(signal, waiting.signal),
    })
  } catch (error) {
    if (signal.aborted) throw new VitrineError('aborted', 'The client went away.', { cause: error })
    if (waiting.signal.aborted)
      throw new VitrineError('upstream_timeout', 'The model server did not answer in time.', { cause: error })
    throw new VitrineError('upstream_error', 'The model server could not be reached.', { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** The answer to a refusal of the model server: its message and code in our shape, the class of its status, no header but Retry-After. */
export async function relayFailure(response: Response, settings: Settings): Promise<Response> {
  const { status } = response
  const reported = await readError(response)
  const headers = new Headers()
  const retryAfter = response.headers.get('retry-after')
  if (retryAfter !== null && /^[\w ,:.-]{1,40}$/.test(retryAfter)) headers.set('retry-after', retryAfter)
  // Never in the model server's own words: they may quote a part of the key.
  if (status === 401 || status === 403) {
    const refusal = keyRefused(status, settings)
    return Response.json(toErrorBody(refusal), { status: refusal.status })
  }
  const fallback =
    status >= 500
      ? 'upstream_error'
      : status === 429
        ? 'rate_limit_exceeded'
        : status === 413
          ? 'request_too_large'
          : 'invalid_request'
  const error = {
    message: reported.message ?? `The model server answered ${status}.`,
    type:
      reported.type ?? (status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_error' : 'invalid_request_error'),
    code: reported.code ?? fallback,
    param: reported.param,
  }
  return Response.json(withoutKey({ error }, settings), { status: status >= 400 ? status : 502, headers })
}

/** Whose key it was decides who can help: the user changes theirs, the operator the server's. */
export function keyRefused(status: number, { isOwnKey }: Settings): VitrineError {
  if (!isOwnKey)
    return new VitrineError('upstream_error', `The model server refused the key of this server (${status}).`)
  const why = status === 401 ? 'it is not valid' : 'it may not be used for this'
  return new VitrineError('key_refused', `The key was refused: the model server says that ${why} (${status}).`)
}

interface ReportedError {
  message: string | null
  type: string | null
  code: string | null
  param: string | null
}

async function readError(response: Response): Promise<ReportedError> {
  const text = await readBeginning(response, maxErrorChars)
  let error: unknown
  try {
    const body = JSON.parse(text) as { error?: unknown } | null
    error = typeof body === 'object' ? body?.error : null
  } catch (failure) {
    if (!(failure instanceof SyntaxError)) throw failure
    error = null
  }
  if (typeof error === 'string') return { message: clean(error), type: null, code: null, param: null }
  const fields = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
  const name = (value: unknown) => (typeof value === 'string' && /^[\w.[\]-]{1,80}$/.test(value) ? value : null)
  return {
    message: typeof fields.message === 'string' ? clean(fields.message) : null,
    type: name(fields.type),
    code: name(fields.code),
    param: name(fields.param),
  }
}

function clean(message: string): string {
  return maskSecrets(message.slice(0, 2_000))
}
