import { expect, it } from 'vitest'
import type { HotMessage } from '../client/hot-context'
import { createPageEvents } from './events'

const update = (path: string): HotMessage => ({
  type: 'update',
  updates: [{ kind: 'module', path, accepted: path, timestamp: 1 }],
})

/** What a stream says until it falls silent, as `id type` or `id path`; ids are counted from `start` on. */
async function read(stream: ReadableStream<Uint8Array>, start = 0): Promise<string[]> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const part = await Promise.race([reader.read(), new Promise<null>((resolve) => setTimeout(resolve, 20, null))])
    if (!part || part.done) break
    text += decoder.decode(part.value)
  }
  return text.split('\n\n').flatMap((event) => {
    if (event === '') return []
    const id = /^id: (\d+)/m.exec(event)?.[1]
    const message = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '')
    return [`${id === undefined ? '-' : Number(id) - start} ${message.updates?.[0].path ?? message.type}`]
  })
}

const { signal } = new AbortController()

it('tells a page first what changed since it was made', async () => {
  const events = createPageEvents(() => undefined)
  events.send(update('/a.ts'))
  const since = events.last()
  events.send(update('/b.ts'))
  expect(await read(events.stream(signal, since), since)).toEqual(['- connected', '1 /b.ts'])
  expect(await read(events.stream(signal, null))).toEqual(['- connected'])
})

it('loads a page anew that missed more than is kept, or comes from an earlier server', async () => {
  const events = createPageEvents(() => undefined)
  const start = events.last()
  for (let count = 0; count < 101; count++) events.send(update(`/${count}.ts`))
  expect(await read(events.stream(signal, start), start)).toEqual(['- connected', '101 full-reload'])
  expect(await read(events.stream(signal, start + 1))).toHaveLength(101)
  expect(await read(events.stream(signal, start - 60_000), start)).toEqual(['- connected', '101 full-reload'])
  expect(await read(events.stream(signal, start + 500), start)).toEqual(['- connected', '101 full-reload'])
})

it('tells errors only while they stand', async () => {
  const standing: string[] = ['broken']
  const events = createPageEvents((send) => {
    for (const message of standing) send({ type: 'error', message, stack: '' })
  })
  const start = events.last()
  events.send({ type: 'error', message: 'broken', stack: '' })
  expect(await read(events.stream(signal, start))).toEqual(['- connected', '- error'])
  standing.pop()
  expect(await read(events.stream(signal, start))).toEqual(['- connected'])
})

it('has a page come back soon when its stream was cut, and forgets one that is gone already', async () => {
  const events = createPageEvents(() => undefined)
  const first = await events.stream(signal, null).getReader().read()
  expect(new TextDecoder().decode(first.value)).toBe('retry: 300\n')
  const gone = events.stream(AbortSignal.abort(), null)
  events.send(update('/a.ts'))
  expect(await read(gone)).toEqual(['- connected'])
})
