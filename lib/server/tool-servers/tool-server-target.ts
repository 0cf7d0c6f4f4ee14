import 'server-only'
import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { toolServerHeaders, VitrineError } from '@/lib/base'
import { isFromThisMachine } from '../caller'
import { baseUrlProblem, type Settings } from '../env'
import type { RouteContext } from '../handle'
import { isPublicAddress } from './public-address'
import { createPublicFetch, type Send } from './public-fetch'

/** A server of tools that one request is for. */
export interface ToolServerTarget {
  address: string
  /** What it is signed in with there. */
  token: string | undefined
  /** Who declared it, and whose token that is. */
  owner: 'operator' | 'user'
  send: Send
}

const maxAddress = 2_048
const tokenShape = /^[\x21-\x7e]{8,4096}$/

/** Those of the operator's list are reached as the operator wrote them, this machine and internal hosts included. */
const sendAnywhere: Send = (address, message) => fetch(address, { ...message, redirect: 'manual', cache: 'no-store' })

/** The server of the operator's list that the path names. */
export function listedTarget({ request, settings }: RouteContext): ToolServerTarget {
  const id = new URL(request.url).pathname.split('/').at(-1)
  const address = settings.toolServers.find((known) => toolServerId(known) === id)
  if (address === undefined) {
    throw new VitrineError('not_found', 'The operator of this server allows no such server of tools.')
  }
  return { address, token: settings.toolServerTokens.get(address), owner: 'operator', send: sendAnywhere }
}

/** The server that the user declared: its address and token live as long as the request does. */
export function declaredTarget(send: Send = createPublicFetch()): (context: RouteContext) => ToolServerTarget {
  return ({ request, settings }) => {
    if (!mayDeclareServers(request, settings)) {
      throw new VitrineError('servers_refused', 'Whoever runs this IDE does not allow adding servers.')
    }
    const address = request.headers.get(toolServerHeaders.address) ?? ''
    const problem = declaredAddressProblem(address)
    if (problem !== null) throw new VitrineError('invalid_request', `The address ${problem}.`)
    const token = request.headers.get(toolServerHeaders.token) ?? undefined
    if (token !== undefined && !tokenShape.test(token)) {
      throw new VitrineError('invalid_request', 'A token is 8 to 4096 printable characters without blanks.')
    }
    return { address, token, owner: 'user', send }
  }
}

/** Unless the operator says, users may where they are the operator: on the machine that this server serves alone. */
export function mayDeclareServers(
  request: Request,
  { ownToolServers, publicUrl, trustedProxyHops }: Settings,
): boolean {
  return ownToolServers ?? (publicUrl === null && trustedProxyHops === 0 && isFromThisMachine(request))
}

/** Why an address cannot be a server that a user declares, or null. Where its name leads is looked at when it is called. */
export function declaredAddressProblem(address: string): string | null {
  if (address.length > maxAddress) return `must not be longer than ${maxAddress} characters`
  const problem = baseUrlProblem(address)
  if (problem !== null) return problem.replace(/https:\/\/api\.\S+/, 'https://tools.example.org/mcp').replace(/;.*/, '')
  const { protocol, hostname, port } = new URL(address)
  if (protocol !== 'https:') return 'must be https; on this machine only whoever runs this IDE can allow one'
  if (/^(?:localhost|\[::1\])$/.test(hostname) || (isIP(hostname) !== 0 && !isPublicAddress(hostname))) {
    return 'must lead to the public internet'
  }
  if (port !== '' && Number(port) < 1024) return 'must have the port 443, or one from 1024 on'
  return null
}

export function toolServerId(address: string): string {
  return createHash('sha256').update(address).digest('base64url').slice(0, 22)
}
