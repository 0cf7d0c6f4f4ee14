import type { Reply } from '../reply'
import { patch, readFile, reply, say } from '../say'
import { filesRead, refusal, type Transcript } from '../transcript'
import { rules } from './review-rules'

interface AttachedFinding {
  path: string
  line: number
  title: string
}

/** Mends a finding of the scripted reviewer, where its rule knows how. */
export function fixFinding(transcript: Transcript): Reply {
  const finding = findingIn(transcript.attached)
  if (finding === null) return reply(say('Which finding? I see none attached.'))
  const last = transcript.lastCalls.at(-1)
  if (!last) return reply(say(`I’ll look at \`${finding.path}:${finding.line}\`.`), readFile(finding.path))
  const refused = refusal(last.output)
  if (refused) return reply(say(`I stopped here: ${refused}`))
  if (last.name === 'apply_patch') {
    return reply(say(`\`${finding.path}:${finding.line}\` is mended: ${finding.title}. Look at the change below.`))
  }
  const lines = filesRead(transcript).get(finding.path)?.split('\n') ?? []
  const line = lines[finding.line - 1]
  const mend = line === undefined ? undefined : mendOf(finding.title, line)
  if (line === undefined || mend === undefined) return reply(say(cannot(finding)))
  const before = lines.slice(Math.max(0, finding.line - 2), finding.line - 1).map((context) => ` ${context}`)
  const hunk = ['@@', ...before, `-${line}`, ...(mend === null ? [] : [`+${mend}`])]
  return reply(
    say(`${finding.title}. I’ll mend this one line.`),
    patch(transcript, `*** Update File: ${finding.path}`, ...hunk),
  )
}

/** The line as it should be, null to leave it out, undefined where no rule knows. */
function mendOf(title: string, line: string): string | null | undefined {
  const name = /^Nobody waits for (\w+)\(\)$/.exec(title)?.[1]
  if (name !== undefined) return line.replace(new RegExp(`\\b${name}\\(`), `await ${name}(`)
  return rules.find((rule) => rule.title === title)?.mend?.(line)
}

function findingIn(attached: string): AttachedFinding | null {
  const [, path, line, title] = /^## finding of a review, priority \d, at (.+):(\d+)-\d+\n(.*)$/m.exec(attached) ?? []
  return path === undefined || title === undefined ? null : { path, line: Number(line), title }
}

function cannot({ title }: AttachedFinding): string {
  return `I’m a scripted demo and cannot mend this one: “${title}” takes understanding. Nothing was changed. Connect a real model and it will.`
}
