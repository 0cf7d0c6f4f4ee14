import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { serveBridge } from '../../bridge/server'
import { createLinkHolder } from './link'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout'] }))
afterEach(() => vi.useRealTimers())

function open() {
  const asked: unknown[] = []
  const relay = {
    url: 'https://v0.preview.example.org/__vitrine/relay.html',
    postMessage: ({ vitrineWorker: { kind } }: { vitrineWorker: { kind: string } }) => asked.push(kind),
  }
  const page = { url: 'https://v0.preview.example.org/', postMessage: () => asked.push('a page was told') }
  const links = createLinkHolder({ clients: { claim: async () => undefined, matchAll: async () => [relay, page] } })
  const connect = () => {
    const { port1, port2 } = new MessageChannel()
    serveBridge(port1, { request: async () => ({ status: 200, headers: [], body: 'here' }) })
    links.connect(port2, [])
  }
  return { asked, links, connect }
}

it('asks once for all who wait, and answers them all', async () => {
  const { asked, links, connect } = open()
  const waiting = [links.get(), links.get(), links.get()]
  await vi.waitFor(() => expect(asked).toEqual(['lost']))
  connect()
  const [first, ...others] = await Promise.all(waiting)
  expect(first).not.toBeNull()
  expect(others).toEqual([first, first])
  expect(await links.get()).toBe(first)
  await vi.waitFor(() => expect(asked).toEqual(['lost', 'connected']))
  first?.bridge.close()
})

it('gives up when nobody brings a link, and asks again the next time', async () => {
  const { asked, links } = open()
  const first = links.get()
  vi.advanceTimersByTime(5000)
  expect(await first).toBeNull()
  const second = links.get()
  vi.advanceTimersByTime(5000)
  expect(await second).toBeNull()
  expect(asked).toEqual(['lost', 'lost'])
})
