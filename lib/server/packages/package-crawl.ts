import 'server-only'
import { LRUCache } from 'lru-cache'
import { createSlots, joinBytes, parseRegistryPath, VitrineError } from '@/lib/base'
import { choose } from '@/lib/registry/choose'
import { type CrawlLine, crawl } from '@/lib/registry/crawl'
import { type Packument, parsePackument, releaseAgeMs, withTimes } from '@/lib/registry/packument'
import { labelOf, parseWant, type Want } from '@/lib/registry/want'
import type { Settings } from '../env'
import type { RouteContext } from '../handle'
import { toStream } from '../to-stream'
import { askRegistry, type RegistryForm } from './registry'

const maxWants = 100
/** Of one request; the tab asks again for what is missing. */
const maxLines = 3_000
const maxAtATime = 24
/** Answers that are known cost the server as much as one request, by the processor's time. */
const knownPerRequest = 20
/** Of all requests together; npm itself asks for fifteen at a time. */
const inTurn = createSlots(16)

const lifetimeMs = 5 * 60_000

/** What the registry said lately, as it came: several ranges of one package are seldom wanted at the same moment. */
const answers = new LRUCache<string, Uint8Array, Asking & { form: RegistryForm }>({
  maxSize: 32 * 1024 * 1024,
  sizeCalculation: (data) => data.byteLength + 1,
  ttl: lifetimeMs,
  fetchMethod: (_key, _stale, { context: { settings, want, form }, signal }) =>
    inTurn(async () => {
      const { chunks } = await askRegistry(settings, { kind: 'metadata', name: want.name }, form, signal)
      const all: Uint8Array[] = []
      for await (const chunk of chunks) all.push(chunk)
      return joinBytes(all)
    }),
})

/** What was chosen lately: a class that opens one project costs the server, and the registry, one crawl. */
const choices = new LRUCache<string, Packument, Asking>({
  max: 10_000,
  ttl: lifetimeMs,
  async fetchMethod(_key, _stale, { context }) {
    const { settings, want } = context
    const packument = await withTimes(async (full) => {
      const form = full ? 'full' : 'short'
      const key = `${form} ${want.name} ${settings.registryUrl}`
      return parsePackument(want.name, await answers.forceFetch(key, { context: { ...context, form } }))
    })
    return choose(packument, want.wanted, new Date(Date.now() - releaseAgeMs))
  },
})

interface Asking {
  settings: Settings
  want: Want
}

/**
 * `GET /api/packages?want=react@^19&want=…`: one line of JSON (`CrawlLine`) for each of them and for all that they depend on.
 * Each that is not known counts as a request of the caller.
 */
export function packageCrawl({ request, settings, spend }: RouteContext): Response {
  const labels = new URL(request.url).searchParams.getAll('want')
  const wants = labels.flatMap((label) => parseWant(label) ?? [])
  if (wants.length === 0 || wants.length < labels.length || wants.length > maxWants) {
    throw new VitrineError('invalid_request', `Ask for 1 to ${maxWants} packages, each as want=name@range.`, {
      param: 'want',
    })
  }

  let known = 0
  async function look(want: Want): Promise<Packument> {
    if (parseRegistryPath(want.name)?.kind !== 'metadata')
      throw new VitrineError('not_found', `The registry has no package “${want.name}”.`)
    const key = `${labelOf(want)} ${settings.registryUrl}`
    if (choices.has(key)) known += 1
    if (!choices.has(key) || known % knownPerRequest === 0) await spend(1)
    return choices.forceFetch(key, { context: { settings, want } })
  }

  const lines = crawl(wants, { look, signal: request.signal, maxLines, maxAtATime })
  return new Response(toStream(written(lines)), { headers: { 'content-type': 'application/x-ndjson' } })
}

async function* written(lines: AsyncIterable<CrawlLine>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const line of lines) yield encoder.encode(`${JSON.stringify(line)}\n`)
}
