import { expect, it } from 'vitest'
import { writeTarball } from './testing/write-tar'
import { unpack } from './unpack'

const text = 'x'.repeat(300_000)

function tarball(change: (end: DataView) => void = () => {}) {
  const data = writeTarball([
    { path: 'package/package.json', text: '{"name":"a"}' },
    { path: 'package/a.js', text },
  ])
  change(new DataView(data.buffer, data.byteOffset + data.byteLength - 4))
  return data
}

it('unpacks what a registry has', async () => {
  const { files, manifest } = await unpack(tarball())
  expect(manifest).toEqual({ name: 'a' })
  expect(files.map(({ path }) => path)).toEqual(['package.json', 'a.js'])
  expect(new TextDecoder().decode(files[1]?.data)).toBe(text)
})

it.each([0, 1000, 1_000_000])('refuses an archive that says %i of its size', async (size) => {
  await expect(unpack(tarball((end) => end.setUint32(0, size, true)))).rejects.toThrow()
})

it.each([
  ['a claim that nothing can be packed to', tarball((end) => end.setUint32(0, 0xffffffff, true)), 'damaged'],
  ['a bomb', new Uint8Array(1024 * 1024).fill(0x30, -4), 'more than 512 MB'],
  ['a few bytes', new Uint8Array([0x1f, 0x8b]), 'damaged'],
])('takes no memory for %s', async (_what, data, message) => {
  data.set([0x1f, 0x8b])
  await expect(unpack(data)).rejects.toThrow(message)
})
