import { afterEach, expect, it, vi } from 'vitest'
import { createWorkerLink } from './worker-link'

afterEach(() => vi.unstubAllGlobals())

it('ends sockets when no channel can be had, and asks for another with the next', async () => {
  const asked: MessagePort[] = []
  const active = { postMessage: (_message: unknown, [port]: [MessagePort]) => asked.push(port) }
  // A page that was loaded past the worker is not controlled by it.
  vi.stubGlobal('navigator', { serviceWorker: { controller: null, ready: Promise.resolve({ active }) } })
  const link = createWorkerLink()
  const first = await link.bridge
  expect(await link.bridge).toBe(first)
  const closed = new Promise((resolve) => {
    first.socket('ws://localhost:3000/', [], {
      opened: () => undefined,
      message: () => undefined,
      closed: (code) => resolve(code),
    })
  })
  asked[0]?.close()
  expect(await closed).toBe(1006)
  const second = await link.bridge
  expect(second).not.toBe(first)
  expect(asked).toHaveLength(2)
  second.close()
})
