import { describe, expect, it } from 'vitest'
import type { FileOp } from '../protocol'
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
