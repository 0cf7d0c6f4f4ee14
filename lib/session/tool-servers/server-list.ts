import type { DeclaredServers, TokenPlace } from './declared-servers'
import { isKnownTool, type KnownTool } from './known-tools'

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

interface AllowedServer {
  id: string
  address: string
  signedIn?: boolean
}

/** The last part of our route to all servers that users add. */
export const ownId = 'own'

function nameOf(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/+$/, '')
}

function newServer(address: string): ToolServerInfo {
  const name = nameOf(address)
  const unused = { id: null, isOwn: false, givenName: '', token: 'none', signedIn: false } as const
  return { address, name, ...unused, on: false, status: 'idle', problem: null, tools: [] }
}

/** Those that the operator allows first; of the others, those that are on or the user's. */
export function withListed(servers: readonly ToolServerInfo[], allowed: readonly AllowedServer[]): ToolServerInfo[] {
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
  return [...listed, ...rest.map((server) => ({ ...server, id: null, signedIn: false }))]
}

/** Those that this browser holds, each in its place or at the end; what was added once and is no longer held is left out. */
export function withDeclared(
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

/** What our route said, as far as it has the shape. */
export function readAllowed(body: unknown): { allowed: AllowedServer[]; mayAdd: boolean } {
  const { servers, mayAdd } = (body ?? {}) as { servers?: unknown; mayAdd?: unknown }
  const allowed = Array.isArray(servers)
    ? servers.filter((entry) => typeof entry?.id === 'string' && typeof entry.address === 'string')
    : []
  return { allowed, mayAdd: mayAdd === true }
}

/** What storage gave, as far as it has the shape. */
export function readRemembered(value: unknown): ToolServerInfo[] {
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
