import { describe, expect, it } from 'vitest'
import { message } from '../history'
import { usage } from '../testing/scripted'
import { createCompactor } from './compactor'

const items = (count: number) =>
  Array.from({ length: count }, (_, index) => message('user', `message ${index} `.repeat(40)))

describe('how full the window is', () => {
  it('is what the server counted, and an estimate of what joined since', () => {
    const compactor = createCompactor()
    const history = items(4)
    const estimate = compactor.used(history, [])
    compactor.measure(history.slice(0, 3), { ...usage, inputTokens: 5_000 })
    const last = compactor.ledger.sum(history.slice(3)).tokens
    expect(compactor.used(history, [])).toBe(5_000 + last)
    expect(compactor.used(items(4), [])).toBe(estimate)
  })

  it('is estimated for servers that count nothing', () => {
    const compactor = createCompactor()
    const history = items(4)
    const estimate = compactor.used(history, [])
    compactor.measure(history, { ...usage, inputTokens: 0 })
    compactor.measure(history, null)
    expect(compactor.used(history, [])).toBe(estimate)
  })

  it('costs a step of a thread with 2,000 items less than a millisecond', async () => {
    const compactor = createCompactor(async (texts) => texts.map(() => 1))
    const history = items(2_000)
    compactor.used(history, [])
    await compactor.ledger.count(history)
    const times = Array.from({ length: 21 }, () => {
      const startedAt = performance.now()
      compactor.used(history, [])
      return performance.now() - startedAt
    }).sort((a, b) => a - b)
    expect(times[10]).toBeLessThan(1)
  })
})

describe('the advice', () => {
  it.each([
    [0.74, 'nothing'],
    [0.75, 'prepare'],
    [0.89, 'prepare'],
    [0.9, 'compact'],
  ])('at %f of the window is: %s', (share, advice) => {
    expect(createCompactor().advise(share * 100_000, 100_000)).toBe(advice)
  })

  it('is patient after a failure', () => {
    const compactor = createCompactor()
    compactor.postpone(91_000, 100_000)
    expect(compactor.advise(92_000, 100_000)).toBe('nothing')
    expect(compactor.advise(94_000, 100_000)).toBe('compact')
  })
})
