import type { Reply } from '../reply'
import { patch, plan, readFile, reply, say, search, updateLines } from '../say'
import { filesRead, refusal, type Transcript, testCounts } from '../transcript'

const names = /rename\s+`?([\w$]+)`?\s+to\s+`?([\w$]+)`?/i
const steps = ['Find every use', 'Read the files that use it', 'Rename it in all of them at once', 'See the tests pass']

/** A refactoring across files, derived from what the files say: works in any project. */
export function renameSymbol(transcript: Transcript): Reply {
  const [, from, to] = names.exec(transcript.userText) ?? []
  if (!from || !to)
    return reply(say('Tell me both names, for example: “Rename formatCents to formatAmount everywhere”.'))
  const last = transcript.lastCalls.at(-1)
  if (!last)
    return reply(
      say(`First every use of \`${from}\`, and whether \`${to}\` is free.`),
      plan(steps, 0),
      search(from),
      search(to),
    )
  const refused = refusal(last.output)
  if (refused) return reply(say(`Nothing was renamed: ${refused}`))

  if (last.name === 'search') {
    const [uses, taken] = transcript.lastCalls.filter(({ name }) => name === 'search')
    const paths = usedIn(uses?.output ?? '', from)
    if (paths.length === 0) return reply(say(`Nothing in this project is called \`${from}\`.`))
    if (usedIn(taken?.output ?? '', to).length > 0)
      return reply(say(`\`${to}\` is taken already, so I leave both names alone.`))
    return reply(
      say(`It is used in ${paths.length} files: ${paths.map((path) => `\`${path}\``).join(', ')}.`),
      plan(steps, 1),
      ...paths.map(readFile),
    )
  }
  const word = wordOf(from)
  if (last.name === 'read_file') {
    const sections = [...filesRead(transcript)].map(([path, text]) =>
      updateLines(path, text, (line) => line.replace(word, to)),
    )
    return reply(
      say('One patch for all of them, so that no file is left behind.'),
      plan(steps, 2),
      patch(transcript, ...sections),
    )
  }
  const counts = testCounts(last.output)
  const files = filesRead(transcript).size
  if (!counts)
    return reply(say(`\`${from}\` is \`${to}\` now in ${files} files. No test ran over it, so take it as unverified.`))
  return reply(
    say(
      `\`${from}\` is \`${to}\` now in ${files} files; **${counts.passed} of ${counts.total}** tests that ran pass${counts.passed === counts.total ? ', as before' : '. The output of the patch says which fail'}.`,
    ),
  )
}

function wordOf(name: string): RegExp {
  return new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g')
}

/** Paths among search results (`path:line: text`) whose line has the very name. */
function usedIn(output: string, name: string): string[] {
  const lines = [...output.matchAll(/^(.+?):\d+: (.*)$/gm)]
  return [...new Set(lines.filter((match) => wordOf(name).test(match[2] ?? '')).map((match) => match[1] ?? ''))]
}
