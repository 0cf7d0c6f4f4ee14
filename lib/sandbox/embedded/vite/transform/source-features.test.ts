import { expect, it } from 'vitest'
import { createVirtualFs } from '../../process/virtual-fs'
import { createProject } from '../project'
import { expandSourceFeatures, globToRegExp } from './source-features'

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

it('makes imports of assets and Workers that stand beside the module', () => {
  expect(expand(`new URL('./a.png', import.meta.url)`)).toBe(
    'import __url_0 from "./a.png?url";new URL(__url_0, import.meta.url)',
  )
  expect(expand(`new Worker(new URL('./w.ts', import.meta.url), { type: 'module' })`)).toBe(
    'import __worker_0 from "./w.ts?worker";new __worker_0()',
  )
  expect(expand(`new URL('https://example.org', import.meta.url)`)).toBe(
    `new URL('https://example.org', import.meta.url)`,
  )
})

it('reads globs as people write them', () => {
  const fits = (glob: string, path: string) => globToRegExp(glob).test(path)
  expect(fits('/a/**/*.{ts,tsx}', '/a/b/c.tsx')).toBe(true)
  expect(fits('/a/**/*.ts', '/a/c.ts')).toBe(true)
  expect(fits('/a/*.ts', '/a/b/c.ts')).toBe(false)
  expect(fits('/a/[id].ts', '/a/[id].ts')).toBe(true)
})
