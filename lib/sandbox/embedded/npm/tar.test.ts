import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readTar } from './tar'
import { type TarEntry, writeTarball } from './testing/write-tar'

const read = (...entries: TarEntry[]) =>
  readTar(gunzipSync(writeTarball(entries))).map(({ path, data, executable }) => [
    path,
    new TextDecoder().decode(data),
    executable,
  ])

it('gives files without the folder around them', () => {
  expect(
    read(
      { path: 'package/', type: '5' },
      { path: 'package/a.js', text: 'one' },
      { path: 'package/bin/b', text: 'x'.repeat(1500), mode: 0o755 },
      { path: 'node-v1/./c//d.js', text: '' },
    ),
  ).toEqual([
    ['a.js', 'one', false],
    ['bin/b', 'x'.repeat(1500), true],
    ['c/d.js', '', false],
  ])
})

it('reads long names in both notations', () => {
  const long = `package/${'folder/'.repeat(20)}file.js`
  const record = ` path=${long}\n`
  const length = record.length + 3
  expect(
    read(
      { path: 'package/PaxHeader', type: 'x', text: `${length}${record}` },
      { path: 'package/short', text: 'pax' },
      { path: '././@LongLink', type: 'L', text: `${long}2\0` },
      { path: 'package/short', text: 'gnu' },
      { path: 'package/next', text: 'plain' },
    ),
  ).toEqual([
    [long.slice('package/'.length), 'pax', false],
    [`${long.slice('package/'.length)}2`, 'gnu', false],
    ['next', 'plain', false],
  ])
})

it.each<[string, TarEntry, RegExp]>([
  ['a name that climbs', { path: 'package/../../evil.js' }, /leads out of the package/],
  ['a name that climbs first', { path: '../evil.js' }, /leads out of the package/],
  ['an absolute name', { path: '/etc/passwd' }, /not a name of a file/],
  ['a name of another system', { path: 'package\\..\\evil.js' }, /not a name of a file/],
  ['a name with a line break', { path: 'package/a\nb' }, /not a name of a file/],
  ['a file beside the package', { path: 'evil.js' }, /outside the package/],
  ['a symbolic link', { path: 'package/link', type: '2', linkTo: '/etc/passwd' }, /symbolic link/],
  ['a hard link', { path: 'package/link', type: '1', linkTo: '../../x' }, /hard link/],
  ['a device', { path: 'package/null', type: '3' }, /device/],
  ['a pipe', { path: 'package/pipe', type: '6' }, /pipe/],
])('refuses %s', (_what, entry, message) => {
  expect(() => read({ path: 'package/a.js', text: 'fine' }, entry)).toThrow(message)
})

it('refuses a name that climbs in an extended header', () => {
  const record = ' path=package/../../evil\n'
  const entries = [{ path: 'x', type: 'x', text: `${record.length + 2}${record}` }, { path: 'package/harmless' }]
  expect(() => read(...entries)).toThrow(/leads out/)
})

it('refuses what is damaged or cut', () => {
  const tar = gunzipSync(writeTarball([{ path: 'package/a.js', text: 'x'.repeat(2000) }]))
  expect(() => readTar(tar.subarray(0, 1200))).toThrow(/ends in the middle/)
  const wrong = Uint8Array.from(tar)
  wrong[3] = 0x41
  expect(() => readTar(wrong)).toThrow(/damaged/)
})
