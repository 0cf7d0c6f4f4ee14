import { expect, it } from 'vitest'
import type { SymbolFile } from '@/lib/sandbox'
import { createWorkspace } from '@/lib/workspace'
import { createSymbolCache } from './symbol-cache'

const file = (path: string): SymbolFile => ({ path, symbols: [], uses: [] })

it('knows the files that are as they were when it looked, and no others', async () => {
  const workspace = createWorkspace(
    new Map([
      ['a.ts', '1'],
      ['b.ts', '2'],
      ['c.ts', '3'],
    ]),
  )
  const cache = createSymbolCache(workspace)
  expect(cache.current().size).toBe(0)
  await cache.look({ symbols: async () => ['a.ts', 'b.ts', 'c.ts', 'gone.ts'].map(file) })
  workspace.apply(
    [
      { path: 'b.ts', after: '2 changed' },
      { path: 'c.ts', after: null },
    ],
    { origin: 'user', label: 'Edit' },
  )
  expect([...cache.current().keys()]).toEqual(['a.ts'])
})

it('knows nothing where nobody can tell, and keeps what it knew when a later look fails', async () => {
  const cache = createSymbolCache(createWorkspace(new Map([['a.ts', '1']])))
  await cache.look({})
  expect(cache.current().size).toBe(0)
  await cache.look({ symbols: async () => [file('a.ts')] })
  await cache.look({ symbols: () => Promise.reject(new Error('too large')) })
  expect(cache.current().size).toBe(1)
})
