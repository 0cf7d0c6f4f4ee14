import { expect, it } from 'vitest'
import type { Resolver } from './resolve'
import { usesAsyncHooks } from './uses-async-hooks'

const uses = (files: Record<string, string>, entry: string) =>
  usesAsyncHooks(
    entry,
    {
      isFile: (path) => path in files,
      isDirectory: () => false,
      readText: (path) => files[path] ?? '',
      list: () => [],
    },
    { resolve: (specifier: string) => ({ kind: 'file', path: specifier.replace('.', '') }) } as unknown as Resolver,
  )

it.each([
  ['of the entry', { '/a.js': `import { AsyncLocalStorage } from 'node:async_hooks'` }, '/a.js', true],
  ['of an entry without an ending', { '/bin': `require('async_hooks')` }, '/bin', true],
  ['of what it imports', { '/a.js': `import './b.mjs'`, '/b.mjs': `import 'async_hooks'` }, '/a.js', true],
  ['of nothing', { '/a.js': `import './b.json'`, '/b.json': `"async_hooks"` }, '/a.js', false],
])('finds async_hooks in the text %s', (_where, files, entry, found) => {
  expect(uses(files, entry)).toBe(found)
})
