import 'fake-indexeddb/auto'
import { expect, test, vi } from 'vitest'
import { openBrowserStore } from '.'
import { createBatchQueue } from './batch'
import { createCommitLoop } from './commit-loop'
import { createConnection } from './connection'

test('goes on saving after a commit that took longer than the throttle', async () => {
  const name = 'slow'
  const store = await openBrowserStore({ name })
  const meta = { id: 'p', name: 'Demo', template: null, createdAt: 1, openedAt: 1, restricted: false }
  await store.createProject(meta, new Map())
  const connection = createConnection({ name })
  let gate = Promise.resolve()
  const use = vi.fn(() => gate.then(connection.use))
  const queue = createBatchQueue()
  const loop = createCommitLoop({
    ...{ id: 'p', queue, throttleMs: 1, retryMs: 1 },
    connection: { ...connection, use },
    prepare: async () => undefined,
  })
  const change = (key: string) => {
    queue.current.memory.set(key, true)
    loop.schedule()
  }
  await loop.drain()

  let openGate = () => {}
  gate = new Promise((resolve) => {
    openGate = resolve
  })
  use.mockClear()
  change('a')
  await vi.waitFor(() => expect(use).toHaveBeenCalled())
  change('b')
  // The throttle of the second change ends while the first is still being written.
  await new Promise((resolve) => setTimeout(resolve, 20))
  openGate()
  await vi.waitFor(() => expect(loop.state.getState()).toBe('saved'))
  change('c')
  expect(loop.state.getState()).toBe('saving')
  await vi.waitFor(() => expect(loop.state.getState()).toBe('saved'))
  expect((await store.loadProject('p'))?.memory).toEqual({ a: true, b: true, c: true })
  loop.stop()
  connection.close()
  store.dispose()
})
