import type { AgentEvent, AgentEventBody, QuestionSet } from '@/lib/agent'
import { begin, call, say, thread, turnEnd, turnStart } from './events'

// What the agent asks, plans and leaves off.

const set: QuestionSet = {
  id: 'q1',
  callId: 'c1',
  questions: [
    {
      id: 'currency',
      question: 'Which currency do prices have when none is given?',
      options: ['Euro', 'US dollar', 'What the browser’s language suggests, with euro where that says nothing'],
    },
    { id: 'store', question: 'Where may the choice be kept?', options: [] },
  ],
}

export const openQuestions: readonly QuestionSet[] = [set]

const asked: AgentEventBody[] = [
  turnStart('Add a currency to the cart.'),
  ...say('t1', 'Two things are yours to decide before I change anything.'),
  ...begin('c1', 'ask_user', JSON.stringify({ questions: set.questions }), {
    title: 'Ask you',
    detail: set.questions[0]?.question ?? '',
  }),
  { type: 'question-request', questions: set },
]

export const asking = (at: number): AgentEvent[] => thread('turn-1', asked, at)

export const answered = thread('turn-1', [
  ...asked,
  {
    type: 'question-answer',
    id: 'q1',
    callId: 'c1',
    answers: { currency: 'Euro', store: 'In the address of the page.' },
  },
  {
    type: 'tool-end',
    callId: 'c1',
    tool: 'ask_user',
    result: { ok: true, output: 'the user answered', summary: '2 answers' },
    durationMs: 41_000,
  },
  ...say('t2', 'Then prices are in euro unless the address says otherwise.'),
  turnEnd(null),
])

/** Stopped while a command ran and a question waited. */
export const dropped = thread('turn-1', [
  ...asked.slice(0, 3),
  ...begin('c0', 'shell', '{"command":"npm test"}', { title: 'Run npm test', detail: 'npm test' }),
  { type: 'tool-output', callId: 'c0', delta: '> shopping-cart@ test\n> vitest run\n\n ✓ tests/cart.test.ts (3)\n' },
  ...asked.slice(3),
  turnEnd(null, { status: 'stopped', steps: 2, durationMs: 5_300 }),
])

export const planned = thread('turn-1', [
  turnStart('Prices shall have a currency.', 'plan'),
  ...call(
    'c1',
    'search',
    '{"query":"price"}',
    { title: 'Search “price”', detail: 'text in src' },
    { ok: true, output: 'src/cart.ts:6', summary: '9 places' },
    14,
  ),
  ...call(
    'c2',
    'update_plan',
    '{}',
    { title: 'Plan', detail: '' },
    {
      ok: true,
      output: 'ok',
      summary: '',
      plan: [
        { step: 'Give `Item` a currency, euro by default', status: 'pending' },
        { step: 'Refuse carts that mix currencies, with a test for it', status: 'pending' },
        {
          step: 'Write amounts by Intl.NumberFormat in `describeCart`, so that the sign and its place follow the language of the page',
          status: 'pending',
        },
        { step: 'Run all tests', status: 'pending' },
      ],
    },
    2,
  ),
  ...say(
    't1',
    'Four steps, in `src/cart.ts` and its tests alone. Carts that mix currencies are refused rather than converted: rates would need a server.',
  ),
  turnEnd(null, { steps: 3, durationMs: 9_400 }),
])
