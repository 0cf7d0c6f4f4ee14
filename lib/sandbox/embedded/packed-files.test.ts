import { expect, it } from 'vitest'
import { FilePacker, unpack } from './packed-files'
import { createVirtualFs } from './process/virtual-fs'
import type { FileOp, FileRecord } from './protocol'

const file = (path: string, text: string, mode = 0o644): FileRecord => ({
  kind: 'file',
  path,
  data: new TextEncoder().encode(text),
  mode,
  mtimeMs: 7,
})
const contentOf = (packer: FilePacker, path: string) =>
  new TextDecoder().decode(createVirtualFs(unpack(packer.packed(() => []))).readFile(path))

function packerOf(records: FileRecord[]): FilePacker {
  const packer = new FilePacker()
  packer.packed(() => records)
  return packer
}

it('gives a process each file with its content, mode and time, and what is no small file', () => {
  const large = file('/p/large', 'x'.repeat(100_000))
  const link: FileRecord = { kind: 'symlink', path: '/p/link', target: 'a', mode: 0o777, mtimeMs: 7 }
  const packer = packerOf([file('/p/a', 'one', 0o755), file('/p/ü\n"', ''), large, link])
  const fs = createVirtualFs(unpack(packer.packed(() => [])))
  expect(fs.readdir('/p')).toEqual(['a', 'large', 'link', 'ü\n"'])
  expect(fs.stat('/p/a')).toMatchObject({ size: 3, mode: 0o755, mtimeMs: 7 })
  expect(new TextDecoder().decode(fs.readFile('/p/link'))).toBe('one')
  expect(fs.readFile('/p/large')).toHaveLength(100_000)
})

it('tells what changed since the files were packed, in the order of the changes', () => {
  const packer = packerOf([file('/p/a', 'one'), file('/p/b', 'one')])
  packer.changed([file('/p/a', 'two'), { kind: 'gone', path: '/p/b' }])
  packer.changed([file('/p/a', 'three')])
  expect(contentOf(packer, '/p/a')).toBe('three')
  expect(() => contentOf(packer, '/p/b')).toThrow('ENOENT')
})

it('keeps one state of a file that is written again and again, and knows that its folder was another one before', () => {
  const packer = packerOf([file('/p/a', 'one'), file('/p/b', 'one')])
  for (let n = 0; n < 1000; n++) packer.changed([file('/p/a', String(n))])
  expect(packer.packed(() => []).ops).toHaveLength(1)
  packer.changed([{ kind: 'gone', path: '/p' }])
  packer.changed([{ kind: 'directory', path: '/p', mode: 0o755, mtimeMs: 7 }])
  expect(createVirtualFs(unpack(packer.packed(() => []))).readdir('/p')).toEqual([])
})

it('packs anew after many changes', () => {
  const table = new Map([['/p/a', file('/p/a', 'one')]])
  const packer = packerOf([...table.values()])
  for (let n = 0; n < 300; n++) {
    const next = file(`/p/${n}`, String(n))
    table.set(next.path, next)
    packer.changed([next])
  }
  const { ops } = packer.packed(() => table.values())
  expect(ops).toEqual([])
  expect(contentOf(packer, '/p/299')).toBe('299')
})

it('does not tell a copy what the first one goes through', () => {
  const first = packerOf([file('/p/a', 'one')])
  const copy = first.fork()
  first.changed([file('/p/a', 'two')])
  expect(contentOf(copy, '/p/a')).toBe('one')
})

it('keeps what a process writes to a file out of the ones beside it', () => {
  const fs = createVirtualFs(unpack(packerOf([file('/p/a', 'aa'), file('/p/b', 'bb')]).packed(() => [])))
  fs.writeFile('/p/a', new TextEncoder().encode('AAAA'))
  expect(new TextDecoder().decode(fs.readFile('/p/b'))).toBe('bb')
  const sent = fs.record('/p/b') as Extract<FileOp, { kind: 'file' }>
  expect(sent.data.buffer.byteLength).toBe(2)
})
