import type { Reply } from '../reply'
import { readFile, reply, say } from '../say'
import { filesRead, type Transcript } from '../transcript'

const pathInText = /[\w./-]+\.[a-z]{1,5}\b/i

/** Says what can be read off a file without understanding it: imports, exports and their own comments. */
export function explainFile(transcript: Transcript): Reply {
  const [, record] = transcript.attached.split('## record of the turn ')
  if (record !== undefined) return reply(say(describeRecord(record)))
  const path = pathInText.exec(transcript.userText)?.[0]
  if (!path) return reply(say('Which file? Name it with its path, for example: “Explain src/receipt.ts”.'))
  const [last] = transcript.lastCalls
  if (!last) return reply(readFile(path))
  const text = filesRead(transcript).get(path)
  if (text === undefined) return reply(say(`I could not read \`${path}\`: ${last.output.split('\n')[0]}`))
  return reply(say(describe(path, text)))
}

/** What can be read off the record of a turn. */
function describeRecord(record: string): string {
  // Behind it are lines of code.
  const lines = (record.split('*** Begin Patch')[0] ?? '').split('\n')
  const end = lines.find((line) => /^\*[^*].*\*$/.test(line))?.slice(1, -1)
  return [
    'The record of that turn says what was done:',
    '',
    ...lines.filter((line) => line.startsWith('- ')),
    '',
    `It ended so: ${end ?? 'the record does not say.'}`,
    '',
    'This is what a script can read off it; a real model would explain the reasons too.',
  ].join('\n')
}

function describe(path: string, text: string): string {
  const lines = text.split('\n')
  const imports = [...text.matchAll(/^import\s+(?:type\s+)?(.+?)\s+from\s+['"](.+?)['"]/gm)].map(
    (match) => `- \`${match[2]}\`: ${match[1]?.replace(/[{}]/g, '').trim()}`,
  )
  const exports = lines.flatMap((line, index) => {
    const found = /^export\s+(?:default\s+)?(?:async\s+)?(function|class|interface|type|const|let|enum)\s+(\w+)/.exec(
      line,
    )
    if (!found) return []
    const comment = /^\/\*\*\s*(.*?)\s*\*\/$/.exec(lines[index - 1] ?? '')?.[1]
    return [`- \`${found[2]}\` (${found[1]}, line ${index + 1})${comment ? `: ${comment}` : ''}`]
  })
  const section = (title: string, entries: readonly string[], none: string) => [
    `**${title}**`,
    '',
    ...(entries.length > 0 ? entries : [none]),
    '',
  ]
  return [
    `\`${path}\` has ${lines.length} lines.`,
    '',
    ...section('It offers', exports, 'Nothing is exported: it is a program, a test or a page.'),
    ...section('It builds on', imports, 'No other module.'),
    'This is what a script can read off the text; a real model would explain the reasons too.',
  ].join('\n')
}
