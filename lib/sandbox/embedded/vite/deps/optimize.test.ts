import { expect, it } from 'vitest'
import { createVirtualFs } from '../../process/virtual-fs'
import type { ViteContext } from '../context'
import { createProject } from '../project'
import { createWebResolver } from '../resolve'
import { needsBundler } from './optimize'

const root = '/home/project'

it.each([
  ['a plain package', '{}', 'exports.a = 1', false],
  ['an ES module', '{}', 'export default 1', true],
  ['a package whose package.json is broken', '{', 'exports.a = 1', false],
])('tells from %s whether the bundler is needed', async (_, json, code, expected) => {
  const fs = createVirtualFs([])
  fs.mkdir(`${root}/node_modules/a`, { recursive: true })
  fs.writeFile(`${root}/package.json`, '{ "dependencies": { "a": "1", "absent": "1" } }')
  fs.writeFile(`${root}/node_modules/a/package.json`, json)
  fs.writeFile(`${root}/node_modules/a/index.js`, code)
  const project = createProject(fs, root)
  const resolver = createWebResolver(project, { aliases: [], conditions: [], dedupe: [], tsconfigPaths: false })
  const config = { root, frameworks: [] as string[] }
  const context = { project, resolver, config, cache: { read: async () => null } } as unknown as ViteContext
  expect(await needsBundler(context)).toBe(expected)
})
