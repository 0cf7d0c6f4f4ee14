import { expect, it } from 'vitest'
import type { CrawlLine } from '@/lib/registry/crawl'
import type { PackageAnswer } from '../../protocol'
import { createRegistry, type FetchPackage } from './registry'

const want = (name: string) => ({ name, wanted: '^1' })
const known = (name: string): CrawlLine => ({
  for: want(name),
  packument: { name, 'dist-tags': {}, versions: { '1.0.0': { name, version: '1.0.0' } } },
})
const failed = (name: string): CrawlLine => ({ for: want(name), error: { code: 'upstream_timeout', message: 'slow' } })

/** A server whose crawls are told line by line. */
function create(onLine?: Parameters<typeof createRegistry>[1]) {
  const crawls: {
    wants: string[]
    say(...lines: CrawlLine[]): void
    end(...lines: CrawlLine[]): void
    fail(): void
  }[] = []
  const encode = (lines: CrawlLine[]) =>
    new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const fetchPackage: FetchPackage = (request, onLines) =>
    new Promise((resolve, reject) => {
      if (!('wants' in request)) throw new Error('no crawl')
      const answer = (data: Uint8Array<ArrayBuffer>): PackageAnswer => ({ data, publishedAt: null, cached: false })
      crawls.push({
        wants: request.wants,
        say: (...lines) => onLines?.(encode(lines)),
        end: (...lines) => resolve(answer(encode(lines))),
        fail: () => reject(Object.assign(new Error('no network'), { code: 'ENETWORK' })),
      })
    })
  return { registry: createRegistry(fetchPackage, onLine), crawls }
}

const turn = () => new Promise((resolve) => setTimeout(resolve))

it('answers what a crawl has come to while it goes on, and asks nothing twice', async () => {
  const heard: string[] = []
  const { registry, crawls } = create((line) => heard.push(line.for.name))
  registry.expect([want('a')])
  const [a, b] = [registry.candidates(want('a')), registry.candidates(want('b'))]
  crawls[0]?.say(known('a'))
  expect(Object.keys((await a).versions)).toEqual(['1.0.0'])
  crawls[0]?.say(known('b'))
  expect((await b).name).toBe('b')
  expect(heard).toEqual(['a', 'b'])
  expect(crawls.map(({ wants }) => wants)).toEqual([['a@^1']])
})

it('asks for what a crawl did not come to, or failed at, once it has ended', async () => {
  const { registry, crawls } = create()
  registry.expect([want('a')])
  const [b, c] = [registry.candidates(want('b')), registry.candidates(want('c'))]
  crawls[0]?.say(known('a'), failed('b'))
  await turn()
  expect(crawls).toHaveLength(1)
  crawls[0]?.end()
  await turn()
  expect(crawls.map(({ wants }) => wants)).toEqual([['a@^1'], ['b@^1'], ['c@^1']])
  crawls[1]?.end(failed('b'))
  crawls[2]?.end(known('c'))
  await expect(b).rejects.toMatchObject({ message: 'slow' })
  expect((await c).name).toBe('c')
})

it('keeps what was told before a crawl broke off', async () => {
  const { registry, crawls } = create()
  registry.expect([want('a'), want('b')])
  crawls[0]?.say(known('a'))
  crawls[0]?.fail()
  expect((await registry.candidates(want('a'))).name).toBe('a')
  await expect(registry.candidates(want('b'))).rejects.toMatchObject({ code: 'ENETWORK' })
  expect(crawls).toHaveLength(1)
})

it('takes no page of somebody in between for an answer', async () => {
  const page = new TextEncoder().encode(
    '<html>\n<p>Sign in\n{"message":"Sign in"}\nnull\n1\n{"for":{}}\n{"for":"a","error":1}\n',
  )
  const registry = createRegistry(async (_request, onLines) => {
    onLines?.(page)
    return { data: page, publishedAt: null, cached: false }
  })
  await expect(registry.candidates(want('a'))).rejects.toMatchObject({ code: 'ENETWORK' })
})
