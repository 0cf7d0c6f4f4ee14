import type { ResponseItem } from '../types'
import { isFromUser, textOf } from './transcript'

const maxQuote = 300

/** What a script can say of a conversation that is about to be shortened: the bare facts, in the headings asked for. */
export function summariseItems(items: readonly ResponseItem[]): string {
  // The last message asks for the summary.
  const asked = items.slice(0, -1).filter(isFromUser).map(textOf)
  const calls = items.flatMap((item) =>
    item.type === 'function_call' || item.type === 'custom_tool_call' ? [item.name] : [],
  )
  const patched = new Set(items.flatMap((item) => (item.type === 'custom_tool_call' ? filesIn(item.input) : [])))
  const answer = items.findLast((item) => item.type === 'message' && item.role === 'assistant')
  return [
    '## Task',
    ...(asked.length > 0 ? asked.map((text) => `- ${short(text)}`) : ['- (none stated)']),
    '',
    '## Done',
    `- ${calls.length} tool calls: ${[...new Set(calls)].join(', ') || 'none'}`,
    ...[...patched].map((path) => `- Changed ${path}`),
    '',
    '## State',
    answer?.type === 'message' ? short(textOf(answer)) : 'Nothing was answered yet.',
  ].join('\n')
}

function filesIn(patch: string): string[] {
  return [...patch.matchAll(/^\*\*\* (?:Add|Update) File: (.+)$/gm)].map((match) => match[1] ?? '')
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > maxQuote ? `${line.slice(0, maxQuote)}…` : line
}
