import { describe, expect, it } from 'vitest'
import { lastingJobs, runningFor } from './running-time'

describe('running time', () => {
  it.each([
    [-5, '0 s'],
    [34_900, '34 s'],
    [302_000, '5 min 2 s'],
    [7_980_000, '2 h 13 min'],
  ])('%d ms reads %s', (ms, text) => {
    expect(runningFor(ms)).toBe(text)
  })

  it('leaves out what has only just started', () => {
    const job = (pid: number, startedAt: number) => ({ pid, command: 'x', startedAt, ports: [] })
    expect(lastingJobs([job(1, 0), job(2, 4500)], 5000).map(({ pid }) => pid)).toEqual([1])
  })
})
