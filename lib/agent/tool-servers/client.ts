import * as z from 'zod'
import { type ErrorCode, errorTable, isAbort, mergeSignals, messageOf, untilAborted, VitrineError } from '@/lib/base'
import { answerText } from './answer-text'
import { isOfferMethod, type Offer, offerText, toolsFor } from './offers'
import { callResult, type Incoming, initializeResult, knownVersions, protocolVersion, toolList } from './protocol'
import { messagesOf } from './read-answer'
import type { ServerAnswer, ServerGreeting, ServerTool } from './types'

// The page's policy forbids eval; zod would probe for it.
z.config({ jitless: true })

const maxPages = 20
const maxTools = 200
const maxDescription = 4_000
const maxGreeting = 80

export interface ToolClientOptions {
  /** Our own server's route to the server of tools. */
  url: string
  /** What goes along with each request to it, as it is then. */
  headers?: () => Record<string, string>
  fetch?: typeof globalThis.fetch
  /** How long a tool may take, and everything else. */
  callTimeoutMs?: number
  timeoutMs?: number
}

/** A client of one server of tools. Begins its session on first use, and anew when the server has forgotten it. */
export interface ToolClient {
  /** What the server says of itself. All three reject with a sentence when the server cannot be used, and with the abort reason when they are stopped. */
  introduce(signal: AbortSignal): Promise<ServerGreeting>
  listTools(signal: AbortSignal): Promise<ServerTool[]>
  callTool(
    call: { name: string; arguments: Readonly<Record<string, unknown>> },
    signal: AbortSignal,
  ): Promise<ServerAnswer>
  /** Lets the server forget the session. Never rejects. */
  close(): Promise<void>
}

interface RpcSession {
  /** Null when the server keeps none. */
  id: string | null
  greeting: ServerGreeting
  /** What it says it has. */
  offered: readonly (Offer | 'tools')[]
}

export function createToolClient(options: ToolClientOptions): ToolClient {
  const { url, headers = () => ({}), fetch = globalThis.fetch.bind(globalThis) } = options
  const { callTimeoutMs = 120_000, timeoutMs = 30_000 } = options
  let lastId = 0
  let session: Promise<RpcSession> | null = null

  /** One HTTP request; rejects with our route's sentence when it is refused. */
  async function post(
    message: Record<string, unknown>,
    known: RpcSession | null,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers(), ...headersOf(known) },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      ...(signal && { signal }),
    })
    if (!response.ok) throw await toError(response)
    return response
  }

  /** Asks and waits for the answer. When it is given up, the server is told. */
  async function ask(
    { method, params }: { method: string; params: Readonly<Record<string, unknown>> },
    known: RpcSession | null,
    { signal, waitMs }: { signal: AbortSignal; waitMs: number },
  ): Promise<{ result: unknown; response: Response }> {
    const id = ++lastId
    const timeout = AbortSignal.timeout(waitMs)
    try {
      const response = await post({ id, method, params }, known, mergeSignals(signal, timeout))
      for await (const message of messagesOf(response)) {
        if (message.method !== undefined) void answerQuestion(message, known)
        else if (message.id === id) return { result: resultOf(message), response }
      }
      const hint = method === 'initialize' ? ', so it may not speak MCP at this address' : ''
      throw new Error(`The server of tools ended its answer to ${method} before it said anything${hint}.`)
    } catch (error) {
      if (!signal.aborted && !timeout.aborted) throw unreachable(error)
      // The protocol forbids to cancel the first message.
      if (method !== 'initialize') {
        const reason = signal.aborted ? 'stopped by the user' : 'took too long'
        void tell({ method: 'notifications/cancelled', params: { requestId: id, reason } }, known)
      }
      signal.throwIfAborted()
      throw new Error(`The server of tools did not answer ${method} within ${Math.round(waitMs / 1000)} seconds.`)
    }
  }

  /** Says something that wants no answer. That it did not arrive is the server's affair. */
  async function tell(message: Record<string, unknown>, known: RpcSession | null): Promise<void> {
    try {
      const response = await post(message, known, AbortSignal.timeout(timeoutMs))
      await response.body?.cancel()
    } catch (error) {
      if (!(error instanceof Error)) throw error
    }
  }

  /** Servers may ask whether we are there; all else we have not offered. */
  async function answerQuestion({ id, method }: Incoming, known: RpcSession | null): Promise<void> {
    if (id === null || id === undefined) return
    const refusal = { error: { code: -32601, message: 'This client does not offer that.' } }
    await tell({ id, ...(method === 'ping' ? { result: {} } : refusal) }, known)
  }

  async function begin(signal: AbortSignal): Promise<RpcSession> {
    const params = {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'vitrine', title: 'Vitrine', version: '1' },
    }
    const { result, response } = await ask({ method: 'initialize', params }, null, { signal, waitMs: timeoutMs })
    const parsed = initializeResult.safeParse(result)
    if (!parsed.success) throw new Error('The server of tools did not introduce itself as the protocol wants.')
    const version = parsed.data.protocolVersion
    if (!knownVersions.includes(version)) {
      throw new Error(
        `The server of tools speaks version ${version.slice(0, 40)} of the protocol; this IDE knows ${knownVersions.join(' and ')}.`,
      )
    }
    const offered = (['tools', 'resources', 'prompts'] as const).filter((name) => parsed.data.capabilities[name])
    const { name, version: release } = parsed.data.serverInfo
    const greeting = { name: oneLine(name), version: oneLine(release), protocol: version }
    const begun = { id: response.headers.get('mcp-session-id'), greeting, offered }
    await tell({ method: 'notifications/initialized' }, begun)
    return begun
  }

  /** One session for all that ask at the same time. When whoever began it was stopped, the next one begins anew. */
  async function current(signal: AbortSignal): Promise<RpcSession> {
    const isShared = session !== null
    const mine = session ?? begin(signal)
    session = mine
    if (!isShared) {
      mine.catch(() => {
        if (session === mine) session = null
      })
    }
    try {
      return await untilAborted(mine, signal)
    } catch (error) {
      if (isShared && !signal.aborted) return current(signal)
      throw error
    }
  }

  async function request(
    message: { method: string; params: Readonly<Record<string, unknown>> },
    options: { signal: AbortSignal; waitMs: number },
  ): Promise<unknown> {
    const known = await current(options.signal)
    try {
      return (await ask(message, known, options)).result
    } catch (error) {
      if (!(error instanceof VitrineError && error.code === 'tool_session_ended')) throw error
      // The server did nothing with it but refuse it, so asking again does nothing twice.
      session = null
      return (await ask(message, await current(options.signal), options)).result
    }
  }

  async function listOwnTools(signal: AbortSignal): Promise<ServerTool[]> {
    const tools: ServerTool[] = []
    const seen = new Set<string>()
    let cursor: string | undefined
    for (let page = 0; page < maxPages && tools.length < maxTools; page++) {
      const params = cursor === undefined ? {} : { cursor }
      const parsed = toolList.safeParse(await request({ method: 'tools/list', params }, { signal, waitMs: timeoutMs }))
      if (!parsed.success) throw new Error('The server of tools did not list its tools as the protocol wants.')
      tools.push(...parsed.data.tools.map(toServerTool))
      const next = parsed.data.nextCursor
      if (!next || seen.has(next)) break
      seen.add(next)
      cursor = next
    }
    return tools
  }

  return {
    introduce: async (signal) => (await current(signal)).greeting,
    async listTools(signal) {
      const { offered } = await current(signal)
      const extra = toolsFor(offered.filter((name) => name !== 'tools'))
      // Servers that only have files or prompts refuse to list tools.
      const own = extra.length > 0 && !offered.includes('tools') ? [] : await listOwnTools(signal)
      const tools = [...extra, ...own.filter(({ name }) => !isOfferMethod(name))]
      // The first of two with one name is the one that a call would mean.
      return [...new Map(tools.toReversed().map((tool) => [tool.name, tool])).values()].toReversed().slice(0, maxTools)
    },
    async callTool(call, signal) {
      const { name } = call
      const message = isOfferMethod(name)
        ? { method: name, params: call.arguments }
        : { method: 'tools/call', params: call }
      const result = await request(message, { signal, waitMs: callTimeoutMs })
      const answer = isOfferMethod(name) ? toAnswer(offerText(name, result)) : readCall(result)
      if (answer === null) throw new Error('The server of tools gave an answer that the protocol does not know.')
      return answer
    },
    async close() {
      const known = await session?.catch(() => null)
      session = null
      if (!known || known.id === null) return
      try {
        await fetch(url, { method: 'DELETE', headers: { ...headers(), ...headersOf(known) }, keepalive: true })
      } catch (error) {
        // It will forget the session by itself.
        if (!(error instanceof TypeError)) throw error
      }
    },
  }
}

function readCall(result: unknown): ServerAnswer | null {
  const { success, data } = callResult.safeParse(result)
  return success ? { ok: data.isError !== true, text: answerText(data) } : null
}

function toAnswer(text: string | null): ServerAnswer | null {
  return text === null ? null : { ok: true, text }
}

function headersOf(known: RpcSession | null): Record<string, string> {
  if (known === null) return {}
  return { 'mcp-protocol-version': known.greeting.protocol, ...(known.id !== null && { 'mcp-session-id': known.id }) }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, maxGreeting)
}

function resultOf({ result, error }: Incoming): unknown {
  if (!error) return result
  throw new Error(`The server of tools refused: ${error.message.slice(0, 1_000)} (${error.code})`)
}

function toServerTool(tool: z.infer<typeof toolList>['tools'][number]): ServerTool {
  return {
    name: tool.name,
    description: (tool.description ?? tool.title ?? '').slice(0, maxDescription),
    inputSchema: tool.inputSchema,
    readOnly: tool.annotations?.readOnlyHint === true,
  }
}

async function toError(response: Response): Promise<VitrineError> {
  const body = (await response.json().catch(() => null)) as { error?: { code?: string; message?: string } } | null
  const { code = '', message = `The server answered ${response.status}.` } = body?.error ?? {}
  return new VitrineError(Object.hasOwn(errorTable, code) ? (code as ErrorCode) : 'tool_server_error', message)
}

/** Keeps sentences; what `fetch` says of a lost connection is none. */
function unreachable(error: unknown): unknown {
  const isLost = error instanceof TypeError || isAbort(error)
  return isLost
    ? new VitrineError('offline', `The connection to the server of tools was lost (${messageOf(error)}).`)
    : error
}
