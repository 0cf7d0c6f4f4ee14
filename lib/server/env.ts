import { isIP } from 'node:net'
import npmDefaults from 'npm-registry-fetch/lib/default-opts.js'
import { z } from 'zod'

/** Everything the server reads from its environment. Secrets in here never leave the server. */
export interface Settings {
  /** Of the operator; in the settings of one request, of the user (`own-key.ts`). */
  openAiKey: string | null
  /** The key above is one that a user sent along. */
  isOwnKey: boolean
  /** Whether users may send keys of their own. */
  ownKeys: boolean
  /** Without a trailing slash, e.g. `https://api.openai.com/v1`; null when the scripted model answers. */
  upstream: string | null
  /** Models the proxy allows, the first being the default; null when the upstream's own list decides. */
  models: readonly string[] | null
  moderationModel: string | null
  apiTokens: readonly string[]
  publicUrl: string | null
  /** Under which each previewed server has a host of its own; null when previews stay in their opaque frame. */
  sandboxOrigin: string | null
  /** Where packages come from; may hold credentials, which never leave the server. */
  registryUrl: string
  /** Servers of tools (MCP) that pages may reach through this one; whole addresses, each once. */
  toolServers: readonly string[]
  /** By address: with what this server signs in there. */
  toolServerTokens: ReadonlyMap<string, string>
  /** Whether users may add servers of their own; null where nobody said. */
  ownToolServers: boolean | null
  /** Reverse proxies in front whose `X-Forwarded-For` is believed; 0 believes nobody. */
  trustedProxyHops: number
  requestsPerMinute: number
  /** How long a model may say nothing at all. */
  upstreamIdleMs: number
}

/** Whatever npm itself takes by default. */
const npmRegistry = npmDefaults.registry.replace(/\/+$/, '')
export const openAiUrl = 'https://api.openai.com/v1'
const maxToolServers = 32

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
)
const origin = z.string().transform((text, context) => {
  const problem = originProblem(text)
  if (problem === null) return new URL(text).origin
  context.addIssue({ code: 'custom', message: problem })
  return z.NEVER
})
const count = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .prefault(String(fallback))

const schema = z.object({
  OPENAI_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without blanks')
    .optional(),
  OPENAI_BASE_URL: z
    .string()
    .transform((text, context) => {
      const problem = baseUrlProblem(text)
      if (problem === null) return text.replace(/\/+$/, '')
      context.addIssue({ code: 'custom', message: problem })
      return z.NEVER
    })
    .optional(),
  VITRINE_MODELS: list
    .pipe(z.array(z.string().regex(modelIdPattern(), 'holds a name that is not a model id')))
    .optional(),
  VITRINE_OWN_KEYS: z.enum(['on', 'off'], 'must be “on” or “off”').prefault('on'),
  OPENAI_MODERATION_MODEL: z.string().regex(modelIdPattern(), 'is not a model id').optional(),
  VITRINE_API_TOKENS: list.pipe(z.array(z.string().min(16, 'holds a token shorter than 16 characters'))).optional(),
  VITRINE_PUBLIC_URL: origin.optional(),
  VITRINE_SANDBOX_ORIGIN: origin.optional(),
  VITRINE_REGISTRY_URL: z
    .string()
    .transform((text, context) => {
      const problem = registryUrlProblem(text)
      if (problem === null) return text.replace(/\/+$/, '')
      context.addIssue({ code: 'custom', message: problem })
      return z.NEVER
    })
    .default(npmRegistry),
  VITRINE_MCP_SERVERS: list
    .transform((addresses, context) => {
      const problem = addresses.map(baseUrlProblem).find((found) => found !== null)
      if (problem === undefined && addresses.length <= maxToolServers) return [...new Set(addresses)]
      context.addIssue({ code: 'custom', message: toolServersProblem(problem) })
      return z.NEVER
    })
    .default([]),
  VITRINE_MCP_TOKENS: list
    .transform((entries, context) => {
      const pairs = entries.map((entry) => /^(\S+)\s+([\x21-\x7e]{8,4096})$/.exec(entry))
      if (pairs.every((pair) => pair !== null)) {
        return new Map(pairs.map(([, address = '', token = '']) => [address, token]))
      }
      context.addIssue({ code: 'custom', message: 'must be a comma list of an address, a blank and its token' })
      return z.NEVER
    })
    .default(new Map()),
  VITRINE_OWN_MCP_SERVERS: z.enum(['on', 'off'], 'must be “on” or “off”').optional(),
  VITRINE_TRUSTED_PROXY_HOPS: count(0, 0, 10),
  VITRINE_REQUESTS_PER_MINUTE: count(300, 1, 100_000),
  VITRINE_UPSTREAM_IDLE_SECONDS: count(60, 1, 3_600),
})

/** Throws one sentence per wrong variable; values are never repeated in it. */
export function readEnv(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`).join('\n'))
  }
  const { data } = parsed
  for (const address of data.VITRINE_MCP_TOKENS.keys()) {
    if (data.VITRINE_MCP_SERVERS.includes(address)) continue
    throw new Error('VITRINE_MCP_TOKENS: holds a token for an address that VITRINE_MCP_SERVERS does not name')
  }
  const sandboxProblem = sandboxOriginProblem(data)
  if (sandboxProblem !== null) throw new Error(`VITRINE_SANDBOX_ORIGIN: ${sandboxProblem}`)
  return {
    openAiKey: data.OPENAI_API_KEY ?? null,
    isOwnKey: false,
    ownKeys: data.VITRINE_OWN_KEYS === 'on',
    upstream: data.OPENAI_BASE_URL ?? (data.OPENAI_API_KEY ? openAiUrl : null),
    models: data.VITRINE_MODELS?.length ? data.VITRINE_MODELS : null,
    moderationModel: data.OPENAI_MODERATION_MODEL ?? null,
    apiTokens: data.VITRINE_API_TOKENS ?? [],
    publicUrl: data.VITRINE_PUBLIC_URL ?? null,
    sandboxOrigin: data.VITRINE_SANDBOX_ORIGIN ?? null,
    registryUrl: data.VITRINE_REGISTRY_URL,
    toolServers: data.VITRINE_MCP_SERVERS,
    toolServerTokens: data.VITRINE_MCP_TOKENS,
    ownToolServers: data.VITRINE_OWN_MCP_SERVERS === undefined ? null : data.VITRINE_OWN_MCP_SERVERS === 'on',
    trustedProxyHops: data.VITRINE_TRUSTED_PROXY_HOPS,
    requestsPerMinute: data.VITRINE_REQUESTS_PER_MINUTE,
    upstreamIdleMs: data.VITRINE_UPSTREAM_IDLE_SECONDS * 1000,
  }
}

export function isOpenAi(settings: Settings): boolean {
  return settings.upstream === openAiUrl
}

/** Letters, digits and `. _ - : /` (`llama3.1:8b`, `org/model`). */
export function modelIdPattern(): RegExp {
  return /^[\w.:/-]{1,128}$/
}

/**
 * Why an address cannot be the model server, or null when it can: https anywhere but metadata services, http on this
 * machine only, since the key would travel readable. The address must be written the way it will be used: no other
 * spelling of a number, no credentials, no query, no detours in the path.
 */
export function baseUrlProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'must be an address such as https://api.openai.com/v1'
  const url = new URL(text)
  const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return 'must be https, or http on localhost'
  if (url.username || url.password) return 'must not hold credentials; use OPENAI_API_KEY'
  if (url.search || url.hash || /[?#]/.test(text)) return 'must not have a query or fragment'
  if (text.replace(/\/+$/, '') !== url.href.replace(/\/+$/, ''))
    return 'must be written plainly: host in ASCII and lower case, no “..”, no default port'
  if (url.hostname.endsWith('.')) return 'must not end its host with a dot'
  if (!loopback && isInternal(url.hostname)) return 'must not be a link-local, metadata or unspecified address'
  return null
}

/** Addresses that no model server has, but cloud metadata services do. IPv6 literals other than loopback are refused whole. */
function isInternal(hostname: string): boolean {
  if (hostname.startsWith('[')) return true
  if (isIP(hostname)) return /^(?:0|127)\.|^169\.254\.|^100\.100\.100\.200$/.test(hostname)
  return (
    /(?:^|\.)(?:metadata|metadata\.google\.internal|instance-data)$|\.internal$|\.localhost$/.test(hostname) ||
    !hostname.includes('.')
  )
}

function toolServersProblem(problem: string | undefined): string {
  return problem
    ? `holds an address that ${problem.replace(/; use OPENAI_API_KEY$/, '')}`
    : `holds more than ${maxToolServers} addresses`
}

/** Why an address cannot be the package registry, or null. Credentials travel by https, or stay on this machine. */
function registryUrlProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'must be an address such as https://npm.example.org'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be http or https'
  if (url.search || url.hash || /[?#]/.test(text)) return 'must not have a query or fragment'
  const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  const hasCredentials = url.username !== '' || url.password !== ''
  return hasCredentials && url.protocol === 'http:' && !loopback ? 'must be https when it holds credentials' : null
}

/** Why previews cannot have hosts under an origin, or null. */
function sandboxOriginProblem(data: Pick<z.infer<typeof schema>, 'VITRINE_SANDBOX_ORIGIN' | 'VITRINE_PUBLIC_URL'>) {
  if (data.VITRINE_SANDBOX_ORIGIN === undefined) return null
  const { hostname, protocol } = new URL(data.VITRINE_SANDBOX_ORIGIN)
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) return 'must be a name, since each preview gets a host under it'
  if (protocol === 'http:' && hostname !== 'localhost' && !hostname.endsWith('.localhost')) {
    return 'must be https, or http under localhost: elsewhere browsers allow no service worker'
  }
  if (data.VITRINE_PUBLIC_URL === undefined) return 'needs VITRINE_PUBLIC_URL, the one address that may show previews'
  const ide = new URL(data.VITRINE_PUBLIC_URL).hostname
  if (ide === hostname || ide.endsWith(`.${hostname}`)) return 'must not be the host of VITRINE_PUBLIC_URL or above it'
  return null
}

function originProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'must be an origin such as https://vitrine.example.org'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be http or https'
  return url.origin === text.replace(/\/$/, '') ? null : 'must be an origin only: scheme, host and port'
}
