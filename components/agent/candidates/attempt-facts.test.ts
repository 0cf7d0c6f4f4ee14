import { describe, expect, test } from 'vitest'
import { type CandidateResult, type CandidateView, emptyThread } from '@/lib/agent'
import { attemptFacts, elapsedMs } from './attempt-facts'
import { sourceOf, startOf, takeAll, toggleFile } from './mixture'

const usage = {
  inputTokens: 10_000,
  cachedInputTokens: 8000,
  cacheWriteTokens: 0,
  outputTokens: 1000,
  reasoningTokens: 0,
  totalTokens: 11_000,
}
const result = (index: number, rest: Partial<CandidateResult> = {}): CandidateResult => ({
  index,
  status: 'done',
  message: '',
  verification: null,
  changes: [],
  usage,
  steps: 1,
  durationMs: 5,
  ...rest,
})
const view = (index: number, rest: Partial<CandidateView> = {}): CandidateView => ({
  index,
  state: 'done',
  thread: emptyThread,
  result: result(index),
  ...rest,
})
const change = (path: string, before: string | null = 'a\n') => ({ path, before, after: 'b\nc\n' })

describe('what is said of an attempt', () => {
  test('names how it ended', () => {
    const status = (...given: Parameters<typeof view>) => attemptFacts(view(...given)).status
    expect(status(0, { state: 'waiting', result: null })).toBe('waiting for its turn')
    expect(status(0, { state: 'running', result: null })).toBe('starting')
    expect(status(0, { state: 'stopped' })).toBe('not begun')
    expect(status(0)).toBe('answered, changed nothing')
    const limit = { scope: 'turn' as const, limit: 'steps' as const, allowed: 60, by: 60 }
    expect(status(0, { state: 'failed' })).toBe('failed')
    expect(status(0, { state: 'failed', result: result(0, { limit }) })).toBe('stopped at a limit')
    expect(status(0, { result: result(0, { changes: [change('a.ts')] }) })).toBe('not verified')
  })

  test('counts its lines, and names the tests that were there before', () => {
    const changes = [change('a.ts'), change('a.test.ts'), change('new.test.ts', null)]
    const facts = attemptFacts(view(1, { result: result(1, { changes }) }))
    expect(facts).toMatchObject({ number: 2, lines: { additions: 6, deletions: 2 }, alteredTests: ['a.test.ts'] })
  })

  test('takes no time while it has not begun', () => {
    expect(elapsedMs(view(0, { state: 'waiting', result: null }), 1000)).toBeNull()
    expect(elapsedMs(view(0, { state: 'stopped' }), 1000)).toBeNull()
  })
})

describe('putting attempts together', () => {
  const candidates = [
    view(0, { result: result(0, { changes: [change('a'), change('b')] }) }),
    view(1, { result: result(1, { changes: [change('b'), change('c')] }) }),
  ]

  test('takes each file from one place, and gives it back', () => {
    const mixed = toggleFile(takeAll(0), 'b', 1)
    expect(mixed).toEqual({ index: 0, files: [{ path: 'b', index: 1 }] })
    expect(['a', 'b', 'c'].map((path) => sourceOf(mixed, path, candidates))).toEqual([0, 1, null])
    expect(toggleFile(mixed, 'b', 1)).toEqual(takeAll(0))
    expect(toggleFile(mixed, 'b', 0)).toEqual(takeAll(0))
  })

  test('begins with what was taken, else with the one ahead', () => {
    expect(startOf({ pick: null, ranking: [1, 0] })).toEqual(takeAll(1))
    expect(startOf({ pick: { index: 0, files: [], by: 'user' }, ranking: [1, 0] })).toEqual(takeAll(0))
  })
})
