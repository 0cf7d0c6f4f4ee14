import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { encodeUtf8 } from '@/lib/base'
import type { FileData } from '@/lib/workspace'
import { crc32, writeZip } from './zip'

const folder = mkdtempSync(join(tmpdir(), 'vitrine zip '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const files = new Map<string, FileData>([
  ['src/main.ts', 'export const a = 1\n'.repeat(200)],
  ['ünïcode/文件.txt', 'grüße'],
  ['empty.txt', ''],
  ['random.bin', crypto.getRandomValues(new Uint8Array(5_000))],
])

test('checksums are those of CRC-32', () => {
  expect(crc32(encodeUtf8('123456789'))).toBe(0xcbf43926)
})

test('entries can be read back by walking the local headers', async () => {
  const view = new DataView(await (await writeZip(files)).arrayBuffer())
  const found: [string, Buffer][] = []
  let offset = 0
  while (view.getUint32(offset, true) === 0x04034b50) {
    const packed = view.getUint32(offset + 18, true)
    const nameLength = view.getUint16(offset + 26, true)
    const name = Buffer.from(view.buffer, offset + 30, nameLength).toString()
    const body = Buffer.from(view.buffer, offset + 30 + nameLength, packed)
    const plain = view.getUint16(offset + 8, true) === 8 ? inflateRawSync(body) : body
    expect(view.getUint32(offset + 14, true)).toBe(crc32(plain))
    found.push([name, plain])
    offset += 30 + nameLength + packed
  }
  expect(found.map(([name]) => name)).toEqual([...files.keys()].sort())
  for (const [name, plain] of found) {
    const data = files.get(name)
    expect(plain.equals(typeof data === 'string' ? Buffer.from(data) : Buffer.from(data ?? []))).toBe(true)
  }
})

test.skipIf(!hasPython())('Python opens it, finds every checksum right and the time kept', async () => {
  const path = join(folder, 'project.zip')
  writeFileSync(
    path,
    new Uint8Array(await (await writeZip(files, { modifiedAt: Date.UTC(2026, 1, 3, 4, 5, 6) })).arrayBuffer()),
  )
  const script =
    'import sys,zipfile,json;z=zipfile.ZipFile(sys.argv[1]);print(json.dumps([z.testzip(),z.namelist(),z.infolist()[0].date_time]))'
  const [bad, names, time] = JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }))
  expect({ bad, names, time }).toEqual({ bad: null, names: [...files.keys()].sort(), time: [2026, 2, 3, 4, 5, 6] })
})

test.skipIf(!hasPython())('symbolic links are links, and none leads out of the project', async () => {
  const links = new Map([
    ['src/current', 'main.ts'],
    ['out', '../../etc/passwd'],
    ['src/absolute', '/etc/passwd'],
  ])
  const path = join(folder, 'links.zip')
  writeFileSync(path, new Uint8Array(await (await writeZip(files, { links })).arrayBuffer()))
  const script =
    'import sys,zipfile,json;z=zipfile.ZipFile(sys.argv[1]);print(json.dumps([[i.filename,i.external_attr>>16,z.read(i).decode()] for i in z.infolist() if i.external_attr>>16!=0o100644]))'
  const found = JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }))
  expect(found).toEqual([['src/current', 0o120777, 'main.ts']])
})

test.skipIf(!hasPython())('what is executable is so where it is unpacked', async () => {
  const path = join(folder, 'modes.zip')
  const executables = new Set(['src/main.ts', 'gone.sh'])
  writeFileSync(path, new Uint8Array(await (await writeZip(files, { executables })).arrayBuffer()))
  const script =
    'import sys,zipfile,json;z=zipfile.ZipFile(sys.argv[1]);print(json.dumps([[i.filename,i.external_attr>>16] for i in z.infolist()]))'
  const found = JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }))
  expect(found).toEqual([...files.keys()].sort().map((name) => [name, name === 'src/main.ts' ? 0o100755 : 0o100644]))
})

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'])
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
