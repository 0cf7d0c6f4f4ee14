import { plural } from '@/lib/base'
import { isSealedCompaction, outputText, picturesOf, type ResponseItem } from '@/lib/models'
import { inputOf, isCall, isOutput, textOf } from '../history'
import { type ItemKind, kindOf } from '../item-kind'

/** How an item is shown: a line, why it is there, and its whole text. */
export interface ItemFace {
  kind: ItemKind
  title: string
  why: string
  text: string
  /** As `data:` addresses. */
  pictures?: readonly string[]
}

const maxTitle = 120

export function describeItem(item: ResponseItem, index: number, toolOf: (callId: string) => string): ItemFace {
  const kind = kindOf(item, index)
  const text = wholeText(item)
  const pictures = picturesOf(item)
  return {
    kind,
    title: short(titleOf(item, kind, text, toolOf)),
    why: whyOf(kind, text),
    text,
    ...(pictures.length > 0 && { pictures }),
  }
}

function titleOf(item: ResponseItem, kind: ItemKind, text: string, toolOf: (callId: string) => string): string {
  if (isCall(item)) return `${item.name} ${inputOf(item)}`
  if (isOutput(item)) return `${toolOf(item.call_id)}: ${text}`
  switch (kind) {
    case 'instructions':
      return 'Instructions to the agent'
    case 'session':
      return text.split('\n').slice(1, -1).join(' ')
    case 'environment':
      return partsOfEnvironment(text).join(', ')
    case 'attachments':
      return [...text.matchAll(/^## (.+)$/gm)].map(([, name]) => name).join(', ')
    case 'review':
      return `What you kept and undid of the agent’s changes: ${[...text.matchAll(/^\{.*"outcome":"(\w+)"/gm)].map(([, outcome]) => outcome).join(', ')}`
    case 'summary':
      return isSealedCompaction(item) ? 'Summary of earlier steps (sealed)' : 'Summary of earlier steps'
    case 'reasoning':
      return text === '' ? 'Thoughts (sealed)' : text
    default:
      return text
  }
}

const environmentParts: [tag: string, name: string][] = [
  ['<environment>', 'Files of the project'],
  ['<environment-changes>', 'Files that came and went'],
  ['<environment-date>', 'The date'],
  ['<environment-map>', 'Map of the project'],
  ['<environment-focus>', 'What you look at'],
  ['<environment-tools>', 'Tools from servers'],
  ['<project-instructions', 'AGENTS.md'],
]

function partsOfEnvironment(text: string): string[] {
  return environmentParts.filter(([tag]) => text.includes(tag)).map(([, name]) => name)
}

function whyOf(kind: ItemKind, text: string): string {
  switch (kind) {
    case 'instructions':
      return 'What the agent is and how it works. The same for every conversation, so it is cached first.'
    case 'session':
      return 'The mode and the policy. Told again only when they change.'
    case 'environment':
      return text.includes('<environment>')
        ? 'What the agent has to know of the project before the first message.'
        : 'What changed around the conversation since the agent was last told.'
    case 'attachments':
      return 'What you attached to the message that follows.'
    case 'review':
      return 'What you did with the agent’s changes since your last message.'
    case 'summary':
      return 'Stands for the steps that a compaction left out.'
    case 'user':
      return 'You wrote it.'
    case 'note':
      return 'Tells the agent what happened to the turn.'
    case 'reasoning':
      return 'The model’s thoughts, sent back so that it can go on from them.'
    case 'answer':
      return 'The model said it.'
    case 'call':
      return 'The model called a tool.'
    case 'output':
      return 'What the tool gave.'
    case 'other':
      return 'An item of the model’s server, passed on untouched.'
  }
}

function wholeText(item: ResponseItem): string {
  const pictures = picturesOf(item).length
  const mark = pictures > 0 ? `\n(${plural(pictures, 'picture')})` : ''
  if (item.type === 'message') return textOf(item) + mark
  if (isCall(item)) return inputOf(item)
  if (isOutput(item)) return outputText(item.output) + mark
  if (item.type === 'reasoning') return item.summary.map(({ text }) => text).join('\n\n')
  return JSON.stringify(item, null, 2)
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > maxTitle ? `${line.slice(0, maxTitle)}…` : line
}
