import { expect, test } from 'vitest'
import type { FromProcess } from '../../protocol'
import { callSync } from './sync-answer'

test('who waits for the kernel asks again when the question was lost, under its old number', () => {
  const asked: Extract<FromProcess, { type: 'sync' }>[] = []
  const answer = new TextEncoder().encode(JSON.stringify({ exitCode: 0, error: 'ESRCH', output: [], files: [] }))
  const { error } = callSync(
    (message) => {
      if (message.type !== 'sync') return
      asked.push(message)
      // The first one gets lost.
      if (asked.length === 1) return
      const words = new Int32Array(message.buffer, 0, 2)
      new DataView(message.buffer).setUint32(8, answer.byteLength)
      new Uint8Array(message.buffer).set(answer, 12)
      words[1] = 4 + answer.byteLength
      Atomics.store(words, 0, 1)
    },
    { name: 'kill', target: 7, signal: null },
  )
  expect(error).toBe('ESRCH')
  expect(asked.map(({ number }) => number)).toEqual([1, 1])
})
