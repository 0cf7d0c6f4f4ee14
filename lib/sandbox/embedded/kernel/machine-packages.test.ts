import { expect, it } from 'vitest'
import { createVirtualFs } from '../process/virtual-fs'
import { installOps } from '../process/worker-host'
import type { FileOp, PackageRecord } from '../protocol'
import { applyOps, createFileTable, installPackages, projectFiles } from './machine-files'
import { isPackageFolder, isPackageRecord, isPackageRequest } from './package-requests'

const root = '/home/project/node_modules'

/** A package whose files hold their own names. */
function record(path: string, names: string[]): PackageRecord {
  const texts = names.map((name) => new TextEncoder().encode(name))
  const data = new Uint8Array(new SharedArrayBuffer(texts.reduce((sum, text) => sum + text.byteLength, 0)))
  let offset = 0
  const lines = names.map((name, index) => {
    const text = texts[index] ?? new Uint8Array()
    data.set(text, offset)
    const line = `${offset} ${text.byteLength} ${name.startsWith('bin/') ? 'x' : '-'} ${name}`
    offset += text.byteLength
    return line
  })
  return { kind: 'package', path: `${root}/${path}`, data, index: lines.join('\n'), mtimeMs: 5 }
}

const file = (path: string): FileOp => ({ kind: 'file', path, data: new Uint8Array([1]), mtimeMs: 1, mode: 0o644 })
const pathsOf = (files: Iterable<{ path: string }>) =>
  [...files].map(({ path }) => path.replace('/home/project/', '')).sort()

it('keeps a package whole until one of its files changes', () => {
  const table = createFileTable()
  installPackages(table, [], [record('a', ['index.js', 'bin/a']), record('@s/b', ['index.js'])])
  expect(table.get(`${root}/a/`)).toMatchObject({ kind: 'package' })
  applyOps(table, [file(`${root}/a/index.js`), { kind: 'gone', path: `${root}/@s/b/index.js` }])
  expect(pathsOf(table.values())).toEqual(['/home/project', '/tmp', 'node_modules/a/bin/a', 'node_modules/a/index.js'])
  expect(table.get(`${root}/a/bin/a`)).toMatchObject({ kind: 'file', mode: 0o755 })
  expect(projectFiles(table)).toEqual([])
})

it('takes away what an install removes or replaces, and nothing beside or below', () => {
  const table = createFileTable()
  installPackages(
    table,
    [],
    [record('a', ['old.js']), record('a/node_modules/c', ['c.js']), record('ab', ['x.js']), record('gone', ['y.js'])],
  )
  applyOps(table, [file(`${root}/a/written.js`), file(`${root}/gone/written.js`), file('/home/project/src/a.ts')])
  installPackages(table, [`${root}/gone`], [record('a', ['new.js'])])
  expect([...table.keys()].filter((key) => key.includes('node_modules')).sort()).toEqual([
    `${root}/a/`,
    `${root}/a/node_modules/c/`,
    `${root}/ab/`,
  ])
  expect(table.has('/home/project/src/a.ts')).toBe(true)
})

it('gives every process the same files, however the package came to it', () => {
  const packages = [record('a', ['index.js', 'lib/deep/x.js', 'bin/a']), record('a/node_modules/c', ['c.js'])]
  const early = createVirtualFs([])
  early.applyRemote(installOps([], packages))
  const late = createVirtualFs(packages)
  for (const fs of [early, late]) {
    expect(fs.readdir(`${root}/a`)).toEqual(['bin', 'index.js', 'lib', 'node_modules'])
    expect(new TextDecoder().decode(fs.readFile(`${root}/a/lib/deep/x.js`))).toBe('lib/deep/x.js')
    expect(fs.stat(`${root}/a/bin/a`)).toMatchObject({ mode: 0o755, mtimeMs: 5 })
    fs.applyRemote(installOps([], [record('a', ['new.js'])]))
    expect(fs.readdir(`${root}/a`)).toEqual(['new.js', 'node_modules'])
    expect(fs.realpath(`${root}/a/node_modules/c/c.js`)).toBe(`${root}/a/node_modules/c/c.js`)
  }
})

it('never writes into the memory that processes share', () => {
  const shared = record('a', ['index.js'])
  const fs = createVirtualFs([shared])
  const open = fs.open(`${root}/a/index.js`, {
    read: true,
    write: true,
    create: false,
    exclusive: false,
    follow: true,
    append: false,
    truncate: false,
  })
  open.write(new TextEncoder().encode('INDEX'), 0)
  fs.writeFile(`${root}/a/index.js`, '!', { append: true })
  expect(new TextDecoder().decode(fs.readFile(`${root}/a/index.js`))).toBe('INDEX.js!')
  expect(new TextDecoder().decode(shared.data.slice())).toBe('index.js')
})

it('takes requests and folders for what they say only', () => {
  expect(isPackageRequest({ path: 'lodash', integrity: null, full: false })).toBe(true)
  for (const wrong of [
    null,
    1,
    {},
    { path: '../x', integrity: null, full: false },
    { path: 'a', integrity: 3, full: false },
  ]) {
    expect(isPackageRequest(wrong)).toBe(false)
  }
  expect([`${root}/a`, `${root}/@s/a`, '/tmp/x/node_modules/a'].every(isPackageFolder)).toBe(true)
  expect(['/home/project', root, `${root}/../a`, `${root}/a/b`, 'node_modules/a'].some(isPackageFolder)).toBe(false)
  expect(isPackageRecord(record('a', ['x']))).toBe(true)
  expect(isPackageRecord({ ...record('a', ['x']), path: '/home/project/src' })).toBe(false)
})
