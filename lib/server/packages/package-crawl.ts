import 'server-only'
import { LRUCache } from 'lru-cache'
import { createSlots, parseRegistryPath, VitrineError } from '@/lib/base'
import { crawl } from '@/lib/registry/crawl'
import { type Packument, parsePackument, withTimes } from '@/lib/registry/packument'
import { parseWant } from '@/lib/registry/want'
import type { Settings } from '../env'
import type { RouteContext } from '../handle'
import { askRegistry, type RegistryForm } from './registry'

const maxWants = 100
/** Of one request; the tab asks again for what is missing. */
const maxPackages = 2_000
const maxAtATime = 24
/** Of all requests together. */
const inTurn = createSlots(32)

/** What the registry said lately, as it came: a class that opens one project asks for it once. */
const lately = new LRUCache<string, Uint8Array, Asking>({
  maxSize: 64 * 1024 * 1024,
  sizeCalculation: (data) => data.byteLength + 1,
  ttl: 5 * 60_000,
  fetchMethod: (_key, _stale, { context: { settings, name, form }, signal }) =>
    inTurn(async () => {
      const response = await askRegistry(settings, { kind: 'metadata', name }, form, signal)
      return new Uint8Array(await response.arrayBuffer())
    }),
})

interface Asking {
  settings: Settings
  name: string
  form: RegistryForm
}

/**
 * `GET /api/packages?want=react@^19&want=…`: one line of JSON (`CrawlLine`) for each package that is wanted, or that those
 * depend on, less the versions that nobody takes. Each package that the registry is asked for counts as a request.
 */
export function packageCrawl({ request, settings, spend }: RouteContext): Response {
  const labels = new URL(request.url).searchParams.getAll('want')
  const wants = labels.flatMap((label) => parseWant(label) ?? [])
  if (wants.length === 0 || wants.length < labels.length || wants.length > maxWants) {
    throw new VitrineError('invalid_request', `Ask for 1 to ${maxWants} packages, each as want=name@range.`, {
      param: 'want',
    })
  }

  async function read(name: string, form: RegistryForm): Promise<Packument> {
    const key = `${form} ${name} ${settings.registryUrl}`
    if (!lately.has(key)) await spend(1)
    const data = await lately.fetch(key, { context: { settings, name, form } })
    return parsePackument(name, data ?? new Uint8Array())
  }

  async function load(name: string): Promise<Packument> {
    if (parseRegistryPath(name)?.kind !== 'metadata')
      throw new VitrineError('not_found', `The registry has no package “${name}”.`)
    return withTimes((full) => read(name, full ? 'full' : 'short'))
  }

  const lines = crawl(wants, { load, signal: request.signal, maxPackages, maxAtATime })
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } })
}
