import type { AgentEvent, AgentEventBody, CandidateResult, RecordedChange } from '@/lib/agent'
import { call, say, thread, turnEnd, turnStart, verification } from './events'

// The race of the gallery: four attempts at one bug, at three moments.

const question = 'Two tests fail. Find out why and fix the code, not the tests.'
const rounding = 'discount rounds to whole cents'
const before = `/** Takes a percentage off. */
export function applyDiscount(amount: number, percentOff: number): number {
  if (percentOff < 0) throw new RangeError('percentOff must be positive')
  return amount * (1 + percentOff / 100)
}
`
const fixed = before.replace('amount * (1 + percentOff / 100)', 'Math.round(amount * (1 - percentOff / 100))')
const half = before.replace('1 + percentOff', '1 - percentOff')
const larger = fixed.replace(
  '  return',
  "  if (percentOff > 100) throw new RangeError('percentOff must be at most 100')\n  const share = percentOff / 100\n  return",
)

const usage = {
  inputTokens: 5200,
  cachedInputTokens: 4100,
  cacheWriteTokens: 0,
  outputTokens: 610,
  reasoningTokens: 0,
  totalTokens: 5810,
}
const change = (after: string): RecordedChange => ({ path: 'src/discount.ts', before, after })
const done = (index: number, rest: Partial<CandidateResult>): AgentEventBody => ({
  type: 'candidate-end',
  index,
  status: 'done',
  message: 'The sign of the discount was wrong, and amounts were not rounded. All tests pass now.',
  verification: verification([]),
  changes: [change(fixed)],
  usage,
  steps: 4,
  durationMs: 8400 + index * 900,
  ...rest,
})

/** What happens within an attempt, as events of the turn. */
function within(index: number, bodies: readonly AgentEventBody[], at: number): AgentEventBody[] {
  return thread(`turn-1.${index + 1}`, [turnStart(question), ...bodies], at).map((event) => ({
    type: 'candidate-event',
    index,
    event,
  }))
}

const reading = (index: number): AgentEventBody[] => [
  ...say(`t${index}`, 'I read the discount and its tests first.'),
  ...call(
    `c${index}`,
    'read_file',
    '{"path":"src/discount.ts"}',
    { title: 'Read src/discount.ts', detail: 'src/discount.ts:1–6' },
    { ok: true, output: '1 | …', summary: '6 lines' },
    9,
  ),
]
const patching = (index: number, failing: readonly string[]): AgentEventBody[] =>
  call(
    `p${index}`,
    'apply_patch',
    '*** Begin Patch\n*** Update File: src/discount.ts\n@@\n-  return amount * (1 + percentOff / 100)\n+  return amount * (1 - percentOff / 100)\n*** End Patch',
    { title: 'Edit src/discount.ts', detail: 'src/discount.ts' },
    {
      ok: true,
      output: 'patch applied',
      summary: '+1 −1',
      changes: [{ path: 'src/discount.ts', kind: 'update', additions: 1, deletions: 1 }],
      verification: verification(failing),
    },
    510,
  )
const step: AgentEventBody = { type: 'step-end', step: 1, usage, durationMs: 900, firstEventMs: 300 }

const start = (hasTests = true): AgentEventBody[] => [
  { ...turnStart(question), candidates: 4 } as AgentEventBody,
  { type: 'candidates-start', total: 4, indexes: [0, 1, 2, 3], hasTests },
]

export function racing(at: number): AgentEvent[] {
  return thread(
    'turn-1',
    [
      ...start(),
      ...within(0, [...reading(0), step, ...patching(0, [rounding]), step], at),
      ...within(1, [...reading(1), step, ...patching(1, []), ...say('a1', 'Done.'), step], at),
      ...within(2, [...reading(2), step], at),
      done(1, {}),
      done(2, {
        status: 'failed',
        message: '',
        verification: null,
        changes: [],
        steps: 1,
        reason: 'The model’s server is busy. Try again in a minute or pick another model.',
      }),
    ],
    at,
  )
}

function ended(hasTests = true): AgentEventBody[] {
  const conversation = [0, 1, 2, 3].flatMap((index) =>
    within(index, [...reading(index), step, ...patching(index, []), ...say(`a${index}`, 'Done.'), step], 0),
  )
  return [
    ...start(hasTests),
    ...conversation,
    done(0, {
      verification: verification([rounding]),
      changes: [change(half)],
      message: 'The sign was wrong. One test about rounding still fails.',
    }),
    done(1, {}),
    done(2, {
      changes: [change(larger), { path: 'src/limits.ts', before: null, after: 'export const maxPercent = 100\n' }],
      message: 'I checked the bounds as well, and rounded.',
    }),
    done(3, {
      status: 'stopped',
      message: '',
      verification: null,
      changes: [change(larger)],
      reason: 'Attempt 2 is fully verified with a smaller change, so this one could no longer win.',
    }),
  ]
}

export const choosing = (at: number): AgentEvent[] => thread('turn-1', ended(false), at)

export const taken = thread('turn-1', [
  ...ended(),
  { type: 'candidates-picked', index: 1, files: [], by: 'rank' },
  { type: 'candidates-checked', verification: verification([]) },
  turnEnd(true),
])
