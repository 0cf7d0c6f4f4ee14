import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ResponseItem } from '@/lib/models'
import { message, openCalls, outputOf, textOf } from '../history'
import { kindOf } from '../item-kind'
import { call, say, think } from '../testing/scripted'
import { createTokenLedger } from '../tokens'
import { type KeepLimits, keepLimits, planCompaction } from './plan'

const ledger = createTokenLedger()
const context = [
  message('developer', 'You are the agent.'),
  message('developer', '<session>\nEdit\n</session>'),
  message('user', '<environment>\n</environment>'),
]

let calls = 0
/** One response with a call, and its output of about so many tokens. */
function step(tokens = 50): ResponseItem[] {
  const made = call(`call-${++calls}`, 'shell', { command: 'ls' })
  if (made.type !== 'function_call') throw new Error('not a call')
  return [think('Hm.'), made, outputOf(made, 'x'.repeat(tokens * 4))]
}

const plan = (history: ResponseItem[], limits: Partial<KeepLimits> = {}, summarised?: number) =>
  planCompaction(history, {
    ledger,
    limits: { userTokens: 1000, stepTokens: 1000, steps: 5, ...limits },
    ...(summarised !== undefined && { summarised }),
  })

describe('a compaction plan', () => {
  it('keeps the user’s messages and the last five steps word for word', () => {
    const steps = Array.from({ length: 8 }, () => step())
    const [first, second] = [message('user', 'Fix the tests.'), message('user', 'And the docs.')]
    const history = [...context, first, ...steps.slice(0, 3).flat(), second, ...steps.slice(3).flat()]
    expect(plan(history)).toEqual({
      users: [first, second],
      tail: steps.slice(3).flat(),
      dropped: 9,
      steps: 5,
    })
  })

  it('keeps what the user said between the last steps in its place', () => {
    const steps = Array.from({ length: 7 }, () => step())
    const steer = message('user', 'Use tabs.')
    const history = [...context, message('user', 'Go'), ...steps.slice(0, 5).flat(), steer, ...steps.slice(5).flat()]
    expect(plan(history).tail).toEqual([...steps.slice(2, 5).flat(), steer, ...steps.slice(5).flat()])
  })

  it('keeps fewer steps when they are long, and always the last', () => {
    const steps = [step(100), step(400), step(400), step(400)]
    expect(plan([...context, ...steps.flat()]).tail).toEqual(steps.slice(2).flat())
    expect(plan([...context, ...steps.flat()], { stepTokens: 450 }).tail).toEqual(steps[3])
  })

  it('shortens the outputs of a last step that alone is too long', () => {
    const [, , output] = plan([...context, ...step(), ...step(9000)], { stepTokens: 1000 }).tail
    expect(output?.type === 'function_call_output' && output.output).toMatch(/^x{2000}…8000 tokens truncated…x{2000}$/)
  })

  it('keeps the newest messages that fit, the oldest of them cut', () => {
    const long = (letter: string) => message('user', letter.repeat(2000))
    const { users } = plan([...context, long('a'), long('b'), long('c'), ...step(), ...step()], {
      steps: 1,
      userTokens: 1100,
    })
    expect(users.map((item) => textOf(item).slice(0, 1))).toEqual(['a', 'b', 'c'])
    expect(users.map((item) => textOf(item).includes('truncated'))).toEqual([true, false, false])
  })

  it('keeps all that a summary made earlier does not know', () => {
    const steps = Array.from({ length: 9 }, () => step())
    const history = [...context, message('user', 'Go'), ...steps.flat()]
    expect(plan(history, {}, context.length + 1 + 6).tail).toEqual(steps.slice(2).flat())
  })

  it('tells context anew and folds an earlier summary into the next', () => {
    const summary = message('user', '<summary-of-earlier-steps>\nOld.\n</summary-of-earlier-steps>')
    const changes = message('user', '<environment-changes>\n+ a\n</environment-changes>')
    const { users, tail } = plan([...context, summary, ...step(), changes, message('user', 'Next'), ...step()])
    expect([...users, ...tail].map((item, index) => kindOf(item, index + 1))).toEqual([
      ...['reasoning', 'call', 'output'],
      'user',
      ...['reasoning', 'call', 'output'],
    ])
  })

  it('leaves a small window room to work in', () => {
    expect(keepLimits(8_000)).toEqual({ userTokens: 1_200, stepTokens: 1_200, steps: 5 })
    expect(keepLimits(272_000)).toEqual({ userTokens: 20_000, stepTokens: 20_000, steps: 5 })
  })
})

describe('any history (seed 20261125)', () => {
  const piece = fc.oneof(
    fc.integer({ min: 1, max: 900 }).map((tokens) => step(tokens)),
    fc.integer({ min: 1, max: 400 }).map((tokens) => [message('user', 'u'.repeat(tokens * 4))]),
    fc.constant(0).map(() => [message('user', '<environment-changes>\n</environment-changes>')]),
    fc.constant(0).map(() => [message('developer', 'The user stopped the turn here.')]),
    fc.constant(0).map(() => [say('Done.')]),
  )
  it('keeps every call with its output, in order, nothing twice', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(), (pieces, cut) => {
        const history = [...context, ...pieces.flat()]
        const boundaries = pieces.map((_, index) => context.length + pieces.slice(0, index + 1).flat().length)
        const { users, tail, dropped } = plan(history, {}, boundaries[cut % Math.max(1, boundaries.length)])
        const kept = [...users, ...tail]
        expect(openCalls(kept)).toEqual([])
        const ids = (type: string) =>
          kept.flatMap((item) => ('call_id' in item && item.type === type ? [item.call_id] : []))
        expect(ids('function_call_output')).toEqual(ids('function_call'))
        expect(new Set(kept).size).toBe(kept.length)
        expect(dropped).toBeGreaterThanOrEqual(0)
        expect(kept.length + dropped).toBeLessThanOrEqual(history.length - context.length)
      }),
      { seed: 20261125, numRuns: 300 },
    )
  })
})
