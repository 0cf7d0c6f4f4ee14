import type { ResponseItem } from '@/lib/models'
import { textOf } from './history'

/** What an item is for. Items of the agent's own making are known by the tag that they begin with. */
export type ItemKind =
  | 'instructions'
  | 'session'
  | 'environment'
  | 'attachments'
  | 'review'
  | 'summary'
  | 'user'
  | 'note'
  | 'reasoning'
  | 'answer'
  | 'call'
  | 'output'
  | 'other'

export const summaryTag = '<summary-of-earlier-steps>'
const tags: [start: string, kind: ItemKind][] = [
  ['<environment', 'environment'],
  ['<project-instructions', 'environment'],
  ['<attachments', 'attachments'],
  ['<review-outcomes', 'review'],
  [summaryTag, 'summary'],
]

export function kindOf(item: ResponseItem, index: number): ItemKind {
  switch (item.type) {
    case 'message':
      if (item.role === 'assistant') return 'answer'
      return item.role === 'developer' ? developerKind(textOf(item), index) : userKind(textOf(item))
    case 'reasoning':
      return 'reasoning'
    case 'function_call':
    case 'custom_tool_call':
      return 'call'
    case 'function_call_output':
    case 'custom_tool_call_output':
      return 'output'
    default:
      // What a server made of older steps, readable to it alone.
      return String(item.type) === 'compaction' ? 'summary' : 'other'
  }
}

function developerKind(text: string, index: number): ItemKind {
  if (text.startsWith('<session>')) return 'session'
  return index === 0 ? 'instructions' : 'note'
}

function userKind(text: string): ItemKind {
  return tags.find(([start]) => text.startsWith(start))?.[1] ?? 'user'
}

/** Written by the model, or the answer to what it wrote. */
export function isOfStep(kind: ItemKind): boolean {
  return kind === 'reasoning' || kind === 'answer' || kind === 'call' || kind === 'output' || kind === 'other'
}
