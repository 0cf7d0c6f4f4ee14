import type { ToolClient } from '@/lib/agent/tool-servers/client'
import type { ServerTool, ToolServers as TurnToolServers } from '@/lib/agent/tool-servers/types'
import { untilAborted } from '@/lib/agent/until-aborted'
import { createStore, mergeSignals, messageOf, plural, type StoreApi, VitrineError } from '@/lib/base'

/** A tool as the user saw it. One that came or changed since is off until the user has looked at it. */
export interface KnownTool extends ServerTool {
  on: boolean
  news: 'new' | 'changed' | null
}

export interface ToolServerInfo {
  address: string
  /** The address without its scheme: what people and the model call it. */
  name: string
  /** Null when the operator does not allow it (any more). */
  id: string | null
  /** The IDE's server signs in there with a token of its operator's. */
  signedIn: boolean
  on: boolean
  status: 'idle' | 'connecting'
  problem: string | null
  tools: readonly KnownTool[]
}

export interface ToolServersState {
  servers: readonly ToolServerInfo[]
  /** Whether the operator's list has been asked for. */
  list: 'unknown' | 'loading' | 'known'
  /** Why there is no list. */
  problem: string | null
}

/** Servers of tools: the operator allows addresses, the user switches them on for the project. */
export interface ToolServersApi {
  state: StoreApi<ToolServersState>
  /** Asks for the operator's list. */
  load(): Promise<void>
  /** Switching on connects and lists the tools; all of them are on then. */
  setOn(address: string, on: boolean): Promise<void>
  /** Gives up an attempt to connect; all stays as it was before. */
  cancel(address: string): void
  setTool(address: string, tool: string, on: boolean): void
  /** Lists the tools anew. */
  refresh(address: string): Promise<void>
}

export interface ToolServersOptions {
  assertMayRun(): void
  /** As remembered from an earlier visit. */
  remembered: unknown
  remember(servers: unknown): void
  fetch?: typeof globalThis.fetch
  /** How long connecting may take. */
  patienceMs?: number
}

const route = '/api/mcp'

export function createToolServers(options: ToolServersOptions): {
  api: ToolServersApi
  turn: TurnToolServers
  /** Another tab has written meanwhile: what is on there is on here. */
  recall(remembered: unknown): void
  dispose(): Promise<void>
} {
  const { assertMayRun, remember, fetch = globalThis.fetch.bind(globalThis), patienceMs = 60_000 } = options
  /** By address, who is connecting now. */
  const connecting = new Map<string, AbortController>()
  const clients = new Map<string, Promise<ToolClient>>()
  /** Whose tools have been compared with what the user saw, since this page was opened. */
  const compared = new Set<string>()
  const state = createStore<ToolServersState>(() => ({
    servers: readRemembered(options.remembered),
    list: 'unknown',
    problem: null,
  }))

  const find = (address: string): ToolServerInfo => {
    const found = state.getState().servers.find((server) => server.address === address)
    if (!found) throw new VitrineError('not_found', 'This server of tools is not known here.')
    return found
  }
  const update = (address: string, change: Partial<ToolServerInfo>) =>
    state.setState(({ servers }) => ({
      servers: servers.map((server) => (server.address === address ? { ...server, ...change } : server)),
    }))
  const save = () =>
    remember(
      state
        .getState()
        .servers.filter(({ on, tools }) => on || tools.length > 0)
        .map(({ address, on, tools }) => ({ address, on, tools })),
    )

  async function load(): Promise<void> {
    state.setState({ list: 'loading', problem: null })
    try {
      const response = await fetch(route)
      if (!response.ok) throw new Error(`The server answered ${response.status}.`)
      const allowed = readAllowed(await response.json())
      state.setState(({ servers }) => {
        const known = new Map(servers.map((server) => [server.address, server]))
        const listed = allowed.map(({ address, id, signedIn = false }) => ({
          ...(known.get(address) ?? newServer(address)),
          id,
          signedIn,
        }))
        const rest = servers.filter((server) => server.on && !allowed.some(({ address }) => address === server.address))
        return { servers: [...listed, ...rest.map((server) => ({ ...server, id: null }))], list: 'known' }
      })
    } catch (error) {
      state.setState({ list: 'unknown', problem: `The list of servers could not be loaded: ${messageOf(error)}` })
    }
  }

  async function clientOf(address: string): Promise<ToolClient> {
    if (find(address).id === null && state.getState().list !== 'known') await load()
    const { id } = find(address)
    const { problem } = state.getState()
    if (id === null) throw new Error(problem ?? `The operator of this IDE does not allow ${address}.`)
    const known = clients.get(address) ?? openClient(id)
    clients.set(address, known)
    // Its code may not have come; the next call asks for it again.
    known.catch(() => clients.delete(address))
    return known
  }
  const openClient = async (id: string): Promise<ToolClient> => {
    const { createToolClient } = await import('@/lib/agent/tool-servers/client')
    return createToolClient({ url: `${route}/${id}`, fetch })
  }
  const closeClient = async (address: string) => {
    const client = clients.get(address)
    clients.delete(address)
    compared.delete(address)
    await (await client?.catch(() => undefined))?.close()
  }

  async function listTools(address: string, signal: AbortSignal): Promise<void> {
    const client = await clientOf(address)
    const listed = await client.listTools(signal)
    compared.add(address)
    const { tools, on } = find(address)
    const isFirst = !on && tools.length === 0
    update(address, { tools: compareTools(tools, listed, isFirst), problem: null })
    save()
  }

  /** Whatever the server does, this ends: by an answer, by `cancel`, or when it took too long. */
  async function connect(address: string): Promise<void> {
    connecting.get(address)?.abort()
    const controller = new AbortController()
    connecting.set(address, controller)
    update(address, { status: 'connecting', problem: null })
    const tooLong = AbortSignal.timeout(patienceMs)
    const signal = mergeSignals(controller.signal, tooLong)
    let outcome: Partial<ToolServerInfo> = { on: true }
    try {
      await untilAborted(listTools(address, signal), signal)
    } catch (error) {
      const limit = `The server of tools did not say what it has within ${plural(Math.round(patienceMs / 1000), 'second')}.`
      outcome = { problem: controller.signal.aborted ? null : tooLong.aborted ? limit : messageOf(error) }
    }
    // Another attempt may have begun meanwhile.
    if (connecting.get(address) !== controller) return
    connecting.delete(address)
    update(address, { status: 'idle', ...outcome })
    save()
  }

  return {
    api: {
      state,
      load,
      async setOn(address, on) {
        assertMayRun()
        find(address)
        if (on) return connect(address)
        connecting.get(address)?.abort()
        connecting.delete(address)
        update(address, { on: false, status: 'idle', problem: null })
        save()
        await closeClient(address)
      },
      cancel: (address) => connecting.get(address)?.abort(),
      setTool(address, tool, on) {
        assertMayRun()
        update(address, {
          tools: find(address).tools.map((known) => (known.name === tool ? { ...known, on, news: null } : known)),
        })
        save()
      },
      async refresh(address) {
        assertMayRun()
        if (find(address).on) await connect(address)
      },
    },
    turn: {
      enabled: () =>
        state
          .getState()
          .servers.filter(({ on }) => on)
          .map(({ name, address, tools }) => ({ name, address, tools: tools.filter((tool) => tool.on) })),
      async call({ address, tool, arguments: given }, signal) {
        if (!compared.has(address)) await listTools(address, signal)
        const known = find(address).tools.find(({ name }) => name === tool)
        if (!known?.on || !find(address).on) throw new Error(whyOff(known))
        return (await clientOf(address)).callTool({ name: tool, arguments: given }, signal)
      },
    },
    recall(remembered) {
      compared.clear()
      state.setState({ servers: readRemembered(remembered), list: 'unknown' })
    },
    async dispose() {
      for (const controller of connecting.values()) controller.abort()
      await Promise.all([...clients.keys()].map(closeClient))
    },
  }
}

function whyOff(tool: KnownTool | undefined): string {
  if (!tool) return 'its server no longer has it.'
  return tool.news === null
    ? 'the user has switched it off.'
    : 'its server describes it otherwise than when the user switched it on. The user has to look at it first, under “Tools from servers”.'
}

/** A server could turn a harmless tool into another one after it was allowed; so what is not as it was seen is off. */
function compareTools(known: readonly KnownTool[], listed: readonly ServerTool[], isFirst: boolean): KnownTool[] {
  return listed.map((tool) => {
    const before = known.find(({ name }) => name === tool.name)
    if (!before) return { ...tool, on: isFirst, news: isFirst ? null : 'new' }
    if (definitionOf(before) === definitionOf(tool)) return before
    return { ...tool, on: false, news: before.news === 'new' ? 'new' : 'changed' }
  })
}

function definitionOf({ name, description, inputSchema, readOnly }: ServerTool): string {
  return JSON.stringify([name, description, inputSchema, readOnly])
}

function newServer(address: string): ToolServerInfo {
  const name = address.replace(/^https?:\/\//, '').replace(/\/+$/, '')
  return { address, name, id: null, signedIn: false, on: false, status: 'idle', problem: null, tools: [] }
}

function readAllowed(body: unknown): { id: string; address: string; signedIn?: boolean }[] {
  const { servers } = (body ?? {}) as { servers?: unknown }
  if (!Array.isArray(servers)) return []
  return servers.filter((entry) => typeof entry?.id === 'string' && typeof entry.address === 'string')
}

/** What storage gave, as far as it has the shape. */
function readRemembered(value: unknown): ToolServerInfo[] {
  if (!Array.isArray(value)) return []
  return value
    .filter(
      (entry) => typeof entry?.address === 'string' && typeof entry.on === 'boolean' && Array.isArray(entry.tools),
    )
    .map(({ address, on, tools }) => ({ ...newServer(address), on, tools: tools.filter(isKnownTool) }))
}

function isKnownTool(entry: unknown): entry is KnownTool {
  const { name, description, inputSchema, on } = (entry ?? {}) as Partial<KnownTool>
  const isNamed = typeof name === 'string' && typeof description === 'string'
  return isNamed && typeof inputSchema === 'object' && inputSchema !== null && typeof on === 'boolean'
}
