import { expect, it } from 'vitest'
import { VitrineError } from '@/lib/base'
import { choose } from './choose'
import { type CrawlLine, crawl } from './crawl'
import type { Manifest, Packument } from './packument'
import { labelOf, parseWant, type Want } from './want'

type Versions = Record<string, Partial<Manifest>>

function packumentOf(name: string, versions: Versions, more: Partial<Packument> = {}): Packument {
  const entries = Object.entries(versions).map(([version, fields]) => [version, { name, version, ...fields }] as const)
  return { name, 'dist-tags': { latest: entries.at(-1)?.[0] ?? '' }, versions: Object.fromEntries(entries), ...more }
}

function registryOf(packages: Record<string, Versions>) {
  const asked: string[] = []
  let running = 0
  let most = 0
  const look = async (want: Want) => {
    asked.push(labelOf(want))
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve))
    running -= 1
    const versions = packages[want.name]
    if (!versions) throw new VitrineError('not_found', `The registry has no package “${want.name}”.`)
    return choose(packumentOf(want.name, versions), want.wanted, new Date())
  }
  return { look, asked, most: () => most }
}

async function linesOf(
  labels: string[],
  look: (want: Want) => Promise<Packument>,
  { maxLines = 100, maxAtATime = 4, signal = new AbortController().signal } = {},
): Promise<CrawlLine[]> {
  const wants = labels.flatMap((label) => parseWant(label) ?? [])
  const lines: CrawlLine[] = []
  for await (const line of crawl(wants, { look, signal, maxLines, maxAtATime })) lines.push(line)
  return lines
}

const answered = (lines: readonly CrawlLine[]) => lines.map((line) => labelOf(line.for)).sort()

it('goes where the resolver goes: to dependencies and peers, and from an optional peer to its peers only', async () => {
  const { look, asked } = registryOf({
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
  expect(answered(await linesOf(['app@^1'], look))).toEqual(
    ['app@^1', 'extra@1', 'guest@*', 'of-peer@1', 'peer-of-guest@1', 'peer@>=1', 'plain@^1', 'real@~1.0.0'].sort(),
  )
  expect(new Set(asked).size).toBe(asked.length)
})

it('says which packages only optional peers asked for', async () => {
  const { look } = registryOf({
    app: {
      '1.0.0': {
        peerDependencies: { guest: '*', peer: '*' },
        peerDependenciesMeta: { guest: { optional: true } },
      },
    },
    peer: { '1.0.0': {} },
    guest: { '1.0.0': { peerDependencies: { 'peer-of-guest': '1' } } },
    'peer-of-guest': { '1.0.0': {} },
  })
  const guests = (await linesOf(['app@1'], look)).filter((line) => 'guest' in line && line.guest)
  expect(answered(guests)).toEqual(['guest@*', 'peer-of-guest@1'])
})

it('goes on to the dependencies of an optional peer once somebody depends on it', async () => {
  const { look } = registryOf({
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
  expect(answered(await linesOf(['app@*'], look))).toContain('of-guest@1')
})

it('answers circles, and every range of a package', async () => {
  const { look } = registryOf({
    a: { '1.0.0': { dependencies: { b: '^1' } }, '2.0.0': { dependencies: { b: '^2' } } },
    b: { '1.5.0': { dependencies: { a: '^2' } }, '2.0.0': { dependencies: { a: '2.0.0' } } },
  })
  const lines = await linesOf(['a@^1'], look)
  expect(answered(lines)).toEqual(['a@2.0.0', 'a@^1', 'a@^2', 'b@^1', 'b@^2'])
  const taken = lines.map((line) =>
    'error' in line ? [] : [labelOf(line.for), ...Object.keys(line.packument.versions)],
  )
  expect(taken).toContainEqual(['a@^1', '1.0.0'])
  expect(taken).toContainEqual(['a@^2', '2.0.0'])
})

it('says what it could not learn, and goes on', async () => {
  const { look } = registryOf({ a: { '1.0.0': { dependencies: { gone: '1', here: '1' } } }, here: { '1.0.0': {} } })
  const lines = await linesOf(['a@1'], look)
  expect(lines).toContainEqual({
    for: { name: 'gone', wanted: '1' },
    error: { code: 'not_found', message: 'The registry has no package “gone”.' },
  })
  expect(answered(lines)).toEqual(['a@1', 'gone@1', 'here@1'])
})

it('keeps to its limits, and stops when nobody listens any more', async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [
      `p${index}`,
      { '1.0.0': { dependencies: { [`p${index * 2 + 1}`]: '1', [`p${index * 2 + 2}`]: '1' } } },
    ]),
  )
  const { look, asked, most } = registryOf(chain)
  expect(await linesOf(['p0@1'], look, { maxLines: 20, maxAtATime: 3 })).toHaveLength(20)
  expect(asked).toHaveLength(20)
  expect(most()).toBe(3)
  const leaving = new AbortController()
  for await (const _line of crawl([{ name: 'p0', wanted: '1' }], {
    look,
    signal: leaving.signal,
    maxLines: 1000,
    maxAtATime: 1,
  }))
    leaving.abort()
  expect(asked).toHaveLength(21)
})
