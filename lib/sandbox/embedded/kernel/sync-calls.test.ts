import { expect, test } from 'vitest'
import type { SyncCall } from '../protocol'
import type { Process } from './process'
import { SyncCalls } from './sync-calls'

test('a question that comes twice is answered once', () => {
  const killed: number[] = []
  const machine = { kill: (target: number) => killed.push(target) > 0 }
  const calls = new SyncCalls({ group: 1, machine } as unknown as Process)
  const buffer = new SharedArrayBuffer(1024)
  const call: SyncCall = { name: 'kill', target: 7, signal: 'SIGTERM' }
  for (const number of [1, 1, 2]) calls.receive({ type: 'sync', number, call, buffer })
  expect(killed).toEqual([7, 7])
})
