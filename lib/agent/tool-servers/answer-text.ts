import { truncateOutput } from '../truncate'
import type { CallResult } from './protocol'

/** What a tool gave, as text within bounds; what is not text is named and left out. */
export function answerText({ content, structuredContent }: CallResult): string {
  const parts = content.map(partText)
  if (parts.length === 0 && structuredContent !== undefined) parts.push(JSON.stringify(structuredContent, null, 2))
  const text = parts.filter((part) => part !== '').join('\n\n')
  return truncateOutput(text === '' ? '(nothing)' : text)
}

function partText(part: CallResult['content'][number]): string {
  switch (part.type) {
    case 'text':
      return String(part.text ?? '')
    case 'image':
    case 'audio':
      return `(${part.type === 'image' ? 'a picture' : 'a sound'} of type ${word(part.mimeType)} was left out: only text is taken)`
    case 'resource_link':
      return `${word(part.name)}: ${word(part.uri)}`
    case 'resource': {
      const { text, uri } = (part.resource ?? {}) as { text?: unknown; uri?: unknown }
      return typeof text === 'string'
        ? `${word(uri)}\n${text}`
        : `(the file ${word(uri)} was left out: only text is taken)`
    }
    default:
      return `(something of type ${word(part.type)} was left out)`
  }
}

function word(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').slice(0, 300) : 'unknown'
}
