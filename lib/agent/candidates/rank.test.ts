import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verification } from '../events'
import { reportOf } from '../testing/attempts'
import { emptyResult } from './attempt'
import { isFullyVerified, leaderOf, whyStop } from './early-stop'
import type { CandidateResult } from './events'
import { changedLines, rankCandidates, rankReason } from './rank'

const verified: Verification = {
  verified: true,
  tests: reportOf({ a: true, b: true }),
  affected: null,
  types: { errors: [] },
  findings: [],
  notChecked: [],
  durationMs: 1,
}
const change = (lines: number) => ({ path: 'a.ts', before: '', after: 'x\n'.repeat(lines) })
const result = (index: number, rest: Partial<CandidateResult> = {}): CandidateResult => ({
  ...emptyResult({ index, status: 'done' }),
  verification: verified,
  changes: [change(2)],
  ...rest,
})
const failing: Verification = { ...verified, verified: false, tests: reportOf({ a: true, b: false }) }
const typeError = {
  path: 'a.ts',
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
  severity: 'error',
  message: '',
  code: '',
} as const
const finding = { path: 'a.ts', line: 1, column: 1, severity: 'low', rule: 'r', message: '' } as const

describe('the ranking', () => {
  it.each<[string, CandidateResult, CandidateResult]>([
    ['finished', result(1), result(0, { status: 'stopped' })],
    ['verified', result(1), result(0, { verification: failing, changes: [change(1)] })],
    [
      'tests',
      result(1, { verification: failing }),
      result(0, { verification: { ...failing, tests: reportOf({ a: false, b: false }) } }),
    ],
    ['tests', result(1, { verification: failing }), result(0, { verification: { ...failing, tests: null } })],
    [
      'tests',
      result(1, { verification: { ...verified, affected: ['a', 'b'], tests: reportOf({ a: true, b: true }) } }),
      result(0, { verification: { ...verified, affected: ['a'], tests: reportOf({ a: true }) } }),
    ],
    [
      'types',
      result(1, { verification: failing }),
      result(0, { verification: { ...failing, types: { errors: [typeError] } } }),
    ],
    ['scan', result(1), result(0, { verification: { ...verified, findings: [finding] }, changes: [change(1)] })],
    ['work', result(1, { verification: null }), result(0, { verification: null, changes: [] })],
    ['size', result(1, { changes: [change(1)] }), result(0)],
    ['order', result(0), result(1)],
  ])('goes by %s where all before is equal', (reason, ahead, behind) => {
    expect(rankCandidates([behind, ahead])).toEqual([ahead.index, behind.index])
    expect(rankReason(ahead, behind)).toBe(reason)
  })

  it('is the same for every order of the same results, and loses none', () => {
    const verification = fc.constantFrom(null, verified, failing, { ...verified, findings: [finding] })
    const results = fc
      .array(fc.tuple(fc.constantFrom('done', 'failed', 'stopped'), verification, fc.integer({ min: 0, max: 3 })), {
        maxLength: 8,
      })
      .map((all) =>
        all.map(([status, checks, lines], index) =>
          result(index, { status: status as 'done', verification: checks, changes: lines ? [change(lines)] : [] }),
        ),
      )
    fc.assert(
      fc.property(results, fc.infiniteStream(fc.nat()), (all, random) => {
        const shuffled = all
          .map((each) => ({ each, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each)
        expect(rankCandidates(shuffled)).toEqual(rankCandidates(all))
        expect([...rankCandidates(all)].sort()).toEqual(all.map(({ index }) => index).sort())
      }),
    )
  })

  it('counts changed lines, and a binary file as one', () => {
    expect(changedLines([{ path: 'a', before: 'a\nb\n', after: 'a\nc\nd\n' }])).toBe(3)
    expect(changedLines([{ path: 'a', before: null, after: { base64: 'AAAA' } }])).toBe(1)
  })
})

describe('stopping early', () => {
  it('asks for all tests, clean types and a clean scan', () => {
    expect(isFullyVerified(result(0))).toBe(true)
    expect(isFullyVerified(result(0, { status: 'stopped' }))).toBe(false)
    for (const part of [{ verified: false }, { tests: null }, { affected: ['a'] }, { findings: [finding] }]) {
      expect(isFullyVerified(result(0, { verification: { ...verified, ...part } }))).toBe(false)
    }
  })

  it('lets an attempt go on while its change could still be the smaller one', () => {
    const leader = result(2)
    expect(whyStop(leader, { index: 3, lines: 1 })).toBeNull()
    expect(whyStop(leader, { index: 1, lines: 2 })).toBeNull()
    expect(whyStop(leader, { index: 3, lines: 2 })).toContain('Attempt 3')
    expect(whyStop(leader, { index: 0, lines: 3 })).toContain('smaller change')
    expect(whyStop(leader, { index: 0, lines: null })).toContain('not begun')
  })

  it('goes by the verified attempt that is hardest to beat', () => {
    expect(
      leaderOf([result(0), result(1, { changes: [change(1)] }), result(2, { verification: failing })])?.index,
    ).toBe(1)
    expect(leaderOf([result(0, { verification: failing })])).toBeNull()
  })
})
