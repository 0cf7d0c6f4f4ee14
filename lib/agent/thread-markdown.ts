import { plural } from '@/lib/base'
import type { AgentEvent } from './events'
import { emptyThread, foldThread, type PartView, type TurnView } from './thread-view'

/** A conversation for people to read elsewhere: what was said, each step in a line, and how it was checked. */
export function threadToMarkdown(title: string, events: readonly AgentEvent[]): string {
  const { turns } = events.reduce(foldThread, emptyThread)
  return [`# ${title}`, ...turns.map(turnToMarkdown), ''].join('\n\n')
}

function turnToMarkdown(turn: TurnView): string {
  const parts = turn.parts.map(partToMarkdown).filter((text) => text !== '')
  const error = turn.error === null ? [] : [`**Failed:** ${turn.error.message} ${turn.error.action}`]
  return [`## You`, quote(turn.text), `## ${turn.model}`, ...parts, ...error, `*${footerOf(turn)}*`].join('\n\n')
}

function partToMarkdown(part: PartView): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'tool':
      return `- ${[part.title, code(part.detail)].filter(Boolean).join(' ')}: ${part.result?.summary ?? part.state}`
    case 'plan':
      return part.steps.map(({ step, status }) => `- [${status === 'completed' ? 'x' : ' '}] ${step}`).join('\n')
    case 'steer':
      return quote(part.text)
    case 'question':
      return part.questions.questions
        .map(({ id, question }) => `**${question}** ${part.answers?.[id] ?? '(not answered)'}`)
        .join('\n\n')
    case 'approval':
      return part.decision === null ? '' : `- ${part.approval.title} ${code(part.approval.detail)}: ${part.decision}`
    case 'compaction':
      return part.done === null ? '' : `> Compacted: ${part.tokensBefore} → ${part.done.tokensAfter} tokens`
    case 'notice':
      return `> ${part.message}`
    default:
      return ''
  }
}

function footerOf({ footer, status, changes }: TurnView): string {
  const { tests, verified, usage, steps } = footer
  return [
    status,
    tests && `tests ${tests.passed}/${tests.total}`,
    verified === null ? '' : verified ? 'verified' : 'not verified',
    changes.length > 0 && `${plural(changes.length, 'file')} changed`,
    plural(steps, 'step'),
    `${usage.totalTokens} tokens`,
  ]
    .filter(Boolean)
    .join(' · ')
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
}

/** On one line, in backticks that the text itself cannot close. */
function code(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  if (line === '') return ''
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  return `${fence}${line.slice(0, 200)}${fence}`
}
