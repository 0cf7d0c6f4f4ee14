import { expect, it } from 'vitest'
import type { Manifest } from '@/lib/registry/packument'
import type { KnownLine } from './registry/registry'
import { createTarballs } from './tarballs'
import { writeTarball } from './testing/write-tar'

const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
const longAgo = new Date(0).toISOString()
const manifest = (name: string, version: string, fields: object = {}): Manifest => ({
  ...{ name, version, ...fields },
  dist: { tarball: `https://registry.example/${name}/-/${name}-${version}.tgz`, integrity: `sha512-${name}${version}` },
})
const line = (name: string, versions: [string, string][], fields: object = {}): KnownLine => ({
  for: { name, wanted: '*' },
  packument: {
    name,
    'dist-tags': { latest: versions.at(-1)?.[0] ?? '' },
    versions: Object.fromEntries(versions.map(([version]) => [version, manifest(name, version, fields)])),
    time: Object.fromEntries(versions),
  },
})

function create({ allowNew = false, broken = [] as string[] } = {}) {
  const asked: string[] = []
  const tarballs = createTarballs({
    allowNew,
    registry: {
      async packument(name) {
        asked.push(name)
        return line(name, [
          ['1.0.0', longAgo],
          ['1.1.0', longAgo],
          ['2.0.0', longAgo],
        ]).packument
      },
      async tarball({ url }) {
        const file = url.replace(/^.*\//, '')
        asked.push(file)
        if (broken.includes(file)) throw new Error(`no ${file}`)
        const data = writeTarball([{ path: 'package/package.json', text: JSON.stringify({ file }) }])
        return { data, publishedAt: null, cached: false }
      },
    },
  })
  const sourceOf = (name: string, version: string) => ({
    ...{ name, version, url: `https://registry.example/${name}-${version}.tgz` },
    integrity: `sha512-${name}${version}`,
  })
  return { tarballs, asked, load: (name: string, version: string) => tarballs.load(sourceOf(name, version)) }
}

const turn = () => new Promise((resolve) => setTimeout(resolve))

it('loads ahead what will be placed, once, and hands it to the first who asks', async () => {
  const { tarballs, asked, load } = create()
  const some = line('a', [['1.0.0', longAgo]])
  tarballs.loadAhead(some)
  tarballs.loadAhead(some)
  await turn()
  expect(asked).toEqual(['a-1.0.0.tgz'])
  expect((await load('a', '1.0.0')).manifest).toEqual({ file: 'a-1.0.0.tgz' })
  expect(asked).toHaveLength(1)
  await load('a', '1.0.0')
  expect(asked).toHaveLength(2)
})

it('takes the version that an install takes: an older one where the newest is too young', async () => {
  const versions: [string, string][] = [
    ['1.0.0', longAgo],
    ['2.0.0', hourAgo],
  ]
  for (const [allowNew, file] of [
    [false, 'a-1.0.0.tgz'],
    [true, 'a-2.0.0.tgz'],
  ] as const) {
    const { tarballs, asked } = create({ allowNew })
    tarballs.loadAhead(line('a', versions))
    tarballs.loadAhead(line('b', [['1.0.0', hourAgo]]))
    await turn()
    expect(asked).toEqual(allowNew ? [file, 'b-1.0.0.tgz'] : [file])
  }
})

it('leaves what is for other machines, what only optional peers want, and what cannot be picked', async () => {
  const { tarballs, asked } = create()
  tarballs.loadAhead(line('darwin', [['1.0.0', longAgo]], { os: ['darwin'] }))
  tarballs.loadAhead(line('x64', [['1.0.0', longAgo]], { cpu: ['x64'] }))
  tarballs.loadAhead({ ...line('guest', [['1.0.0', longAgo]]), guest: true })
  tarballs.loadAhead({ ...line('none', []), for: { name: 'none', wanted: '^9' } })
  tarballs.loadAhead(line('here', [['1.0.0', longAgo]], { os: ['!win32'], cpu: ['wasm32'] }))
  await turn()
  expect(asked).toEqual(['here-1.0.0.tgz'])
})

it('loads ahead what stands in for a native package', async () => {
  const { tarballs, asked } = create()
  tarballs.loadAhead(line('lightningcss', [['1.1.5', longAgo]]))
  await turn()
  expect(asked).toEqual(['lightningcss-wasm', 'lightningcss-wasm-1.1.0.tgz'])
})

it('tells whoever asks for it what went wrong', async () => {
  const { tarballs, load } = create({ broken: ['a-1.0.0.tgz'] })
  tarballs.loadAhead(line('a', [['1.0.0', longAgo]]))
  await turn()
  await expect(load('a', '1.0.0')).rejects.toThrow('no a-1.0.0.tgz')
})
