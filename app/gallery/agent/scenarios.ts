import type { ReviewView } from '@/components/review/open-review'
import type { AgentEvent, AgentEventBody, Approval, Attachment } from '@/lib/agent'
import type { ContextReport } from '@/lib/agent/inspector/inspect-thread'
import { limitError } from '@/lib/agent/limits/limit-error'
import { addUsage, noUsage } from '@/lib/agent/tokens/usage'
import type { ModelInfo } from '@/lib/models'
import { costOf, describeModel } from '@/lib/models/catalog'
import type { AgentState, CheckpointInfo, ReviewerResult } from '@/lib/session/types'
import { choosing, racing, taken } from './candidates'
import { begin, call, say, thread, turnEnd, turnStart, verification } from './events'
import { inspected } from './inspected'
import { answered, asking, dropped, openQuestions, planned } from './interview'
import { reviewed, reviewedFiles, type SampleChange } from './reviewed'

export interface Scenario {
  name: string
  thread: Partial<AgentState>
  restricted?: boolean
  review?: readonly SampleChange[]
  checkpoints?: readonly CheckpointInfo[]
  attachments?: readonly Attachment[]
  /** Opens the context inspector on this. */
  report?: ContextReport
  /** What the reviewer said. */
  findings?: ReviewerResult
  /** Opens the review at this view. */
  opens?: ReviewView
  /** Plays a long stream into the pane. */
  streams?: boolean
}

const firstPatch = `*** Begin Patch
*** Update File: src/discount.ts
@@ export function applyDiscount(amount: number, percentOff: number): number {
-  if (percentOff < 0) throw new RangeError('percentOff must be positive')
-  return amount * (1 + percentOff / 100)
+  if (percentOff < 0 || percentOff > 100) throw new RangeError('percentOff must be between 0 and 100')
+  return amount * (1 - percentOff / 100)
 }
*** End Patch`
const secondPatch = `*** Begin Patch
*** Update File: src/discount.ts
@@
-  return amount * (1 - percentOff / 100)
+  return Math.round(amount * (1 - percentOff / 100))
*** End Patch`

const plan = (first: 'completed' | 'in_progress', second: 'completed' | 'in_progress' | 'pending') => [
  { step: 'Read the discount code and its tests', status: 'completed' as const },
  { step: 'Fix the sign of the discount', status: first },
  { step: 'Round to whole cents', status: second },
]

const question = 'Two tests fail. Find out why and fix the code, not the tests.'
const rounding = 'discount rounds to whole cents'

const reading = [
  turnStart(question),
  { type: 'step-start', step: 1, items: 4, prefixItems: 0, bytes: 4120 } as const,
  {
    type: 'reasoning-end',
    itemKey: 'r1',
    text: 'The failing tests are about discounts, so the code is most likely in src/discount.ts.',
  } as const,
  ...say(
    't1',
    'Both failures point at the discount. I read the code and its tests first, then fix one cause at a time.',
  ),
  ...call(
    'c0',
    'update_plan',
    '{}',
    { title: 'Plan', detail: '' },
    { ok: true, output: 'ok', summary: '', plan: plan('in_progress', 'pending') },
    2,
  ),
  ...call(
    'c1',
    'read_file',
    '{"path":"src/discount.ts"}',
    { title: 'Read src/discount.ts', detail: 'src/discount.ts:1–6' },
    {
      ok: true,
      output: '1 | /** Takes a percentage off. */\n2 | export function applyDiscount(…)',
      summary: '6 lines',
    },
    9,
  ),
  ...call(
    'c2',
    'search',
    '{"query":"applyDiscount"}',
    { title: 'Search “applyDiscount”', detail: 'text in src' },
    { ok: true, output: 'src/cart.ts:15\nsrc/discount.ts:2', summary: '2 places' },
    14,
  ),
  ...call(
    'c3',
    'apply_patch',
    firstPatch,
    { title: 'Patch src/discount.ts', detail: 'src/discount.ts' },
    {
      ok: true,
      output: 'patched 1 file',
      summary: '1 file',
      changes: [{ path: 'src/discount.ts', kind: 'update', additions: 2, deletions: 2 }],
      verification: verification([rounding]),
    },
    640,
  ),
]
/** Up to the search. */
const looked = reading.slice(
  0,
  reading.findLastIndex(({ type }) => type === 'tool-call-start'),
)
const fixed = [
  ...reading,
  ...say(
    't2',
    'The sign was wrong in `src/discount.ts:4`. One test still fails: the result is `899.1` where whole cents are expected.',
  ),
  ...call(
    'c4',
    'update_plan',
    '{}',
    { title: 'Plan', detail: '' },
    { ok: true, output: 'ok', summary: '', plan: plan('completed', 'completed') },
    2,
  ),
  ...call(
    'c5',
    'apply_patch',
    secondPatch,
    { title: 'Patch src/discount.ts', detail: 'src/discount.ts' },
    {
      ok: true,
      output: 'patched 1 file',
      summary: '1 file',
      changes: [{ path: 'src/discount.ts', kind: 'update', additions: 1, deletions: 1 }],
      verification: verification([]),
    },
    510,
  ),
  ...say(
    't3',
    'All 6 tests pass now.\n\n- **Sign**: the discount was added instead of taken off.\n- **Rounding**: amounts are whole cents again.\n\n```ts\nreturn Math.round(amount * (1 - percentOff / 100))\n```\n\nNothing else calls `applyDiscount` but `src/cart.ts:15`. More about rounding: [ECMAScript, Math.round](https://tc39.es/ecma262/#sec-math.round).',
  ),
]

const denied: Approval = {
  id: 'a2',
  callId: 'c10',
  tool: 'shell',
  title: 'Run a command',
  detail: 'rm -rf ./dist \u202e/tset',
  reason: 'It deletes files without asking. It also has characters that cannot be seen.',
  rule: null,
}
const approvals: Approval[] = [
  {
    id: 'a1',
    callId: 'c9',
    tool: 'shell',
    title: 'Run a command',
    detail: 'npm run build -- --mode production',
    reason: 'In Review, commands that can change files ask first.',
    rule: 'npm run build',
  },
  denied,
]

const review: readonly SampleChange[] = [
  {
    path: 'src/discount.ts',
    before: "if (percentOff < 0) throw new RangeError('no')\nreturn amount * (1 + percentOff / 100)\n",
    after: "if (percentOff < 0) throw new RangeError('no')\nreturn Math.round(amount * (1 - percentOff / 100))\n",
  },
  { path: 'tests/discount-limits.test.ts', before: null, after: "test('limits', () => {})\n" },
]

const hostile = `Look: <img src=x onerror=alert(1)> and ![chart](https://example.org/chart.png?k=1)

[click me](javascript:alert(1)) or [docs](https://example.org@attacker.test/) or [bank](https://аррӏе.com/login)

<script>alert(1)</script>

| File | Lines |
|---|--:|
| \`src/cart.ts\` | 21 |
| \`src/not-here.ts\` | 3 |

- [x] read
- [ ] write

> A quote with **bold** and ~~struck~~ text.

1. one
2. two`

const attachments: Attachment[] = [
  { kind: 'file', path: 'src/discount.ts', startLine: 2, endLine: 5 },
  { kind: 'test', path: 'tests/discount.test.ts', name: rounding, error: 'expected 899.1 to be 899' },
  { kind: 'symbol', path: 'src/cart.ts', name: 'subtotal', line: 10 },
  { kind: 'problem', path: 'src/main.ts', line: 5, message: "Type 'string' is not assignable to type 'number'." },
  { kind: 'image', name: 'picture 1', dataUrl: '' },
]

const compacted = {
  type: 'compaction',
  reason: 'limit',
  kept: { userMessages: 2, steps: 5, items: 14 },
  droppedItems: 61,
  tokensBefore: 182_400,
  tokensAfter: 31_200,
  summary:
    '## Task\nAll prices are whole cents; the public API stays.\n\n## Done\n- `src/discount.ts`: rounds after the discount.\n\n## Next\n1. `src/cart.ts`\n2. Run the tests.',
  items: [],
  prompt: 'compaction-v1',
  usage: null,
  durationMs: 6100,
  prepared: false,
} as const satisfies AgentEventBody

const checkpoints: CheckpointInfo[] = [
  { id: 'k1', at: Date.UTC(2026, 0, 15, 9, 12), label: 'Before “Explain the cart”', turnId: 'turn-0' },
  { id: 'k2', at: Date.UTC(2026, 0, 15, 9, 30), label: 'Before “Two tests fail…”', turnId: 'turn-1' },
]

const running = (events: AgentEvent[]): Partial<AgentState> => ({ events, running: true, turnId: 'turn-1' })
const now = () => Date.now() - 12_000

const gpt: ModelInfo = describeModel({ id: 'gpt-5.5' }, { isOpenAi: true })
const upstream: Partial<AgentState> = {
  models: ['gpt-5.5', 'gpt-5.4-mini', 'gpt-5.2', 'gpt-4.1'].map((id) => describeModel({ id }, { isOpenAi: true })),
  model: 'gpt-5.5',
  effort: 'high',
}

/** Responses with their usage: most of each comes from the cache of the one before. */
function priced(count: number): AgentEventBody[] {
  return Array.from({ length: count }, (_, index) => {
    const inputTokens = 6_000 + index * 2_400
    const usage = {
      inputTokens,
      cachedInputTokens: index === 0 ? 0 : inputTokens - 2_600,
      cacheWriteTokens: 0,
      outputTokens: 420 + index * 60,
      reasoningTokens: 210,
      totalTokens: inputTokens + 420 + index * 60,
    }
    const cost = costOf(usage, gpt.price) ?? undefined
    return { type: 'step-end', step: index + 1, usage, cost, durationMs: 2_100 + index * 400, firstEventMs: 600 }
  })
}

const pricedUsage = priced(4).reduce(
  (sum, event) => addUsage(sum, event.type === 'step-end' ? event.usage : null),
  noUsage,
)
const pricedEnd = turnEnd(true, { usage: pricedUsage, steps: 4 })
const limited = turnEnd(false, {
  status: 'failed',
  usage: pricedUsage,
  steps: 60,
  durationMs: 412_000,
  error: limitError({ scope: 'turn', limit: 'steps', allowed: 60, by: 60 }),
})

export const scenarios: readonly Scenario[] = [
  { name: 'empty', thread: {} },
  { name: 'verified', thread: { events: thread('turn-1', [...fixed, turnEnd(true)]) }, review, checkpoints },
  {
    name: 'running',
    thread: running(
      thread(
        'turn-1',
        [
          ...reading,
          ...begin('c5', 'shell', '{"command":"npm test"}', { title: 'Run npm test', detail: 'npm test' }),
          {
            type: 'tool-output',
            callId: 'c5',
            delta:
              '> shopping-cart@ test\n> vitest run\n\n \u001b[32m✓\u001b[0m tests/cart.test.ts (3)\n \u001b[31m✗\u001b[0m tests/discount.test.ts (3)\n',
          },
          { type: 'steer', text: 'Leave the public API as it is, please.' },
          { type: 'tool-call-start', callId: 'c6', tool: 'apply_patch' },
          { type: 'tool-call-delta', callId: 'c6', delta: '*** Begin Patch\n*** Update File: src/cart.ts\n@@\n-old' },
        ],
        now(),
      ),
    ),
  },
  {
    name: 'streaming',
    thread: running(
      thread(
        'turn-1',
        [
          ...looked,
          {
            type: 'reasoning-end',
            itemKey: 'r2',
            text: '**Looking for the cause**\n\nThe sign is wrong: the discount is added.',
          },
          { type: 'text-start', itemKey: 't9' },
          {
            type: 'text-delta',
            itemKey: 't9',
            delta:
              'The discount is **added** instead of taken off, in `src/discount.ts:4`:\n\n```ts\nreturn amount * (1 + percentOff / 100)\n```\n\n1. I turn the sign.\n2. Then I round to wh',
          },
        ],
        now(),
      ),
    ),
  },
  { name: 'question', thread: { ...running(asking(now())), questions: openQuestions } },
  { name: 'question, answered', thread: { events: answered } },
  { name: 'plan', thread: { events: planned } },
  { name: 'stopped', thread: { events: dropped } },
  {
    name: 'approvals',
    thread: {
      ...running(
        thread(
          'turn-1',
          [
            ...looked,
            ...approvals.flatMap((approval) => [
              { type: 'tool-call-start', callId: approval.callId, tool: 'shell' } as const,
              {
                type: 'tool-call-ready',
                callId: approval.callId,
                tool: 'shell',
                input: JSON.stringify({ command: approval.detail }),
              } as const,
              { type: 'approval-request', approval } as const,
            ]),
          ],
          now(),
        ),
      ),
      approvals,
    },
  },
  {
    name: 'not verified',
    thread: {
      events: thread('turn-1', [
        turnStart('Add a currency to the cart.', 'edit'),
        ...call(
          'c1',
          'shell',
          '{"command":"npm run lint"}',
          { title: 'Run npm run lint', detail: 'npm run lint' },
          { ok: false, output: 'exit code 127, 0.04 s\nsh: eslint: not found', summary: 'exit code 127, 0.04 s' },
          40,
        ),
        ...call(
          'c2',
          'apply_patch',
          firstPatch,
          { title: 'Patch src/cart.ts', detail: 'src/cart.ts' },
          {
            ok: true,
            output: 'patched',
            summary: '1 file',
            changes: [{ path: 'src/cart.ts', kind: 'update', additions: 12, deletions: 3 }],
            verification: verification([], {
              verified: false,
              tests: null,
              types: null,
              notChecked: [
                { what: 'tests', why: 'no test reaches src/cart.ts' },
                { what: 'types', why: 'the check took longer than 20 s' },
              ],
            }),
          },
          20_140,
        ),
        ...say('t1', 'The cart has a currency now. No test covers it yet.'),
        turnEnd(false, { steps: 3, durationMs: 24_100 }),
      ]),
    },
    review: review.slice(0, 1),
  },
  {
    name: 'tests fail',
    thread: {
      events: thread('turn-1', [
        turnStart('Make the tests pass.', 'edit'),
        ...call(
          'c1',
          'run_tests',
          '{}',
          { title: 'Run tests', detail: 'all' },
          {
            ok: false,
            output: 'tests 5/6 passed',
            summary: 'tests 5/6',
            verification: verification([rounding], { types: null, findings: null }),
          },
          214,
        ),
        { type: 'approval-request', approval: denied },
        { type: 'approval-decision', id: 'a2', callId: 'c9', decision: 'deny', reason: 'Keep the build folder.' },
        ...call(
          'c2',
          'apply_patch',
          firstPatch,
          { title: 'Patch src/discount.ts', detail: 'src/discount.ts' },
          {
            ok: true,
            output: 'patched',
            summary: '1 file',
            changes: [{ path: 'src/discount.ts', kind: 'update', additions: 2, deletions: 2 }],
            verification: verification([rounding]),
          },
          500,
        ),
        turnEnd(false, { status: 'stopped' }),
      ]),
    },
  },
  {
    name: 'retry and error',
    thread: {
      ...running([
        ...thread('turn-0', [
          turnStart('What does the cart do?', 'ask'),
          { type: 'notice', level: 'warning', message: 'The sandbox restarted: a process used too much memory.' },
          turnEnd(null, {
            status: 'failed',
            error: {
              code: 'unauthorized',
              message: 'The API key was refused.',
              action: 'Check OPENAI_API_KEY where Vitrine runs.',
            },
          }),
        ]),
        ...thread(
          'turn-1',
          [
            turnStart('Try again.', 'ask'),
            ...say('t1', 'The cart adds up items'),
            {
              type: 'retry',
              attempt: 2,
              maxAttempts: 5,
              delayMs: 3_600_000,
              reason: 'The model’s server is busy (429).',
            },
          ],
          now(),
        ),
      ]),
    },
  },
  {
    name: 'error, interrupted',
    thread: {
      interrupted: true,
      events: thread('turn-1', [
        turnStart('Explain src/cart.ts.', 'ask'),
        turnEnd(null, {
          status: 'failed',
          error: {
            code: 'stream_cut',
            message: 'The answer was cut off by the network.',
            action: 'Press Retry; finished steps are kept.',
          },
        }),
      ]),
    },
  },
  {
    name: 'hostile markdown',
    thread: {
      events: thread('turn-1', [turnStart('Show me what you cannot do.', 'ask'), ...say('t1', hostile), turnEnd(null)]),
    },
  },
  {
    name: 'compacted',
    thread: {
      events: thread('turn-1', [
        turnStart('Move the prices to integers everywhere.'),
        compacted,
        { type: 'compaction-undone', compactionSeq: 2 },
        ...say('t1', 'All modules but `src/cart.ts` are done.'),
        { ...compacted, prepared: true },
        ...say('t2', 'Everything counts in cents now.'),
        { type: 'compaction-failed', reason: 'user', message: 'The model’s server is busy (429).' },
        turnEnd(true),
      ]),
    },
  },
  {
    name: 'compacting',
    thread: running(
      thread('turn-1', [...reading, { type: 'compaction-start', reason: 'limit', tokensBefore: 182_400 }], now()),
    ),
  },
  { name: 'attempts, racing', thread: running(racing(now())) },
  {
    name: 'attempts, choosing',
    thread: {
      ...running(choosing(now())),
      choice: { turnId: 'turn-1', ranking: [1, 2, 0], canRunAgain: true },
    },
  },
  { name: 'attempts, taken', thread: { events: taken } },
  {
    name: 'attachments',
    thread: {
      events: thread('turn-1', [
        {
          ...turnStart('Why does “rounds to whole cents” fail? See `src/discount.ts`.', 'ask'),
          attachments: attachments.slice(0, 2),
        },
        ...say('t1', 'Because `applyDiscount` returns a fraction.'),
        turnEnd(null),
      ]),
    },
    attachments,
    checkpoints,
  },
  { name: 'inspector', thread: { events: thread('turn-1', [...fixed, turnEnd(true)]) }, report: inspected },
  {
    name: 'review',
    thread: { events: thread('turn-1', [...fixed, turnEnd(true)]) },
    review: reviewedFiles,
    opens: 'changes',
  },
  {
    name: 'review, findings',
    thread: { events: thread('turn-1', [...fixed, turnEnd(true)]) },
    review: reviewedFiles,
    findings: reviewed,
    opens: 'findings',
  },
  { name: 'restricted', thread: {}, restricted: true },
  {
    name: 'models and cost',
    thread: {
      ...upstream,
      ownKey: 'tab',
      events: thread('turn-1', [...fixed, ...priced(4), pricedEnd]),
    },
    review,
  },
  {
    name: 'limit met',
    thread: { ...upstream, events: thread('turn-1', [...reading, ...priced(3), limited]) },
    review,
  },
  { name: 'long stream', thread: {}, streams: true },
]
