import { webcrypto } from 'node:crypto'
import { createCryptoBinding } from '../binding'

/** The binding on the Buffer and the random numbers of the Node that runs the tests. */
export function createTestBinding() {
  return createCryptoBinding({
    Buffer,
    defer: (run, after = Promise.resolve()) => void after.then(() => setImmediate(run)),
    getRandomValues: (bytes) => webcrypto.getRandomValues(bytes),
    subtle: webcrypto.subtle as SubtleCrypto,
  })
}

/** Repeatable numbers, so that a failing case can be run again from the seed in its title. */
export function createRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state
  }
  return {
    below: (limit: number) => Math.floor((next() / 2 ** 32) * limit),
    bytes: (length: number) => Uint8Array.from({ length }, () => next() >>> 24),
  }
}
