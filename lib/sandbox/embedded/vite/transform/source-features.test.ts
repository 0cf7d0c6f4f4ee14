import { expect, it } from 'vitest'
import { createVirtualFs } from '../../process/virtual-fs'
import { createProject } from '../project'
import { globToRegExp } from './globs'
import { expandSourceFeatures } from './source-features'

const fs = createVirtualFs([])
for (const path of ['pages/a.ts', 'pages/deep/b.ts', 'pages/b.test.ts', 'main.ts']) {
  fs.mkdir(`/home/project/src/${path}`.replace(/\/[^/]*$/, ''), { recursive: true })
  fs.writeFile(`/home/project/src/${path}`, '')
}
const project = createProject(fs, '/home/project')
const place = { path: '/home/project/src/main.ts', project, resolveAlias: (pattern: string) => pattern }
const expand = (code: string) => expandSourceFeatures(code, place)

it('turns a glob into imports that wait, without the files that are excluded', () => {
  expect(expand(`const pages = import.meta.glob(['./pages/**/*.ts', '!**/*.test.ts'])`)).toBe(
    'const pages = ({"./pages/a.ts": () => import("/src/pages/a.ts"), "./pages/deep/b.ts": () => import("/src/pages/deep/b.ts")})',
  )
})

it('imports at once what a glob wants eagerly', () => {
  expect(expand(`f(import.meta.glob('./pages/*.ts', { eager: true, import: 'setup' }))`)).toBe(
    'import { setup as __glob_0 } from "/src/pages/a.ts";import { setup as __glob_1 } from "/src/pages/b.test.ts";f(({"./pages/a.ts": __glob_0, "./pages/b.test.ts": __glob_1}))',
  )
})

it('names files from the root of the project unless all patterns are relative', () => {
  const aliased = { ...place, resolveAlias: (pattern: string) => pattern.replace(/^@/, '/home/project/src') }
  const code = (patterns: string) => expandSourceFeatures(`import.meta.glob(${patterns})`, aliased)
  expect(code(`'@/main.*'`)).toBe('({})')
  expect(code(`'@/pages/a.ts'`)).toBe('({"/src/pages/a.ts": () => import("/src/pages/a.ts")})')
  expect(code(`['./pages/a.ts', '/src/pages/a.*']`)).toBe('({"/src/pages/a.ts": () => import("/src/pages/a.ts")})')
})

it('reads patterns from another folder where a base is named', () => {
  const glob = (base: string) => expand(`import.meta.glob(['./*.ts', '!./b.*'], { base: '${base}' })`)
  expect(glob('./pages')).toBe('({"./a.ts": () => import("/src/pages/a.ts")})')
  expect(glob('/src/pages')).toBe(glob('./pages'))
})

it('goes no way twice by links, and past those that lead nowhere', () => {
  fs.mkdir('/home/project/linked/sub', { recursive: true })
  fs.writeFile('/home/project/linked/sub/a.ts', '')
  fs.symlink('..', '/home/project/linked/sub/up')
  fs.symlink('nowhere', '/home/project/linked/gone.ts')
  expect(expand(`import.meta.glob('/linked/**/*.ts')`)).toBe('({"/linked/sub/a.ts": () => import("/linked/sub/a.ts")})')
})

it('makes imports of assets and Workers that stand beside the module', () => {
  expect(expand(`new URL('./a.png', import.meta.url)`)).toBe(
    'import __url_0 from "./a.png?url";new URL(__url_0, import.meta.url)',
  )
  expect(expand(`new Worker(new URL('./w.ts', import.meta.url), { type: 'module' })`)).toBe(
    `import __worker_0 from "./w.ts?worker";new __worker_0({ type: 'module' })`,
  )
  expect(expand(`new URL('https://example.org', import.meta.url)`)).toBe(
    `new URL('https://example.org', import.meta.url)`,
  )
})

it('offers a computed import the files that it may mean, by the names that the code will say', () => {
  const choice = (address: string, from = './pages/') =>
    expect.stringContaining(
      `({"${from}a.ts": () => import("/src/pages/a.ts"), "${from}b.test.ts": () => import("/src/pages/b.test.ts")}, ${address})`,
    )
  const aliased = { ...place, resolveAlias: (pattern: string) => pattern.replace('@/', '/home/project/src/') }
  const inTemplate = '`./pages/$' + '{name}.ts`'
  expect(expand(`import(${inTemplate})`)).toEqual(choice(inTemplate))
  expect(expand(`import('./pages/' + page.name + '.ts')`)).toEqual(choice(`'./pages/' + page.name + '.ts'`))
  expect(expandSourceFeatures(`import('@/pages/' + name + '.ts')`, aliased)).toEqual(
    choice(`'@/pages/' + name + '.ts'`, '@/pages/'),
  )
})

it('offers a package the files that it requires by computed names', () => {
  const path = '/home/project/node_modules/p/index.js'
  fs.mkdir('/home/project/node_modules/p/locale', { recursive: true })
  fs.writeFile('/home/project/node_modules/p/locale/de.js', '')
  const expanded = (code: string) => expandSourceFeatures(code, { ...place, path })
  expect(expanded(`require('./locale/' + name + '.js')`)).toContain(
    `({"./locale/de.js": () => require("/node_modules/p/locale/de.js")}, './locale/' + name + '.js')`,
  )
  expect(expanded(`import('other/' + name)`)).toBe(`import('other/' + name)`)
})

it('leaves an import alone that may mean anything', () => {
  expect(expand(`import('https://example.org/' + name + '.js')`)).toBe(
    `import(String('https://example.org/' + name + '.js'))`,
  )
  expect(expand(`import(/* @vite-ignore */ './' + name + '.ts')`)).toBe(`import(String('./' + name + '.ts'))`)
  expect(expand(`import(address); import('./fixed.ts')`)).toBe(`import(address); import('./fixed.ts')`)
})

it('reads globs as people write them', () => {
  const fits = (glob: string, path: string) => globToRegExp(glob).test(path)
  expect(fits('/a/**/*.{ts,tsx}', '/a/b/c.tsx')).toBe(true)
  expect(fits('/a/**/*.ts', '/a/c.ts')).toBe(true)
  expect(fits('/a/*.ts', '/a/b/c.ts')).toBe(false)
  expect(fits('/a/[id].ts', '/a/[id].ts')).toBe(true)
})
