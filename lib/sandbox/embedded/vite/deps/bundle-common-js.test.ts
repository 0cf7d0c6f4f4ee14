import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { createVirtualFs } from '../../process/virtual-fs'
import type { ViteConfig } from '../config/config'
import { createProject } from '../project'
import { createWebResolver } from '../resolve'
import { bundleCommonJs } from './bundle-common-js'

const root = '/home/project'
type Files = Record<string, string | Uint8Array>

/** The bundle of what is wanted, from files by their paths in `node_modules`. */
function bundle(files: Files, wanted: Record<string, string[]>) {
  const fs = createVirtualFs([])
  for (const [path, text] of Object.entries(files)) {
    const whole = `${root}/node_modules/${path}`
    fs.mkdir(whole.replace(/\/[^/]*$/, ''), { recursive: true })
    fs.writeFile(whole, text)
  }
  const project = createProject(fs, root)
  const conditions = ['module', 'browser', 'development']
  const resolver = createWebResolver(project, { aliases: [], conditions, dedupe: [], tsconfigPaths: false })
  const names = new Map(Object.entries(wanted).map(([specifier, asked]) => [specifier, new Set(asked)]))
  return bundleCommonJs(names, { project, resolver, config: { root } as ViteConfig }, [])
}

/** What the entries export when they run, by their specifiers. */
async function run(files: Files, wanted: Record<string, string[]>) {
  const made = bundle(files, wanted)
  if (!made) throw new Error('It was left to the bundler.')
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    for (const [name, text] of Object.entries(made.files)) writeFileSync(join(folder, name), text)
    const all: Record<string, Record<string, unknown>> = {}
    for (const [specifier, name] of Object.entries(made.entries)) {
      all[specifier] = await import(/* @vite-ignore */ pathToFileURL(join(folder, name)).href)
    }
    return all
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const json = (fields: object) => JSON.stringify(fields)

/** A package of this project as it is installed. */
function installed(name: string): [string, Uint8Array][] {
  const folder = `node_modules/${name}`
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.js(?:on)?$/.test(path))
    .map((path) => [`${name}/${path.replaceAll('\\', '/')}`, readFileSync(join(folder, path))])
}

it('bundles React with the names that Node sees, in one instance, without its build for production', async () => {
  const files = Object.fromEntries(['react', 'react-dom', 'scheduler'].flatMap(installed))
  const wanted = { react: ['useState'], 'react-dom/client': ['createRoot'], 'react/jsx-dev-runtime': ['jsxDEV'] }
  const { react = {}, 'react-dom/client': client = {}, 'react/jsx-dev-runtime': jsx = {} } = await run(files, wanted)
  const native: object = await import('react')
  expect(Object.keys(react).sort()).toEqual(
    expect.arrayContaining(Object.keys(native).filter((n) => n !== 'module.exports')),
  )
  expect(react.default).toMatchObject({ useState: react.useState, version: react.version })
  expect(client.createRoot).toBeTypeOf('function')
  expect(jsx.Fragment).toBe(react.Fragment)
  const text = Object.values(bundle(files, wanted)?.files ?? {}).join('')
  expect(text).not.toContain('react-dom-client.production.js')
})

it('runs files in the order in which they require each other, cycles too, each once', async () => {
  const { a: { b, ...a } = {} } = await run(
    {
      'a/index.js':
        'exports.early = 1; exports.b = require("./b"); exports.same = require("./b") === exports.b; exports.data = require("./data.json")',
      'a/b.js':
        'exports.seen = require("./index.js").early; exports.late = () => require("./index").data.n; exports.own = this === exports',
      'a/data.json': '{ "n": 3 }',
    },
    { a: [] },
  )
  expect(a).toMatchObject({ early: 1, same: true, data: { n: 3 } })
  expect(b).toMatchObject({ seen: 1, own: true })
  expect((b as { late(): number }).late()).toBe(3)
})

it('gives default and names as ES modules expect them of CommonJS', async () => {
  const files = {
    'plain/index.js': 'module.exports = function f() {}; module.exports.more = 1',
    'compiled/index.js':
      'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = 5; exports.x = 6',
    'nothing/index.js': 'module.exports = null',
    'hidden/index.js': 'const all = { seen: 1 }; module.exports = all',
  }
  const all = await run(files, { plain: [], compiled: [], nothing: [], hidden: ['seen'] })
  expect(all.plain).toMatchObject({ default: expect.any(Function), more: 1 })
  expect(all.compiled).toMatchObject({ default: 5, x: 6 })
  expect(all.nothing?.default).toBe(null)
  expect(all.hidden).toMatchObject({ seen: 1, default: { seen: 1 } })
})

it('stands in for what the browser has not, and what the package leaves out for it', async () => {
  const { a } = await run(
    {
      'a/package.json': json({ browser: { './node.js': false } }),
      'a/index.js': 'exports.left = require("./node.js"); exports.read = () => require("fs").readFileSync',
      'a/node.js': 'module.exports = 1',
    },
    { a: [] },
  )
  expect(a?.left).toEqual({})
  expect(a?.read).toThrow('“fs” is not available in browsers: readFileSync')
})

it('shows packages nothing of its own', async () => {
  const { a } = await run(
    { 'a/index.js': 'exports.seen = [typeof files, typeof required, typeof modules, typeof load]' },
    { a: [] },
  )
  expect(a?.seen).toEqual(Array(4).fill('undefined'))
})

it('tries a file again that failed', async () => {
  const { a } = await run(
    {
      'a/index.js': 'exports.get = () => require("./b"); exports.state = require("./state")',
      'a/b.js': 'if (!require("./state").ok) throw new Error("not yet"); exports.value = 1',
      'a/state.js': 'exports.ok = false',
    },
    { a: [] },
  )
  const { get, state } = a as { get(): unknown; state: { ok: boolean } }
  expect(get).toThrow('not yet')
  state.ok = true
  expect(get()).toEqual({ value: 1 })
})

it.each<[string, Files]>([
  ['an ES module', { 'a/package.json': json({ type: 'module' }), 'a/index.js': 'export default 1' }],
  ['one that requires an ES module', { 'a/index.js': 'exports.b = require("./b.mjs")', 'a/b.mjs': 'export default 1' }],
  ['styles', { 'a/index.js': 'exports.b = require("./b.css")', 'a/b.css': 'a { color: red }' }],
  ['JSON that is none', { 'a/index.js': 'exports.b = require("./b.json")', 'a/b.json': '{' }],
  ['a package that is not there', {}],
])('leaves %s to the bundler', (_, files) => {
  expect(bundle(files, { a: [] })).toBe(null)
})
