import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readTarEntries, type TarEntry, TarError, tarTypes, writeTar } from './tar'

const longName = `${'a-folder-with-a-name/'.repeat(7)}file.txt`
const longTarget = `${'../'.repeat(50)}etc`
const entry = (given: Partial<TarEntry>): TarEntry => ({
  name: 'file.txt',
  type: tarTypes.file,
  mode: 0o644,
  mtimeSeconds: 1_700_000_000,
  data: new Uint8Array(),
  target: '',
  ...given,
})
const entries = [
  entry({ name: 'folder/', type: tarTypes.folder, mode: 0o755 }),
  entry({ name: 'folder/é.txt', data: new TextEncoder().encode('text') }),
  entry({ name: 'run.sh', mode: 0o755, data: new Uint8Array(1500).fill(120) }),
  entry({ name: 'link', type: tarTypes.symbolicLink, mode: 0o777, target: 'folder/é.txt' }),
  entry({ name: longName, data: Uint8Array.of(1) }),
  entry({ name: 'far', type: tarTypes.symbolicLink, mode: 0o777, target: longTarget }),
]

it('reads what it has written', () => {
  expect([...readTarEntries(writeTar(entries))]).toEqual(entries)
})

it('refuses what is damaged or cut', () => {
  const tar = writeTar([entry({ data: new Uint8Array(600) })])
  expect(() => [...readTarEntries(tar.subarray(0, 900))]).toThrow(TarError)
  expect(() => [...readTarEntries(tar.with(0, 65))]).toThrow(TarError)
  expect(() => [...readTarEntries(new TextEncoder().encode('no archive at all'.repeat(100)))]).toThrow(TarError)
})

describe('beside the real tar', () => {
  let folder = ''
  const tar = (...args: string[]) => execFileSync('tar', args, { cwd: folder })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tar-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('writes what it unpacks', () => {
    writeFileSync(join(folder, 'a.tar'), writeTar(entries))
    tar('xf', 'a.tar')
    expect(readFileSync(join(folder, 'folder/é.txt'), 'utf8')).toBe('text')
    expect(statSync(join(folder, 'run.sh'))).toMatchObject({ size: 1500, mtimeMs: 1_700_000_000_000 })
    expect(statSync(join(folder, 'run.sh')).mode & 0o777).toBe(0o755)
    expect(readlinkSync(join(folder, 'link'))).toBe('folder/é.txt')
    expect(readlinkSync(join(folder, 'far'))).toBe(longTarget)
    expect([...readFileSync(join(folder, longName))]).toEqual([1])
  })

  it.each(['ustar', 'pax'])('reads what it packs as %s', (format) => {
    writeFileSync(join(folder, 'a.tar'), writeTar(entries.slice(0, -1)))
    tar('xf', 'a.tar')
    symlinkSync('run.sh', join(folder, 'second'))
    const packed = tar(`--format=${format}`, '-cf', '-', 'folder', longName, 'second')
    const read = [...readTarEntries(packed)].map(({ name, type, target, data }) => ({
      name,
      type,
      target,
      size: data.length,
    }))
    expect(read).toEqual([
      { name: 'folder/', type: tarTypes.folder, target: '', size: 0 },
      { name: 'folder/é.txt', type: tarTypes.file, target: '', size: 4 },
      { name: longName, type: tarTypes.file, target: '', size: 1 },
      { name: 'second', type: tarTypes.symbolicLink, target: 'run.sh', size: 0 },
    ])
  })
})
