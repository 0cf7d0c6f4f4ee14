import { decodeUtf8, encodeUtf8, joinBytes, messageOf, toLatin1 } from '@/lib/base'
import type { MachineHost } from '../process/machine-host'
import {
  bytesResult,
  type CommandContext,
  type Commands,
  failure,
  inputOf,
  pathFrom,
  type Result,
  success,
} from './command'
import { fetchFromPort, type HttpAnswer } from './http-client'

interface Request {
  url: string
  method: string | null
  headers: [string, string][]
  body: Uint8Array | null
  output: string | null
  isVerbose: boolean
  withHead: boolean
  onlyHead: boolean
  follows: boolean
  fails: boolean
  isSilent: boolean
  format: string | null
}

const noNetwork = (name: string, host: string) =>
  `${name}: ${host} cannot be reached: the sandbox has no network. Addresses on localhost, where a program of yours listens, can.`

/** `curl` and `wget` for the servers that run in the sandbox. */
export function createCurlCommands(host: MachineHost): Commands {
  return {
    curl: (args, context) => curl({ host, name: 'curl' }, args, context),
    async wget(args, context) {
      const url = args.find((word) => !word.startsWith('-'))
      if (url === undefined) return failure('wget: missing URL', 1)
      const at = args.findIndex((word) => word === '-O' || word === '-qO')
      const named = args.find((word) => /^-q?O./.test(word))?.replace(/^-q?O/, '')
      const output =
        at === -1
          ? (named ??
            (url
              .replace(/[?#].*$/, '')
              .split('/')
              .slice(3)
              .at(-1) ||
              'index.html'))
          : (args[at + 1] ?? '-')
      return curl({ host, name: 'wget' }, ['-sSfL', '-o', output, url], context)
    },
  }
}

interface Tool {
  host: MachineHost
  /** In its messages. */
  name: 'curl' | 'wget'
}

async function curl(tool: Tool, args: string[], context: CommandContext): Promise<Result> {
  const { name } = tool
  const requests = await readRequests(args, context)
  if (typeof requests === 'string') return failure(`${name}: ${requests}`, 2)
  if (requests.length === 0) return failure("curl: no URL specified!\ncurl: try 'curl --help' for more information", 2)
  const chunks: Uint8Array[] = []
  let stderr = ''
  let exitCode = 0
  for (const request of requests) {
    const done = await perform(tool, request, context)
    chunks.push(done.stdout)
    stderr += done.stderr
    exitCode = done.exitCode
  }
  const all = joinBytes(chunks)
  const text = decodeUtf8(all)
  return { ...(text === null ? bytesResult(all) : success(text)), stderr, exitCode }
}

async function perform({ host, name }: Tool, request: Request, context: CommandContext) {
  const fail = (message: string, exitCode: number) => ({
    stdout: new Uint8Array(),
    stderr: request.isSilent ? '' : `${message}\n`,
    exitCode,
  })
  let address = request.url
  let method = request.onlyHead ? 'HEAD' : (request.method ?? (request.body ? 'POST' : 'GET'))
  let { body } = request
  for (let hops = 0; hops <= 20; hops++) {
    const url = parseUrl(address)
    if (!url) return fail(`${name}: (3) URL rejected: Malformed input to a URL function`, 3)
    if (!/^(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|.*\.localhost)$/.test(url.hostname)) {
      return { ...fail('', 6), stderr: `${noNetwork(name, url.hostname)}\n` }
    }
    if (url.protocol !== 'http:')
      return fail(`${name}: (1) Servers in the sandbox speak http, not ${url.protocol.replace(':', '')}`, 1)
    const port = Number(url.port || 80)
    let answer: HttpAnswer | null
    try {
      answer = await fetchFromPort(host, {
        port,
        method,
        path: url.pathname + url.search,
        headers: headersFor(url, request, body),
        body,
      })
    } catch (error) {
      return fail(`${name}: (56) ${messageOf(error)}`, 56)
    }
    if (!answer) return fail(`${name}: (7) Failed to connect to ${url.hostname} port ${port}: Connection refused`, 7)
    const location = answer.headers.find(([header]) => header.toLowerCase() === 'location')?.[1]
    if (request.follows && location && answer.status >= 300 && answer.status < 400) {
      if (answer.status === 303 || (answer.status < 303 && method === 'POST')) {
        method = 'GET'
        body = null
      }
      address = new URL(location, url).href
      continue
    }
    return report(context, request, { answer, url: url.href, method })
  }
  return fail(`${name}: (47) Maximum (20) redirects followed`, 47)
}

function headersFor(url: URL, request: Request, body: Uint8Array | null): [string, string][] {
  const names = new Set(request.headers.map(([header]) => header.toLowerCase()))
  const defaults: [string, string][] = [
    ['Host', url.host],
    ['User-Agent', 'curl/8.5.0'],
    ['Accept', '*/*'],
  ]
  if (body)
    defaults.push(['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(body.byteLength)])
  return [
    ...defaults.filter(([header]) => !names.has(header.toLowerCase())),
    ...request.headers,
    ['Connection', 'close'],
  ]
}

async function report(
  context: CommandContext,
  request: Request,
  { answer, url, method }: { answer: HttpAnswer; url: string; method: string },
) {
  const { status, statusText, headers, body } = answer
  const head = `HTTP/1.1 ${status} ${statusText}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  let stderr = ''
  if (request.isVerbose) {
    stderr += `> ${method} ${url}\n${head
      .split('\r\n')
      .map((line) => `< ${line}\n`)
      .join('')}`
  }
  if (request.fails && status >= 400) {
    if (!request.isSilent) stderr += `curl: (22) The requested URL returned error: ${status}\n`
    return { stdout: encodeUtf8(written(request.format, { answer, url, method })), stderr, exitCode: 22 }
  }
  const shownHead = request.withHead || request.onlyHead ? encodeUtf8(head) : new Uint8Array()
  const content = joinBytes([shownHead, request.onlyHead ? new Uint8Array() : body])
  const after = encodeUtf8(written(request.format, { answer, url, method }))
  if (request.output === null || request.output === '-') {
    return { stdout: joinBytes([content, after]), stderr, exitCode: 0 }
  }
  await context.fs.writeFile(pathFrom(context, request.output), content)
  return { stdout: after, stderr, exitCode: 0 }
}

function written(
  format: string | null,
  { answer, url, method }: { answer: HttpAnswer; url: string; method: string },
): string {
  if (format === null) return ''
  const type = answer.headers.find(([header]) => header.toLowerCase() === 'content-type')?.[1] ?? ''
  const values: Record<string, string> = {
    http_code: String(answer.status).padStart(3, '0'),
    response_code: String(answer.status).padStart(3, '0'),
    content_type: type,
    size_download: String(answer.body.byteLength),
    url_effective: url,
    method,
  }
  return format
    .replaceAll(/%\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '')
    .replaceAll(String.raw`\n`, '\n')
    .replaceAll(String.raw`\t`, '\t')
}

function parseUrl(text: string): URL | null {
  return URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`)
}

const letters: Record<string, string> = {
  s: 'silent',
  S: 'show-error',
  i: 'include',
  I: 'head',
  L: 'location',
  f: 'fail',
  v: 'verbose',
  k: 'insecure',
  g: 'globoff',
  G: 'get',
  O: 'remote-name',
  N: 'no-buffer',
  X: 'request',
  H: 'header',
  d: 'data',
  o: 'output',
  w: 'write-out',
  u: 'user',
  A: 'user-agent',
  m: 'max-time',
  e: 'referer',
  b: 'cookie',
}
const withValue = new Set([
  'request',
  'header',
  'data',
  'data-raw',
  'data-binary',
  'data-urlencode',
  'json',
  'output',
  'write-out',
  'user',
  'user-agent',
  'max-time',
  'connect-timeout',
  'referer',
  'cookie',
  'url',
  'retry',
])
const plain = new Set([
  'silent',
  'show-error',
  'include',
  'head',
  'location',
  'fail',
  'verbose',
  'insecure',
  'globoff',
  'get',
  'remote-name',
  'no-buffer',
  'compressed',
  'http1.1',
  'no-progress-meter',
  'fail-with-body',
])

async function readRequests(args: readonly string[], context: CommandContext): Promise<Request[] | string> {
  const set = new Map<string, string[]>()
  const urls: string[] = []
  const note = (name: string, value: string) => set.set(name, [...(set.get(name) ?? []), value])
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    if (word.startsWith('--')) {
      const name = word.slice(2)
      if (withValue.has(name)) note(name, args[++i] ?? '')
      else if (plain.has(name)) note(name, '')
      else return `option ${word}: is unknown here`
    } else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at++) {
        const name = letters[word[at] ?? '']
        if (!name) return `option -${word[at]}: is unknown here`
        if (!withValue.has(name)) note(name, '')
        else {
          note(name, at + 1 < word.length ? word.slice(at + 1) : (args[++i] ?? ''))
          break
        }
      }
    } else urls.push(word)
  }
  urls.push(...(set.get('url') ?? []))
  const headers = (set.get('header') ?? []).map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
  })
  const user = set.get('user')?.at(-1)
  if (user !== undefined) headers.push(['Authorization', `Basic ${btoa(user)}`])
  for (const [option, header] of [
    ['user-agent', 'User-Agent'],
    ['referer', 'Referer'],
    ['cookie', 'Cookie'],
  ] as const) {
    const value = set.get(option)?.at(-1)
    if (value !== undefined) headers.push([header, value])
  }
  const json = set.get('json')
  if (json) headers.push(['Content-Type', 'application/json'], ['Accept', 'application/json'])
  const data = await readData(set, context)
  const isGet = set.has('get')
  return urls.map((url) => ({
    url: isGet && data ? `${url}${url.includes('?') ? '&' : '?'}${toLatin1(data)}` : url,
    method: set.get('request')?.at(-1) ?? null,
    headers,
    body: isGet ? null : data,
    output:
      set.get('output')?.at(-1) ?? (set.has('remote-name') ? url.replace(/[?#].*$/, '').replace(/^.*\//, '') : null),
    isVerbose: set.has('verbose'),
    withHead: set.has('include'),
    onlyHead: set.has('head'),
    follows: set.has('location'),
    fails: set.has('fail'),
    isSilent: set.has('silent') && !set.has('show-error'),
    format: set.get('write-out')?.at(-1) ?? null,
  }))
}

async function readData(set: ReadonlyMap<string, string[]>, context: CommandContext): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  for (const name of ['data', 'data-raw', 'data-binary', 'data-urlencode', 'json']) {
    for (const value of set.get(name) ?? []) {
      if (parts.length > 0 && name !== 'json') parts.push(encodeUtf8('&'))
      if (name === 'data-urlencode') {
        const [key = '', ...rest] = value.split('=')
        parts.push(
          encodeUtf8(rest.length > 0 ? `${key}=${encodeURIComponent(rest.join('='))}` : encodeURIComponent(key)),
        )
      } else if (value.startsWith('@') && name !== 'data-raw') {
        const bytes =
          value === '@-' ? inputOf(context) : await context.fs.readFileBuffer(pathFrom(context, value.slice(1)))
        parts.push(name === 'data' ? bytes.filter((byte) => byte !== 10 && byte !== 13) : bytes)
      } else parts.push(encodeUtf8(value))
    }
  }
  return parts.length === 0 ? null : joinBytes(parts)
}
