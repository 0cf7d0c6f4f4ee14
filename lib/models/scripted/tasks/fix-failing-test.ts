import type { Reply } from '../reply'
import { patch, plan, readFile, reply, runTests, say, updateLines } from '../say'
import { failingTests, filesRead, refusal, type Transcript, testCounts } from '../transcript'

const steps = [
  'Read the code and its tests',
  'Run the tests',
  'Mend what fails, one cause at a time',
  'See all tests pass',
]
const paths = ['src/money.ts', 'src/money.test.ts', 'src/receipt.ts', 'src/receipt.test.ts']

/** A bug this script knows: the line as it stands in the demo project, and what is wrong with it. */
interface KnownBug {
  path: string
  line: string
  fixed: string
  cause: string
}

const knownBugs: readonly KnownBug[] = [
  {
    path: 'src/money.ts',
    line: '  const rest = cents % 100',
    fixed: "  const rest = String(cents % 100).padStart(2, '0')",
    cause: '`formatCents` turns the cents into a number, so 5 cents become `5` and not `05`.',
  },
  {
    path: 'src/receipt.ts',
    line: '  return Math.round(cents - percent)',
    fixed: '  return Math.round(cents * (1 - percent / 100))',
    cause: '`applyDiscount` subtracts the percentage as if it were cents; it has to take that share of the amount.',
  },
]

export function fixFailingTest(transcript: Transcript): Reply {
  const { calls, lastCalls } = transcript
  const last = lastCalls.at(-1)
  if (!last) {
    return reply(
      say(
        'I’ll read the code and its tests first, then run the tests and mend one cause at a time. After each change the affected tests run by themselves, so you’ll see whether it helped.',
      ),
      plan(steps, 0),
      ...paths.map(readFile),
    )
  }
  const refused = refusal(last.output)
  if (refused) return reply(say(`I stopped here: ${refused} Nothing more was changed.`))
  const files = filesRead(transcript)
  if (!calls.some(({ name }) => name === 'run_tests')) {
    if (files.size === 0) return reply(say(cannotGoOn('the files of the demo project are not here')))
    return reply(say('Now the tests, to see what really fails.'), plan(steps, 1), runTests())
  }

  // The plan's last word comes between the last check and the answer.
  const isPlanned = last.name === 'update_plan'
  const checked = (isPlanned && calls.at(-2)) || last
  const counts = testCounts(checked.output)
  if (!counts)
    return reply(
      say(
        `I could not see a test result, so I’ll stop rather than guess. The last output began: “${checked.output.split('\n')[0]}”.`,
      ),
    )
  const patches = calls.filter(({ name }) => name === 'apply_patch')
  const wasMended = ({ fixed }: KnownBug) => patches.some(({ input }) => input.includes(fixed.trim()))
  if (counts.passed === counts.total) {
    const isDone = isPlanned || patches.length === 0
    return isDone ? reply(say(conclusion(counts, knownBugs.filter(wasMended)))) : reply(plan(steps, steps.length))
  }

  const bug = knownBugs.find((known) => files.get(known.path)?.split('\n').includes(known.line) && !wasMended(known))
  const failing = failingTests(checked.output)
  if (!bug)
    return reply(
      say(
        cannotGoOn(
          `${counts.total - counts.passed} of ${counts.total} tests fail for a reason that is not in my script${failing[0] ? ` (“${failing[0]}”)` : ''}`,
        ),
      ),
    )
  const seen = `${counts.passed} of ${counts.total} tests pass.${failing.length > 0 ? ` Failing: ${failing.map((name) => `“${name}”`).join(', ')}.` : ''}`
  const before = calls
    .slice(0, -1)
    .flatMap(({ output }) => testCounts(output) ?? [])
    .at(-1)
  const hasHelped = patches.length > 0 && before !== undefined && counts.passed > before.passed
  const intro = hasHelped ? `That helped, ${before.passed} passed before. ${seen}` : seen
  const text = files.get(bug.path) ?? ''
  return reply(
    say(`${intro} ${bug.cause}`),
    plan(steps, 2),
    patch(
      transcript,
      updateLines(bug.path, text, (line) => (line === bug.line ? bug.fixed : line)),
    ),
  )
}

function conclusion({ passed, total }: { passed: number; total: number }, mended: readonly KnownBug[]): string {
  if (mended.length === 0) return `All ${total} tests pass already, so there is nothing to mend.`
  return [
    `All tests pass now: **${passed} of ${total}**.`,
    '',
    ...mended.map(({ path, cause }) => `- \`${path}\`: ${cause}`),
    '',
    'Look at the changes below (F7), and keep or undo each.',
  ].join('\n')
}

function cannotGoOn(why: string): string {
  return `I’m a scripted demo and cannot go on: ${why}. Connect a real model and it will.`
}
