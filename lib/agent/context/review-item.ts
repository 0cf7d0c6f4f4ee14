import type { ResponseItem } from '@/lib/models'
import { maskSecrets, stripHidden } from '@/lib/safety'
import type { ReviewOutcome } from '@/lib/workspace'
import { message } from '../history'
import { harmless } from './harmless'

/** More are counted, not told: the agent can look at the files. */
const maxTold = 60

const intro =
  'The user reviewed the changes that you made, here or in an earlier conversation. The files are as these lines say now: do not make again what was undone, and leave what was edited as it is. Comments are the user’s words about those lines. One JSON object a line.'

/** The one item before the user's message that says what became of the agent's changes; null when there is nothing to say. */
export function reviewItem(outcomes: readonly ReviewOutcome[]): ResponseItem | null {
  if (outcomes.length === 0) return null
  const told = outcomes.slice(0, maxTold).map(toLine)
  const rest = outcomes.length - told.length
  const text = ['<review-outcomes>', intro, ...told, ...(rest > 0 ? [`(${rest} more)`] : []), '</review-outcomes>']
  return message('user', text.join('\n'))
}

function toLine({ path, outcome, lines, comment, before, after }: ReviewOutcome): string {
  const place =
    lines === null ? {} : { lines: lines.start === lines.end ? `${lines.start}` : `${lines.start}-${lines.end}` }
  const text = JSON.stringify({ path, ...place, outcome, comment, before, after })
  return harmless(maskSecrets(stripHidden(text)))
}
