import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Machine, type MachineContext } from './machine'
import type { Process } from './process'

const startMs = 120

/** A machine of which only the Workers are asked for: their names, in the order in which they start. */
function openMachine() {
  const started: string[] = []
  const openWorker = (_url: string, name: string) => {
    started.push(name)
    const worker = Object.assign(new EventTarget(), { postMessage() {}, terminate() {} })
    setTimeout(() => worker.dispatchEvent(new Event('message')), startMs)
    return worker
  }
  const bundles = { url: async (name: string) => `blob:${name}`, assets: () => undefined, late: () => ({}) }
  const machine = new Machine(1, { bundles, openWorker } as unknown as MachineContext)
  return { machine, started }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('spares start one after the other, each when the one before is up and has had a turn', async () => {
  const { machine, started } = openMachine()
  await machine.warm('process')
  await vi.advanceTimersByTimeAsync(startMs + 50)
  expect(started).toEqual(['process'])
  await vi.advanceTimersByTimeAsync(20)
  expect(started).toEqual(['process', 'process'])
  await vi.advanceTimersByTimeAsync(5000)
  expect(started).toEqual(['process', 'process'])
})

test('a spare that nobody has asked for leaves the processor to a program that gets going', async () => {
  const { machine, started } = openMachine()
  machine.processes.set(2, { startedAt: Date.now() } as Process)
  void machine.warmAtRest('testing')
  await vi.advanceTimersByTimeAsync(3000)
  machine.processes.set(3, { startedAt: Date.now() } as Process)
  await vi.advanceTimersByTimeAsync(4900)
  expect(started).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect(started).toEqual(['testing'])
})

test('it starts at once where no program runs', async () => {
  const { machine, started } = openMachine()
  void machine.warmAtRest('shell')
  await vi.advanceTimersByTimeAsync(100)
  expect(started).toEqual(['shell'])
})
