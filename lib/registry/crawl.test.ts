import { expect, it } from 'vitest'
import { VitrineError } from '@/lib/base'
import { type CrawlLine, crawl } from './crawl'
import type { Manifest, Packument } from './packument'
import { pickVersions } from './pick'
import { parseWant } from './want'

type Versions = Record<string, Partial<Manifest>>

const day = 24 * 60 * 60 * 1000
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()

function packumentOf(name: string, versions: Versions, more: Partial<Packument> = {}): Packument {
  const entries = Object.entries(versions).map(([version, fields]) => [version, { name, version, ...fields }] as const)
  return { name, 'dist-tags': { latest: entries.at(-1)?.[0] ?? '' }, versions: Object.fromEntries(entries), ...more }
}

function registryOf(packages: Record<string, Versions>) {
  const asked: string[] = []
  let running = 0
  let most = 0
  const load = async (name: string) => {
    asked.push(name)
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve))
    running -= 1
    const versions = packages[name]
    if (!versions) throw new VitrineError('not_found', `The registry has no package “${name}”.`)
    return packumentOf(name, versions)
  }
  return { load, asked, most: () => most }
}

async function linesOf(
  labels: string[],
  load: (name: string) => Promise<Packument>,
  { maxPackages = 100, maxAtATime = 4, signal = new AbortController().signal } = {},
): Promise<CrawlLine[]> {
  const wants = labels.flatMap((label) => parseWant(label) ?? [])
  const lines: CrawlLine[] = []
  for await (const line of crawl(wants, { load, signal, maxPackages, maxAtATime })) lines.push(line)
  return lines
}

const answered = (lines: readonly CrawlLine[]) =>
  lines.flatMap((line) => line.for.map((wanted) => `${line.name}@${wanted}`)).sort()

it('goes where the resolver goes: to dependencies and peers, and from an optional peer to its peers only', async () => {
  const { load, asked } = registryOf({
    app: {
      '1.0.0': {
        dependencies: { plain: '^1', renamed: 'npm:real@~1.0.0', elsewhere: 'file:../x' },
        optionalDependencies: { extra: '1' },
        peerDependencies: { peer: '>=1', guest: '*' },
        peerDependenciesMeta: { guest: { optional: true } },
        devDependencies: { unwanted: '1' },
      },
    },
    plain: { '1.0.0': {} },
    real: { '1.0.0': {} },
    extra: { '1.0.0': {} },
    peer: { '1.0.0': { dependencies: { 'of-peer': '1' } } },
    'of-peer': { '1.0.0': {} },
    guest: { '1.0.0': { dependencies: { 'of-guest': '1' }, peerDependencies: { 'peer-of-guest': '1' } } },
    'peer-of-guest': { '1.0.0': { dependencies: { 'never-placed': '1' } } },
  })
  expect(answered(await linesOf(['app@^1'], load))).toEqual(
    ['app@^1', 'extra@1', 'guest@*', 'of-peer@1', 'peer-of-guest@1', 'peer@>=1', 'plain@^1', 'real@~1.0.0'].sort(),
  )
  expect(new Set(asked).size).toBe(asked.length)
})

it('goes on to the dependencies of an optional peer once somebody depends on it', async () => {
  const { load } = registryOf({
    app: {
      '1.0.0': {
        peerDependencies: { guest: '^1' },
        peerDependenciesMeta: { guest: { optional: true } },
        dependencies: { a: '1' },
      },
    },
    a: { '1.0.0': { dependencies: { b: '1' } } },
    b: { '1.0.0': { dependencies: { guest: '^1' } } },
    guest: { '1.0.0': { dependencies: { 'of-guest': '1' } } },
    'of-guest': { '1.0.0': {} },
  })
  expect(answered(await linesOf(['app@*'], load))).toContain('of-guest@1')
})

it('answers circles, and every range of a package', async () => {
  const { load } = registryOf({
    a: { '1.0.0': { dependencies: { b: '^1' } }, '2.0.0': { dependencies: { b: '^2' } } },
    b: { '1.5.0': { dependencies: { a: '^2' } }, '2.0.0': { dependencies: { a: '2.0.0' } } },
  })
  const lines = await linesOf(['a@^1'], load)
  expect(answered(lines)).toEqual(['a@2.0.0', 'a@^1', 'a@^2', 'b@^1', 'b@^2'])
  const taken = lines.map((line) => ('error' in line ? [] : [line.name, ...Object.keys(line.versions)]))
  expect(taken).toContainEqual(['a', '1.0.0'])
})

it('says what it could not learn, in lines that begin with it, and goes on', async () => {
  const { load } = registryOf({ a: { '1.0.0': { dependencies: { gone: '1', here: '1' } } }, here: { '1.0.0': {} } })
  const lines = await linesOf(['a@1'], load)
  const failed = lines.find((line) => 'error' in line)
  expect(JSON.stringify(failed)).toMatch(/^\{"error":\{"code":"not_found","message":"[^"]*gone/)
  expect(answered(lines)).toEqual(['a@1', 'gone@1', 'here@1'])
})

it('keeps to its limits, and stops when nobody listens any more', async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [
      `p${index}`,
      { '1.0.0': { dependencies: { [`p${index * 2 + 1}`]: '1', [`p${index * 2 + 2}`]: '1' } } },
    ]),
  )
  const { load, asked, most } = registryOf(chain)
  expect(await linesOf(['p0@1'], load, { maxPackages: 20, maxAtATime: 3 })).toHaveLength(20)
  expect(asked).toHaveLength(20)
  expect(most()).toBe(3)
  const leaving = new AbortController()
  for await (const _line of crawl([{ name: 'p0', wanted: '1' }], {
    load,
    signal: leaving.signal,
    maxPackages: 1000,
    maxAtATime: 1,
  }))
    leaving.abort()
  expect(asked).toHaveLength(21)
})

it('leaves out what the resolver does not read', async () => {
  const dist = { tarball: 'https://registry.example/a.tgz', integrity: 'sha512-x', signatures: [{ sig: 'long' }] }
  const load = async () =>
    packumentOf('a', { '1.0.0': { bin: { a: 'cli.js' }, readme: 'long', devDependencies: { b: '1' }, dist } })
  const [line] = await linesOf(['a@1'], load)
  expect(line).toEqual({
    name: 'a',
    'dist-tags': { latest: '1.0.0' },
    versions: {
      '1.0.0': {
        ...{ name: 'a', version: '1.0.0', bin: { a: 'cli.js' } },
        dist: { tarball: dist.tarball, integrity: dist.integrity, shasum: undefined },
      },
    },
    for: ['1'],
  })
})

it('lets npm take from what is left the same versions as from all', async () => {
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const numbers = () => `${random(3)}.${random(4)}.${random(3)}`
  const ranges = ['*', '^1', '~1.2', '>=1 <2.3', '0.x', '1.1.1', 'latest', 'next', '^1.0.0-beta.1', '2 || 0.1']
  let compared = 0
  for (let round = 0; round < 300; round++) {
    const versions: Versions = {}
    const time: Record<string, string> = {}
    for (let count = 1 + random(12); count > 0; count--) {
      const version = numbers() + (random(4) === 0 ? `-beta.${random(3)}` : '')
      versions[version] = {
        ...(random(5) === 0 && { deprecated: 'old' }),
        ...(random(5) === 0 && { engines: { node: random(2) === 0 ? '>=99' : '>=18' } }),
      }
      time[version] = random(3) === 0 ? hourAgo() : new Date(0).toISOString()
    }
    const all = Object.keys(versions)
    const tags = { latest: all[random(all.length)] ?? '', next: all[random(all.length)] ?? '' }
    const whole = packumentOf('a', versions, { time, 'dist-tags': tags })
    const some = ranges.filter(() => random(3) === 0)
    for (const line of await linesOf(
      some.map((range) => `a@${range}`),
      async () => whole,
    )) {
      if ('error' in line) throw new Error(line.error.message)
      for (const range of line.for) {
        const before = new Date(Date.now() - day)
        expect(outcomeOf(line, range, before), `${range} of ${JSON.stringify(whole)}`).toEqual(
          outcomeOf(whole, range, before),
        )
        compared += 1
      }
    }
  }
  expect(compared).toBeGreaterThan(500)
})

function outcomeOf(packument: Packument, range: string, before: Date) {
  try {
    const { newest, older } = pickVersions(packument, range, before)
    return [newest.version, older?.version]
  } catch (error) {
    return (error as { code?: string }).code
  }
}
