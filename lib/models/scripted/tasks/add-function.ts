import type { Reply } from '../reply'
import { addFile, patch, plan, reply, say, search } from '../say'
import { refusal, type Transcript, testCounts } from '../transcript'

const steps = ['See whether it exists already', 'Write the function and its tests', 'See the tests pass']

const source = `/** Turns a title into the part of an address: "Crème brûlée!" becomes "creme-brulee". */
export function slugify(title: string): string {
  return title
    .normalize('NFD')
    .replace(/\\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\\p{L}\\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
}
`

const tests = `import { describe, expect, it } from 'vitest'
import { slugify } from './slugify.ts'

describe('slugify', () => {
  it.each([
    ['Hello World', 'hello-world'],
    ['Crème brûlée!', 'creme-brulee'],
    ['  two   spaces ', 'two-spaces'],
    ['', ''],
  ])('turns %j into %j', (title, slug) => {
    expect(slugify(title)).toBe(slug)
  })
})
`

export function addFunction(transcript: Transcript): Reply {
  const last = transcript.lastCalls.at(-1)
  if (!last) {
    return reply(
      say('First a look at whether the project has such a function; then the function and its tests in one patch.'),
      plan(steps, 0),
      search('slugify'),
    )
  }
  const refused = refusal(last.output)
  if (refused) return reply(say(`The change was not made: ${refused}`))
  if (last.name === 'search') {
    if (!/^0 /.test(last.output))
      return reply(
        say(`The project already mentions \`slugify\`, so I leave it alone:\n\n\`\`\`\n${last.output}\n\`\`\``),
      )
    return reply(
      say('There is none. I split accents from their letters, drop them, and join the words with hyphens.'),
      plan(steps, 1),
      patch(transcript, addFile('src/slugify.ts', source), addFile('src/slugify.test.ts', tests)),
    )
  }
  const counts = testCounts(last.output)
  if (!counts) return reply(say('The files are written, but I saw no test result, so take them as unverified.'))
  if (counts.passed < counts.total)
    return reply(
      say(
        `The files are written; ${counts.passed} of ${counts.total} affected tests pass. The output of the patch says which fail.`,
      ),
    )
  return reply(
    say(
      `\`slugify\` is in \`src/slugify.ts\` with its tests beside it; **${counts.passed} of ${counts.total}** tests that ran pass.`,
    ),
  )
}
