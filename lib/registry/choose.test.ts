import { expect, it } from 'vitest'
import { choose } from './choose'
import { type Manifest, type Packument, parsePackument, releaseAgeMs } from './packument'
import { pickVersions } from './pick'

const before = new Date(Date.now() - releaseAgeMs)
const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
const longAgo = new Date(0).toISOString()

it('leaves out what the resolver does not read', () => {
  const dist = { tarball: 'https://registry.example/a.tgz', integrity: 'sha512-x', signatures: [{ sig: 'long' }] }
  const manifest = {
    name: 'a',
    version: '1.0.0',
    bin: { a: 'cli.js' },
    readme: 'long',
    devDependencies: { b: '1' },
    dist,
  }
  const packument = { name: 'a', 'dist-tags': { latest: '1.0.0', beta: '1.0.0' }, versions: { '1.0.0': manifest } }
  expect(choose(packument, '1', before)).toStrictEqual({
    name: 'a',
    'dist-tags': { latest: '1.0.0' },
    versions: {
      '1.0.0': {
        ...{ name: 'a', version: '1.0.0', bin: { a: 'cli.js' } },
        dist: { tarball: dist.tarball, integrity: dist.integrity },
      },
    },
  })
})

it('reads no version that does not fit', () => {
  const text = `{"dist-tags": {"latest": "2.0.0"}, "versions": {
    "1.0.0": {"name": "a", "version": "1.0.0"}, "1.1.0": {"name": "a", "version": "1.1.0"}, "2.0.0": {broken} }}`
  const packument = parsePackument('a', new TextEncoder().encode(text))
  expect(Object.keys(choose(packument, '^1', before).versions)).toEqual(['1.1.0'])
  expect(() => choose(packument, '*', before)).toThrow('not JSON')
})

it('lets npm pick the same from what is left as from the whole', () => {
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const ranges = ['*', '^1', '~1.2', '>=1 <2.3', '0.x', '1.1.1', 'latest', 'next', 'none', '^1.0.0-beta.1', '2 || 0.1']
  const outcomes = new Set<string>()
  for (let round = 0; round < 500; round++) {
    const versions: Record<string, Manifest> = {}
    const time: Record<string, string> = {}
    for (let count = 1 + random(12); count > 0; count--) {
      const version = `${random(3)}.${random(4)}.${random(3)}${random(4) === 0 ? `-beta.${random(3)}` : ''}`
      versions[version] = {
        ...{ name: 'a', version },
        ...(random(5) === 0 && { deprecated: 'old' }),
        ...(random(5) === 0 && { engines: { node: random(2) === 0 ? '>=99' : '>=18' } }),
      }
      time[version] = random(3) === 0 ? hourAgo : longAgo
    }
    const all = Object.keys(versions)
    const tags = { latest: all[random(all.length)] ?? '', next: all[random(all.length)] ?? '' }
    const whole = { name: 'a', versions, time, 'dist-tags': tags }
    // As the tab joins what it was told of several ranges.
    const left = ranges.filter(() => random(3) === 0).map((range) => ({ range, some: choose(whole, range, before) }))
    const known = Object.assign({}, ...left.map(({ some }) => some.versions))
    for (const { range, some } of left) {
      for (const partial of [some, { ...whole, versions: known }]) {
        const expected = outcomeOf(whole, range)
        expect(outcomeOf(partial, range), `${range} of ${JSON.stringify(whole)}`).toEqual(expected)
        outcomes.add(Array.isArray(expected) ? String(expected.map((version) => version !== undefined)) : expected)
      }
    }
  }
  expect([...outcomes].sort()).toEqual(['ETARGET', 'true,false', 'true,true'])
})

function outcomeOf(packument: Packument, range: string): [newest: string, older: string | undefined] | string {
  try {
    const { newest, older } = pickVersions(packument, range, before)
    return [newest.version, older?.version]
  } catch (error) {
    return (error as { code: string }).code
  }
}
