import { expect, it, vi } from 'vitest'
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

it('looks again only where it has looked before and something has changed', async () => {
  const workspace = createWorkspace(new Map([['a.ts', '1']]))
  const cache = createSymbolCache(workspace)
  const symbols = vi.fn(async () => [file('a.ts')])
  const sandbox = async () => ({ symbols })
  expect((await cache.refreshed(sandbox)).size).toBe(0)
  expect(symbols).not.toHaveBeenCalled()
  await cache.look({ symbols })
  expect((await cache.refreshed(sandbox)).size).toBe(1)
  expect(symbols).toHaveBeenCalledTimes(1)
  workspace.apply([{ path: 'a.ts', after: '2' }], { origin: 'agent', label: 'Patch' })
  expect(cache.current().size).toBe(0)
  expect((await cache.refreshed(sandbox)).size).toBe(1)
  expect(symbols).toHaveBeenCalledTimes(2)
})

it('does without what takes too long or has gone, and tells what it knew', async () => {
  vi.useFakeTimers()
  const workspace = createWorkspace(
    new Map([
      ['a.ts', '1'],
      ['b.ts', '1'],
    ]),
  )
  const cache = createSymbolCache(workspace)
  await cache.look({ symbols: async () => ['a.ts', 'b.ts'].map(file) })
  workspace.apply([{ path: 'a.ts', after: '2' }], { origin: 'agent', label: 'Patch' })
  const slow = cache.refreshed(async () => ({ symbols: () => new Promise(() => {}) }))
  await vi.advanceTimersByTimeAsync(2_000)
  expect([...(await slow).keys()]).toEqual(['b.ts'])
  const gone = await cache.refreshed(() => Promise.reject(new Error('The sandbox is gone.')))
  expect([...gone.keys()]).toEqual(['b.ts'])
  vi.useRealTimers()
})
