import type { Reply } from '../reply'
import { patch, readFile, reply, runTests, say, updateLines } from '../say'
import { filesRead, refusal, type Transcript, testCounts } from '../transcript'

const money = 'src/money.ts'
const receipt = 'src/receipt.ts'

/** One way to go about the demo's two bugs: what it says, and the lines it puts in place of those it knows. */
interface Way {
  plan: string
  lines: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

const cents = '  const rest = cents % 100'
const padded = "  const rest = String(cents % 100).padStart(2, '0')"
const discount = '  return Math.round(cents - percent)'

/**
 * Four ways of unlike quality, in the order of the attempts: half the cause, a wrong rounding, all of it in two lines,
 * and all of it with more lines than it takes. The tests tell the first two, the size of the change the last two.
 */
const ways: readonly Way[] = [
  {
    plan: 'The cents lose their leading zero; that looks like the whole problem.',
    lines: { [money]: { [cents]: [padded] } },
  },
  {
    plan: 'I pad the cents, and take the discount off in whole euros to keep it short.',
    lines: {
      [money]: { [cents]: [padded] },
      [receipt]: { [discount]: ['  return cents - Math.floor(percent / 10) * 100'] },
    },
  },
  {
    plan: 'Two tests fail for two reasons: the zero of small cents, and a percentage that is taken off as if it were cents.',
    lines: {
      [money]: { [cents]: [padded] },
      [receipt]: { [discount]: ['  return Math.round(cents * (1 - percent / 100))'] },
    },
  },
  {
    plan: 'I work out the share that the discount is, step by step, and write the zero of small cents by hand.',
    lines: {
      [money]: {
        [cents]: ['  const small = cents % 100', '  const rest = small < 10 ? "0" + small : small'],
      },
      [receipt]: {
        [discount]: [
          '  const share = (cents * percent) / 100',
          '  const left = cents - share',
          '  return Math.round(left)',
        ],
      },
    },
  },
]

/** One attempt of the race; which, it is told after the user's message. Without that it is the first. */
export function raceFix(transcript: Transcript): Reply {
  const last = transcript.lastCalls.at(-1)
  const way = ways[((transcript.attempt ?? 1) - 1) % ways.length] ?? ways[0]
  if (!way || !last) {
    return reply(
      say('I read the code and see what its tests say, then I make my change.'),
      readFile(money),
      readFile(receipt),
      runTests(),
    )
  }
  const refused = refusal(last.output)
  if (refused) return reply(say(`I stopped here: ${refused}`))
  const counts = testCounts(last.output)
  if (!counts) return reply(say('I saw no test result, so I stop rather than guess.'))
  if (transcript.calls.some(({ name }) => name === 'apply_patch')) return reply(say(conclusion(counts)))
  if (counts.passed === counts.total)
    return reply(say(`All ${counts.total} tests pass already, so there is nothing to mend.`))
  const sections = sectionsOf(way, filesRead(transcript))
  if (sections.length === 0)
    return reply(say('I’m a scripted demo and know only the demo project. Connect a real model and it will go on.'))
  return reply(say(`${counts.passed} of ${counts.total} tests pass. ${way.plan}`), patch(transcript, ...sections))
}

function sectionsOf({ lines }: Way, files: ReadonlyMap<string, string>): string[] {
  return Object.entries(lines).flatMap(([path, changes]) => {
    const text = files.get(path)
    if (!text?.split('\n').some((line) => line in changes)) return []
    return [updateLines(path, text, (line) => changes[line]?.join('\n+') ?? line)]
  })
}

function conclusion({ passed, total }: { passed: number; total: number }): string {
  return passed === total
    ? `All tests pass: **${passed} of ${total}**.`
    : `**${passed} of ${total}** tests pass; I could not mend the rest.`
}
