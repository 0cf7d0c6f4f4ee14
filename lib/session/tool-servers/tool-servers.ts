import type { ToolClient } from '@/lib/agent/tool-servers/client'
import type { ServerGreeting, ToolServers as TurnToolServers } from '@/lib/agent/tool-servers/types'
import { createStore, mergeSignals, messageOf, plural, type StoreApi, untilAborted, VitrineError } from '@/lib/base'
import type { DeclaredServers, TokenPlace } from './declared-servers'
import { compareTools, isKnownTool, type KnownTool, whyOff } from './known-tools'
import type { ServerEntry } from './server-entry'

export interface ToolServerInfo {
  address: string
  /** What people and the model call it: the user's name for it, or the address without its scheme. */
  name: string
  /** The last part of our route to it; null when the operator does not allow it (any more). */
  id: string | null
  /** The user added it to this browser. */
  isOwn: boolean
  /** The user's name for it; empty without. */
  givenName: string
  /** Where the user's token for it is. */
  token: TokenPlace
  /** The IDE's server signs in there with a token of its operator's. */
  signedIn: boolean
  on: boolean
  status: 'idle' | 'connecting'
  problem: string | null
  tools: readonly KnownTool[]
}

export interface ToolServersState {
  servers: readonly ToolServerInfo[]
  /** Whether users may add servers; null until the operator's list is known. */
  mayAdd: boolean | null
  /** Whether the operator's list has been asked for. */
  list: 'unknown' | 'loading' | 'known'
  /** Why there is no list. */
  problem: string | null
}

/** What a server that was tried out said. */
export interface ServerCheck extends ServerGreeting {
  tools: number
}

/** Servers of tools: the operator allows addresses, the user adds others, and switches them on for the project. */
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
  /** Adds a server to this browser, or writes one anew; at another address it is another server, off and without token. */
  declare(entry: ServerEntry, edited?: string): Promise<void>
  remove(address: string): Promise<void>
  forgetToken(address: string): Promise<void>
  /** Connects and says who is there, changing nothing. Rejects with a sentence. */
  check(entry: Pick<ServerEntry, 'address' | 'token'>, signal: AbortSignal): Promise<ServerCheck>
}

export interface ToolServersOptions {
  assertMayRun(): void
  declared: DeclaredServers
  /** As remembered from an earlier visit. */
  remembered: unknown
  remember(servers: unknown): void
  fetch?: typeof globalThis.fetch
  /** How long connecting may take. */
  patienceMs?: number
}

const route = '/api/mcp'
/** The last part of our route to all servers that users add. */
const ownId = 'own'

export function createToolServers(options: ToolServersOptions): {
  api: ToolServersApi
  turn: TurnToolServers
  /** Another tab has written meanwhile: what is on there is on here. */
  recall(remembered: unknown): void
  dispose(): Promise<void>
} {
  const { assertMayRun, declared, remember, patienceMs = 60_000 } = options
  const { fetch = globalThis.fetch.bind(globalThis) } = options
  /** By address, who is connecting now. */
  const connecting = new Map<string, AbortController>()
  const clients = new Map<string, Promise<ToolClient>>()
  /** Whose tools have been compared with what the user saw, since this page was opened. */
  const compared = new Set<string>()
  const state = createStore<ToolServersState>(() => ({
    servers: withDeclared(readRemembered(options.remembered), declared, null),
    mayAdd: null,
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
        .map(({ address, isOwn, on, tools }) => ({ address, isOwn, on, tools })),
    )
  /** After the list in this browser has changed. */
  const arrange = () => state.setState(({ servers, mayAdd }) => ({ servers: withDeclared(servers, declared, mayAdd) }))
  const isDeclared = (address: string) => declared.list().some((server) => server.address === address)
  const saysTooLong = () =>
    `The server of tools did not say what it has within ${plural(Math.round(patienceMs / 1000), 'second')}.`

  async function load(): Promise<void> {
    state.setState({ list: 'loading', problem: null })
    try {
      const response = await fetch(route)
      if (!response.ok) throw new Error(`The server answered ${response.status}.`)
      const { allowed, mayAdd } = readAllowed(await response.json())
      state.setState(({ servers }) => {
        const known = new Map(servers.map((server) => [server.address, server]))
        const listed = allowed.map(({ address, id, signedIn = false }) => ({
          ...(known.get(address) ?? newServer(address)),
          name: nameOf(address),
          isOwn: false,
          givenName: '',
          token: 'none' as const,
          id,
          signedIn,
        }))
        const rest = servers.filter(
          ({ address, on, isOwn }) => (on || isOwn) && !allowed.some((each) => each.address === address),
        )
        const all = [...listed, ...rest.map((server) => ({ ...server, id: null, signedIn: false }))]
        return { servers: withDeclared(all, declared, mayAdd), mayAdd, list: 'known' }
      })
    } catch (error) {
      state.setState({ list: 'unknown', problem: `The list of servers could not be loaded: ${messageOf(error)}` })
    }
  }

  async function clientOf(address: string): Promise<ToolClient> {
    if (find(address).isOwn && !isDeclared(address)) throw new Error('The user has removed this server.')
    if (find(address).id === null && state.getState().list !== 'known') await load()
    const { id } = find(address)
    const { problem } = state.getState()
    if (id === null) throw new Error(problem ?? `The operator of this IDE does not allow ${address}.`)
    const known = clients.get(address) ?? openClient(id, id === ownId ? () => declared.headers(address) : undefined)
    clients.set(address, known)
    // Its code may not have come; the next call asks for it again.
    known.catch(() => clients.delete(address))
    return known
  }
  const openClient = async (id: string, headers?: () => Record<string, string>): Promise<ToolClient> => {
    const { createToolClient } = await import('@/lib/agent/tool-servers/client')
    return createToolClient({ url: `${route}/${id}`, fetch, ...(headers && { headers }) })
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
      outcome = { problem: controller.signal.aborted ? null : tooLong.aborted ? saysTooLong() : messageOf(error) }
    }
    // Another attempt may have begun meanwhile.
    if (connecting.get(address) !== controller) return
    connecting.delete(address)
    update(address, { status: 'idle', ...outcome })
    save()
  }

  async function switchOff(address: string): Promise<void> {
    connecting.get(address)?.abort()
    connecting.delete(address)
    update(address, { on: false, status: 'idle', problem: null })
    save()
    await closeClient(address)
  }

  async function remove(address: string): Promise<void> {
    // Its session is ended with the token that it was begun with.
    await switchOff(address)
    declared.remove(address)
    state.setState(({ servers }) => ({ servers: servers.filter((server) => server.address !== address) }))
    save()
  }

  return {
    api: {
      state,
      load,
      async setOn(address, on) {
        assertMayRun()
        find(address)
        return on ? connect(address) : switchOff(address)
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
      async declare({ address, name, token, keepInTab }, edited) {
        if (edited !== undefined && edited !== address) await remove(edited)
        else if (edited !== undefined) await closeClient(address)
        declared.save({ address, name })
        if (token !== '') declared.setToken(address, token, { keepInTab })
        arrange()
        update(address, { problem: null })
      },
      remove,
      async forgetToken(address) {
        await closeClient(address)
        declared.forgetToken(address)
        arrange()
      },
      async check({ address, token }, signal) {
        const client = await openClient(ownId, () => declared.headers(address, token === '' ? undefined : token))
        const tooLong = AbortSignal.timeout(patienceMs)
        const either = mergeSignals(signal, tooLong)
        try {
          const greeting = await untilAborted(client.introduce(either), either)
          return { ...greeting, tools: (await untilAborted(client.listTools(either), either)).length }
        } catch (error) {
          if (tooLong.aborted && !signal.aborted) throw new Error(saysTooLong(), { cause: error })
          throw error
        } finally {
          void client.close()
        }
      },
    },
    turn: {
      enabled: () =>
        state
          .getState()
          .servers.filter(({ on, isOwn, address }) => on && (!isOwn || isDeclared(address)))
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
      const servers = withDeclared(readRemembered(remembered), declared, state.getState().mayAdd)
      state.setState({ servers, list: 'unknown' })
    },
    async dispose() {
      for (const controller of connecting.values()) controller.abort()
      await Promise.all([...clients.keys()].map(closeClient))
    },
  }
}

function nameOf(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/+$/, '')
}

function newServer(address: string): ToolServerInfo {
  const name = nameOf(address)
  const unused = { id: null, isOwn: false, givenName: '', token: 'none', signedIn: false } as const
  return { address, name, ...unused, on: false, status: 'idle', problem: null, tools: [] }
}

/** Those that this browser holds, each in its place or at the end; what was added once and is no longer held is left out. */
function withDeclared(
  servers: readonly ToolServerInfo[],
  declared: DeclaredServers,
  mayAdd: boolean | null,
): ToolServerInfo[] {
  const own = new Map(declared.list().map((server) => [server.address, server]))
  const isListed = (server: ToolServerInfo) => !server.isOwn && server.id !== null
  const toOwn = (server: ToolServerInfo): ToolServerInfo => {
    const givenName = own.get(server.address)?.name ?? ''
    return {
      ...server,
      name: givenName || nameOf(server.address),
      givenName,
      isOwn: true,
      id: mayAdd === false ? null : ownId,
      token: declared.tokenPlace(server.address),
    }
  }
  const held = servers
    .filter((server) => !server.isOwn || own.has(server.address))
    .map((server) => (own.has(server.address) && !isListed(server) ? toOwn(server) : server))
  const fresh = [...own.keys()].filter((address) => !held.some((server) => server.address === address))
  return [...held, ...fresh.map((address) => toOwn(newServer(address)))]
}

function readAllowed(body: unknown): {
  allowed: { id: string; address: string; signedIn?: boolean }[]
  mayAdd: boolean
} {
  const { servers, mayAdd } = (body ?? {}) as { servers?: unknown; mayAdd?: unknown }
  const allowed = Array.isArray(servers)
    ? servers.filter((entry) => typeof entry?.id === 'string' && typeof entry.address === 'string')
    : []
  return { allowed, mayAdd: mayAdd === true }
}

/** What storage gave, as far as it has the shape. */
function readRemembered(value: unknown): ToolServerInfo[] {
  if (!Array.isArray(value)) return []
  return value
    .filter(
      (entry) => typeof entry?.address === 'string' && typeof entry.on === 'boolean' && Array.isArray(entry.tools),
    )
    .map(({ address, isOwn, on, tools }) => ({
      ...newServer(address),
      isOwn: isOwn === true,
      on,
      tools: tools.filter(isKnownTool),
    }))
}
