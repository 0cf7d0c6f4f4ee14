import { describe, expect, it } from 'vitest'
import { isFileOp } from '../kernel/machine-files'
import { type FileOp, largeFileBytes } from '../protocol'
import { createVirtualFs } from './virtual-fs'

const text = (data: Uint8Array) => new TextDecoder().decode(data)
const file = (path: string, data: string): FileOp & { kind: 'file' } => ({
  kind: 'file',
  path,
  data: new TextEncoder().encode(data),
  mtimeMs: 1,
  mode: 0o644,
})

function create(...files: [path: string, data: string][]) {
  const changed: string[] = []
  const fs = createVirtualFs(
    files.map(([path, data]) => file(path, data)),
    (path) => changed.push(path),
  )
  return { fs, changed }
}

describe('the file system of a process', () => {
  it('makes the folders of the files it is given', () => {
    const { fs } = create(['/a/b/c.txt', 'x'])
    expect(fs.readdir('/a')).toEqual(['b'])
    expect(fs.stat('/a/b')).toMatchObject({ kind: 'directory' })
    expect(fs.stat('/a/b/c.txt')).toMatchObject({ kind: 'file', size: 1, mtimeMs: 1, mode: 0o644 })
  })

  it('reads what was written, appended and moved', () => {
    const { fs, changed } = create(['/a.txt', 'one'])
    fs.writeFile('/a.txt', ' two', { append: true })
    fs.rename('/a.txt', '/b.txt')
    expect(text(fs.readFile('/b.txt'))).toBe('one two')
    expect(fs.exists('/a.txt')).toBe(false)
    expect(changed).toEqual(['/a.txt', '/a.txt', '/b.txt'])
  })

  it('writes to a copy of what lies in memory that others share', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(3))
    const record = { ...file('/a.txt', ''), data: shared }
    for (const write of ['open', 'append', 'truncate', 'late'] as const) {
      const fs = createVirtualFs(write === 'late' ? [] : [record])
      const flags = {
        read: true,
        write: true,
        append: false,
        create: true,
        exclusive: false,
        truncate: false,
        follow: true,
      }
      const open = fs.open('/a.txt', flags)
      if (write === 'late') fs.applyRemote([record])
      expect(open.read(new Uint8Array(8), 0)).toBe(3)
      if (write === 'append') fs.writeFile('/a.txt', 'x', { append: true })
      else if (write === 'truncate') open.truncate(2)
      else open.write(new Uint8Array([120]), 0)
      expect([...shared]).toEqual([0, 0, 0])
      expect(isFileOp(fs.record('/a.txt'))).toBe(true)
      expect(text(fs.readFile('/a.txt'))).toBe(
        { open: 'x\0\0', append: '\0\0\0x', truncate: '\0\0', late: 'x\0\0' }[write],
      )
    }
  })

  it('announces a shared file as memory of its own, which alone the kernel takes', () => {
    const fs = createVirtualFs([{ ...file('/a.txt', ''), data: new Uint8Array(new SharedArrayBuffer(largeFileBytes)) }])
    fs.chmod('/a.txt', 0o755)
    expect(isFileOp(fs.record('/a.txt'))).toBe(true)
  })

  it('refuses a file that no tab could hold', () => {
    const { fs } = create(['/a.txt', ''])
    const open = fs.open('/a.txt', {
      read: true,
      write: true,
      append: false,
      create: false,
      exclusive: false,
      truncate: false,
      follow: true,
    })
    expect(() => open.truncate(2 ** 30)).toThrow('EFBIG: file too large, ftruncate')
    expect(() => open.write(new Uint8Array(1), 2 ** 30)).toThrow('EFBIG: file too large, write')
  })

  it('hands out copies, so that nobody changes a file by its bytes', () => {
    const { fs } = create()
    const bytes = new TextEncoder().encode('abc')
    fs.writeFile('/a', bytes)
    bytes[0] = 0
    fs.readFile('/a')[1] = 0
    expect(text(fs.readFile('/a'))).toBe('abc')
  })

  it('announces every path of a folder that moves or goes', () => {
    const { fs, changed } = create(['/d/x', '1'], ['/d/e/y', '2'])
    fs.rename('/d', '/f')
    expect(changed).toEqual(['/d', '/d/x', '/d/e', '/d/e/y', '/f', '/f/x', '/f/e', '/f/e/y'])
    changed.length = 0
    fs.rm('/f', { recursive: true })
    expect(changed).toEqual(['/f', '/f/x', '/f/e', '/f/e/y'])
    expect(fs.record('/f/x')).toEqual({ kind: 'gone', path: '/f/x' })
  })

  it('takes in what others wrote without announcing it', () => {
    const { fs, changed } = create(['/a', '1'])
    fs.applyRemote([file('/new/b', '2'), { kind: 'gone', path: '/a' }])
    expect(fs.readdir('/')).toEqual(['new'])
    expect(changed).toEqual([])
  })

  it.each<[string, (fs: ReturnType<typeof createVirtualFs>) => unknown]>([
    ["ENOENT: no such file or directory, open '/x'", (fs) => fs.readFile('/x')],
    ["ENOENT: no such file or directory, open '/no/x'", (fs) => fs.writeFile('/no/x', '')],
    ["ENOENT: no such file or directory, stat '/x'", (fs) => fs.stat('/x')],
    ["ENOENT: no such file or directory, scandir '/x'", (fs) => fs.readdir('/x')],
    ["ENOENT: no such file or directory, rename '/x' -> '/y'", (fs) => fs.rename('/x', '/y')],
    ["ENOENT: no such file or directory, mkdir '/x/y'", (fs) => fs.mkdir('/x/y')],
    ["EEXIST: file already exists, mkdir '/dir'", (fs) => fs.mkdir('/dir')],
    ["ENOTDIR: not a directory, mkdir '/file/x/y'", (fs) => fs.mkdir('/file/x/y', { recursive: true })],
    ["ENOTDIR: not a directory, open '/file/x'", (fs) => fs.readFile('/file/x')],
    ["ENOTDIR: not a directory, scandir '/file'", (fs) => fs.readdir('/file')],
    ['EISDIR: illegal operation on a directory, read', (fs) => fs.readFile('/dir')],
    ["EISDIR: illegal operation on a directory, open '/dir'", (fs) => fs.writeFile('/dir', '')],
    ["EISDIR: illegal operation on a directory, rm '/dir'", (fs) => fs.rm('/dir')],
    ["ENOTEMPTY: directory not empty, rename '/other' -> '/dir'", (fs) => fs.rename('/other', '/dir')],
    ["EINVAL: invalid argument, rename '/dir' -> '/dir/in'", (fs) => fs.rename('/dir', '/dir/in')],
  ])('fails as Node does: %s', (message, act) => {
    const { fs } = create(['/file', ''], ['/dir/a', ''], ['/other/b', ''])
    expect(() => act(fs)).toThrow(expect.objectContaining({ message, code: message.split(':')[0] }))
  })
})
