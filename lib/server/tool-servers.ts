import 'server-only'
import { createHash } from 'node:crypto'
import { mergeSignals, VitrineError } from '@/lib/base'
import { maskSecrets } from '@/lib/safety'
import { countingStream, createGuard, type Guard } from './guarded-stream'
import type { RouteContext } from './handle'
import { readBeginning } from './read-beginning'
import { tokenPlaceholder, withoutToken } from './without-token'

export const toolServerLimit = { bucket: 'mcp', requestsPerMinute: 240 }

const maxAnswerBytes = 8 * 1024 * 1024
/** Characters: of a refusal's body, and of what is told of it. */
const maxErrorBody = 16 * 1024
const maxErrorChars = 300
/** Tools may think before they answer, and between the pieces of an answer. */
const maxTotalMs = 10 * 60_000
const waits = { answerMs: 120_000, idleMs: 120_000 }
/** What a page may send; a message without a method is its answer to a question of the server. */
const methods: readonly unknown[] = [
  'initialize',
  'notifications/initialized',
  'notifications/cancelled',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
]
const sessionHeader = 'mcp-session-id'
const versionHeader = 'mcp-protocol-version'
const passed: Record<string, RegExp> = { [sessionHeader]: /^[\x21-\x7e]{1,256}$/, [versionHeader]: /^[\w.-]{1,32}$/ }

/** The servers that the operator allows, under names that say nothing to others. */
export function toolServers({ settings }: RouteContext): Response {
  const { toolServers: addresses, toolServerTokens: tokens } = settings
  const servers = addresses.map((address) => ({
    id: idOf(address),
    address,
    ...(tokens.has(address) && { signedIn: true }),
  }))
  return Response.json({ servers })
}

/**
 * Passes one message of the Model Context Protocol (streamable HTTP, 2025-06-18) to a server that the operator named,
 * and its answer back as it comes. Nothing of the client's request travels but the message, written anew, and the two
 * headers of the protocol; nothing of the answer but its body, its kind and the session's id. Redirects are refused.
 * Where the operator set a token for the server it goes along, and is taken out of whatever comes back.
 */
export async function toolMessage(context: RouteContext): Promise<Response> {
  const { body } = context
  const isAnswer = body.method === undefined && ('result' in body || 'error' in body)
  if (body.jsonrpc !== '2.0' || !(isAnswer || methods.includes(body.method))) {
    throw new VitrineError('invalid_request', 'This is no message that may be sent to a server of tools.')
  }
  const { response, guard, token } = await callServer(context, 'POST', JSON.stringify(body))
  const session = response.headers.get(sessionHeader)
  const isPassed = session !== null && passed[sessionHeader]?.test(session) && !(token && session.includes(token))
  const headers = new Headers(isPassed ? { [sessionHeader]: session } : {})
  if (response.status === 202 || response.status === 204 || response.body === null) {
    guard.end()
    await response.body?.cancel()
    return new Response(null, { status: 202, headers })
  }
  headers.set('content-type', await kindOf(response, guard))
  headers.set('x-accel-buffering', 'no')
  const counting = countingStream(maxAnswerBytes, guard, () => failure('Its answer is too large.'))
  const answer = response.body.pipeThrough(counting, { signal: guard.signal })
  return new Response(token === undefined ? answer : answer.pipeThrough(withoutToken(token)), { headers })
}

/** Lets the server forget a session. Servers need not offer that, so nothing they say to it is an error. */
export async function endToolSession(context: RouteContext): Promise<Response> {
  try {
    const { response, guard } = await callServer(context, 'DELETE', null)
    guard.end()
    await response.body?.cancel()
  } catch (error) {
    if (!(error instanceof VitrineError) || error.code === 'not_found') throw error
  }
  return new Response(null, { status: 204 })
}

async function callServer(
  { request, settings }: RouteContext,
  method: 'POST' | 'DELETE',
  body: string | null,
): Promise<{ response: Response; guard: Guard; token: string | undefined }> {
  const id = new URL(request.url).pathname.split('/').at(-1)
  const address = settings.toolServers.find((known) => idOf(known) === id)
  if (address === undefined) {
    throw new VitrineError('not_found', 'The operator of this server allows no such server of tools.')
  }
  const token = settings.toolServerTokens.get(address)
  const guard = createGuard(mergeSignals(request.signal, maxTotalMs), waits)
  try {
    const headers = headersOf(request, body !== null)
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
    const init = { method, headers, body, redirect: 'manual', cache: 'no-store', signal: guard.signal } as const
    const response = await fetch(address, init)
    if (!response.ok) throw await refusalOf(response, { hadSession: headers.has(sessionHeader), token })
    return { response, guard, token }
  } catch (error) {
    guard.end()
    if (error instanceof VitrineError) throw error
    if (request.signal.aborted) throw new VitrineError('aborted', 'The client went away.', { cause: error })
    if (guard.timedOut()) {
      throw new VitrineError('upstream_timeout', 'The server of tools did not answer in time.', { cause: error })
    }
    throw failure('It could not be reached.', error)
  }
}

function headersOf(request: Request, hasBody: boolean): Headers {
  const headers = new Headers({ accept: 'application/json, text/event-stream' })
  if (hasBody) headers.set('content-type', 'application/json')
  for (const [name, shape] of Object.entries(passed)) {
    const value = request.headers.get(name)
    if (value === null) continue
    if (!shape.test(value)) throw new VitrineError('invalid_request', `The header ${name} has not the right form.`)
    headers.set(name, value)
  }
  return headers
}

async function kindOf(response: Response, guard: Guard): Promise<string> {
  const type = response.headers.get('content-type') ?? ''
  const kind = /^(application\/json|text\/event-stream)\s*(?:;|$)/i.exec(type)?.[1]
  if (kind !== undefined) return kind.toLowerCase()
  guard.end()
  await response.body?.cancel()
  throw failure('It answered with neither JSON nor an event stream.')
}

async function refusalOf(
  response: Response,
  { hadSession, token }: { hadSession: boolean; token: string | undefined },
): Promise<VitrineError> {
  const { status } = response
  const text = await readBeginning(response, maxErrorBody)
  const said = errorIn(token === undefined ? text : text.replaceAll(token, tokenPlaceholder))
  if (status >= 300 && status <= 399) return failure('It sent us elsewhere, where we do not follow.')
  if (status === 401 || status === 403) {
    return failure(
      token === undefined
        ? 'It wants a sign-in: whoever runs this IDE can set a token for it.'
        : `It refused the token that whoever runs this IDE set for it (${status}).`,
    )
  }
  // 404 by the protocol; 400 is what some servers answer instead.
  if (hadSession && (status === 404 || status === 400)) {
    return new VitrineError('tool_session_ended', 'The server of tools no longer knows this session.')
  }
  if (status === 429) return new VitrineError('rate_limit_exceeded', 'The server of tools asks us to slow down.')
  return failure(`It answered ${status}${said === '' ? '' : `: ${said}`}.`)
}

/** What a JSON-RPC error says, shortened. */
function errorIn(text: string): string {
  try {
    const body = JSON.parse(text) as { error?: { message?: unknown } } | null
    const message = body?.error?.message
    return typeof message === 'string' ? maskSecrets(message.replaceAll(/\s+/g, ' ').slice(0, maxErrorChars)) : ''
  } catch (error) {
    if (error instanceof SyntaxError) return ''
    throw error
  }
}

function failure(what: string, cause?: unknown): VitrineError {
  return new VitrineError('tool_server_error', `The server of tools cannot be used: ${what}`, { cause })
}

function idOf(address: string): string {
  return createHash('sha256').update(address).digest('base64url').slice(0, 22)
}
