import 'server-only'
import { mergeSignals, VitrineError } from '@/lib/base'
import { countingStream, createGuard, type Guard } from '../guarded-stream'
import type { RouteContext } from '../handle'
import { UnreachableError } from './public-fetch'
import { refusalOf, toolServerFailure } from './tool-server-refusal'
import { mayDeclareServers, type ToolServerTarget, toolServerId } from './tool-server-target'
import { withoutToken } from './without-token'

export const toolServerLimit = { bucket: 'mcp', requestsPerMinute: 240 }
/** Of its own, so that calls to strangers take nothing from those that the operator allows. */
export const declaredServerLimit = { bucket: 'own-mcp', requestsPerMinute: 120 }

const maxAnswerBytes = 8 * 1024 * 1024
/** Characters. The agent sends no more than 100,000 of arguments. */
const maxMessageLength = 256 * 1024
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

type TargetOf = (context: RouteContext) => ToolServerTarget

/** The servers that the operator allows, under names that say nothing to others, and whether users may add their own. */
export function toolServers({ request, settings }: RouteContext): Response {
  const { toolServers: addresses, toolServerTokens: tokens } = settings
  const servers = addresses.map((address) => ({
    id: toolServerId(address),
    address,
    ...(tokens.has(address) && { signedIn: true }),
  }))
  return Response.json({ servers, mayAdd: mayDeclareServers(request, settings) })
}

/**
 * Passes one message of the Model Context Protocol (streamable HTTP, 2025-06-18) to a server, and its answer back as it
 * comes. Nothing of the client's request travels but the message, written anew, and the two headers of the protocol;
 * nothing of the answer but its body, its kind and the session's id. Redirects are refused. Where there is a token for
 * the server it goes along, and is taken out of whatever comes back.
 */
export function toolMessage(targetOf: TargetOf) {
  return async (context: RouteContext): Promise<Response> => {
    const { body } = context
    const isAnswer = body.method === undefined && ('result' in body || 'error' in body)
    if (body.jsonrpc !== '2.0' || !(isAnswer || methods.includes(body.method))) {
      throw new VitrineError('invalid_request', 'This is no message that may be sent to a server of tools.')
    }
    const message = JSON.stringify(body)
    if (message.length > maxMessageLength) {
      throw new VitrineError('request_too_large', 'The message is too large for a server of tools.')
    }
    const target = targetOf(context)
    const { response, guard } = await callServer(context, target, message)
    const session = response.headers.get(sessionHeader)
    const isPassed = session !== null && passed[sessionHeader]?.test(session)
    const isSecret = target.token !== undefined && session?.includes(target.token)
    const headers = new Headers(isPassed && !isSecret ? { [sessionHeader]: session } : {})
    if (response.status === 202 || response.status === 204 || response.body === null) {
      guard.end()
      await response.body?.cancel()
      return new Response(null, { status: 202, headers })
    }
    headers.set('content-type', await kindOf(response, guard))
    headers.set('x-accel-buffering', 'no')
    const counting = countingStream(maxAnswerBytes, guard, () => toolServerFailure('Its answer is too large.'))
    const answer = response.body.pipeThrough(counting, { signal: guard.signal })
    const { token } = target
    return new Response(token === undefined ? answer : answer.pipeThrough(withoutToken(token)), { headers })
  }
}

/** Lets the server forget a session. Servers need not offer that, so nothing they say to it is an error. */
export function endToolSession(targetOf: TargetOf) {
  return async (context: RouteContext): Promise<Response> => {
    const target = targetOf(context)
    try {
      const { response, guard } = await callServer(context, target, null)
      guard.end()
      await response.body?.cancel()
    } catch (error) {
      if (!(error instanceof VitrineError)) throw error
    }
    return new Response(null, { status: 204 })
  }
}

/** `body` is null to end a session. */
async function callServer(
  { request }: RouteContext,
  target: ToolServerTarget,
  body: string | null,
): Promise<{ response: Response; guard: Guard }> {
  const headers = headersOf(request, body !== null)
  if (target.token !== undefined) headers.set('authorization', `Bearer ${target.token}`)
  const guard = createGuard(mergeSignals(request.signal, maxTotalMs), waits)
  try {
    const method = body === null ? 'DELETE' : 'POST'
    const response = await target.send(target.address, { method, headers, body, signal: guard.signal })
    if (!response.ok) throw await refusalOf(response, { target, hadSession: headers.has(sessionHeader) })
    return { response, guard }
  } catch (error) {
    guard.end()
    if (error instanceof VitrineError) throw error
    if (request.signal.aborted) throw new VitrineError('aborted', 'The client went away.', { cause: error })
    if (guard.timedOut()) {
      throw new VitrineError('upstream_timeout', 'The server of tools did not answer in time.', { cause: error })
    }
    throw toolServerFailure(error instanceof UnreachableError ? error.message : 'It could not be reached.', error)
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
  throw toolServerFailure('It answered with neither JSON nor an event stream, so it may not speak MCP at this address.')
}
