import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { FromKernel, KernelEvent } from '../protocol'
import { createEventQueue } from './event-queue'

const output: KernelEvent = { type: 'output', pid: 2, stream: 'stdout', data: new Uint8Array(1) }
const exit: KernelEvent = { type: 'exit', pid: 2, status: { exitCode: 0, timedOut: false } }

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function collect() {
  const posted: FromKernel[] = []
  return { posted, tell: createEventQueue((events) => posted.push(events)) }
}

it('tells the output and the exit of a short command at once', () => {
  const { posted, tell } = collect()
  tell(output)
  tell(exit)
  expect(posted).toEqual([[output], [exit]])
})

it('joins a flood into a message in 8 ms, in order', () => {
  const { posted, tell } = collect()
  for (let ms = 0; ms < 1000; ms++) {
    for (let n = 0; n < 10; n++) tell(output)
    vi.advanceTimersByTime(1)
  }
  tell(exit)
  vi.advanceTimersByTime(8)
  const events = posted.flat()
  expect(events).toHaveLength(10_001)
  expect(events.at(-1)).toBe(exit)
  expect(posted.length).toBeLessThan(200)
})

it('lets an answer wait for nothing', () => {
  const { posted, tell } = collect()
  for (let n = 0; n < 100; n++) tell(output)
  const before = posted.length
  tell({ type: 'answer', id: 1, ok: true, value: undefined })
  expect(posted).toHaveLength(before + 1)
  expect(posted.flat()).toHaveLength(101)
})
