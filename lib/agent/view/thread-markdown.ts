import { plural } from '@/lib/base'
import { attachmentLabel } from '../attachments/attachment'
import type { CandidatesPart, CandidateView } from '../candidates/view'
import type { AgentEvent } from '../events'
import { emptyThread, foldThread, type PartView, type ToolPart, type TurnView } from './thread-view'

/** A conversation for people to read elsewhere: what was said, each step in a line, and how it was checked. */
export function threadToMarkdown(title: string, events: readonly AgentEvent[]): string {
  const { turns } = events.reduce(foldThread, emptyThread)
  return [`# ${title}`, ...turns.map(turnToMarkdown), ''].join('\n\n')
}

export function turnToMarkdown(turn: TurnView): string {
  const parts = partsToMarkdown(turn.parts)
  const error = turn.error === null ? [] : [`**Failed:** ${turn.error.message} ${turn.error.action}`]
  const attached = turn.attachments.map(attachmentLabel).join(', ')
  const asked = quote(attached === '' ? turn.text : `${turn.text}\n\nWith: ${attached}`)
  return [`## You`, asked, `## ${turn.model}`, ...parts, ...error, `*${footerOf(turn)}*`].join('\n\n')
}

function partsToMarkdown(parts: readonly PartView[]): string[] {
  return parts.map(partToMarkdown).filter((text) => text !== '')
}

function partToMarkdown(part: PartView): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'tool':
      return `- ${[part.title, detailOf(part)].filter(Boolean).join(' ')}: ${part.result?.summary ?? part.state}`
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
      if (part.done === null) return part.state === 'failed' ? `> Not compacted: ${part.message}` : ''
      return `> Compacted: ${part.tokensBefore} → ${part.done.tokensAfter} tokens${part.state === 'undone' ? ' (undone)' : ''}`
    case 'candidates':
      return candidatesToMarkdown(part)
    case 'notice':
      return `> ${part.message}`
    default:
      return ''
  }
}

/** What the title does not say already; a patch says nothing in one line. */
function detailOf({ tool, title, detail }: ToolPart): string {
  return tool === 'apply_patch' || title.includes(detail) ? '' : code(detail)
}

/** How each attempt ended, and the conversation of the one that was taken. */
function candidatesToMarkdown({ candidates, pick }: CandidatesPart): string {
  const isTaken = ({ index }: CandidateView) => index === pick?.index
  const lines = candidates.map((candidate) => {
    const { index, state, result } = candidate
    const verification = result?.verification
    const checks = verification && (verification.verified ? 'verified' : 'not verified')
    const how = [isTaken(candidate) ? 'taken' : state, checks, result?.reason].filter(Boolean).join(', ')
    return `- Attempt ${index + 1}: ${how}`
  })
  const others = pick?.files.map(({ path, index }) => `${path} from attempt ${index + 1}`) ?? []
  if (others.length > 0) lines.push(`- With ${others.join(', ')}`)
  const taken = candidates.find(isTaken)?.thread.turns[0]
  return [lines.join('\n'), ...partsToMarkdown(taken?.parts ?? [])].join('\n\n')
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
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}

/** On one line, in backticks that the text itself cannot close. */
function code(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  if (line === '') return ''
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  return `${fence}${line.slice(0, 200)}${fence}`
}
