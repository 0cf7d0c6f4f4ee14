import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type FromProcess, largeFileBytes } from '../protocol'
import { pinClock } from './clock'
import { createOutbox } from './outbox'

beforeEach(() => {
  vi.useFakeTimers()
  pinClock()
})
afterEach(() => {
  vi.useRealTimers()
  pinClock()
})

function create(maxOutputBytes = 1_000_000) {
  const sent: FromProcess[] = []
  const outbox = createOutbox(
    (message) => sent.push(message),
    (path) => ({ kind: 'gone', path }),
    maxOutputBytes,
  )
  return { sent, outbox }
}
const bytes = (size: number) => new Uint8Array(size)

it('sends the first writes at once, for a program that never yields', () => {
  const { sent, outbox } = create()
  outbox.write('stdout', bytes(3))
  outbox.changed('/a')
  expect(sent).toHaveLength(2)
})

it('joins a flood by size and sends the rest a moment later', () => {
  const { sent, outbox } = create(100_000_000)
  for (let i = 0; i < 100_000; i++) outbox.write('stdout', bytes(100))
  const whileFlooding = sent.length
  expect(whileFlooding).toBeLessThan(200 + 10_000_000 / 32_000 + 10)
  vi.advanceTimersByTime(20)
  const total = sent.flatMap((message) => (message.type === 'batch' ? message.output : []))
  expect(total.reduce((sum, { data }) => sum + data.byteLength, 0)).toBe(10_000_000)
})

it('sends what waits before any other message', () => {
  const { sent, outbox } = create()
  for (let i = 0; i < 300; i++) outbox.write('stdout', bytes(1))
  outbox.send({ type: 'exit', exitCode: 0 })
  const sizes = sent.map((message) => (message.type === 'batch' ? message.output.length : 0))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(300)
  expect(sent.at(-1)).toEqual({ type: 'exit', exitCode: 0 })
})

it('stops one byte after the limit, so that the kernel sees that there was more', () => {
  const { sent, outbox } = create(10)
  outbox.write('stdout', bytes(8))
  outbox.write('stdout', bytes(8))
  outbox.write('stdout', bytes(8))
  const sizes = sent.flatMap((message) =>
    message.type === 'batch' ? message.output.map((o) => o.data.byteLength) : [],
  )
  expect(sizes).toEqual([8, 3])
})

it('is ahead of the kernel for a path until its batch has been seen', () => {
  const { outbox } = create()
  outbox.changed('/a')
  expect(outbox.isAhead('/a', 0)).toBe(true)
  expect(outbox.isAhead('/a', 1)).toBe(false)
  expect(outbox.isAhead('/b', 0)).toBe(false)
})

it('gives away the memory of what is large, and of nothing else', () => {
  const data: Record<string, Uint8Array> = { '/large': bytes(largeFileBytes), '/small': bytes(1) }
  const given: Transferable[][] = []
  const outbox = createOutbox(
    (_, transfer = []) => given.push(transfer),
    (path) => ({ kind: 'file', path, data: data[path] ?? bytes(0), mtimeMs: 1, mode: 0o644 }),
    1_000_000,
  )
  outbox.changed('/small')
  outbox.changed('/large')
  expect(given).toEqual([[], [data['/large']?.buffer]])
})
