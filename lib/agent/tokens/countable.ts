import {
  type ContentPart,
  isSealedCompaction,
  type ResponseItem,
  type ToolDefinition,
  type ToolOutput,
} from '@/lib/models'

/** What a request is made of. */
export type Countable = ResponseItem | ToolDefinition

/** The text a tokenizer can count, and a guess at what it cannot see. */
interface CountedParts {
  text: string
  /** Tokens around the text, and of parts that are no text. */
  extra: number
  /** `extra` holds a guess at sealed reasoning or a picture. */
  guessed: boolean
}

/** Role, kind and the marks around an item. */
const framing = 4
const nameAndId = 8
/** A picture of the size that the composer sends, in high detail. */
const imageTokens = 1_000
/** Of sealed reasoning, or a sealed summary: what the envelope weighs, in bytes. */
const sealBytes = 600

export function countableParts(item: Countable): CountedParts {
  switch (item.type) {
    case 'message':
      return countContent(item.content)
    case 'function_call':
      return { text: `${item.name}\n${item.arguments}`, extra: framing + nameAndId, guessed: false }
    case 'custom_tool_call':
      return { text: `${item.name}\n${item.input}`, extra: framing + nameAndId, guessed: false }
    case 'function_call_output':
    case 'custom_tool_call_output':
      return countOutput(item.output)
    case 'reasoning':
      return countReasoning(item.summary.map(({ text }) => text).join('\n'), item.encrypted_content ?? '')
    case 'function':
      return {
        text: `${item.name}\n${item.description}\n${JSON.stringify(item.parameters)}`,
        extra: framing,
        guessed: false,
      }
    case 'custom':
      return {
        text: `${item.name}\n${item.description}\n${JSON.stringify(item.format ?? '')}`,
        extra: framing,
        guessed: false,
      }
    default:
      if (isSealedCompaction(item)) return countReasoning('', String(item.encrypted_content))
      return { text: '', extra: Math.ceil(JSON.stringify(item).length / 4), guessed: true }
  }
}

function countContent(content: readonly ContentPart[]): CountedParts {
  const parts = content.map((part) => ('text' in part ? part.text : 'refusal' in part ? part.refusal : null))
  const images = parts.filter((text) => text === null).length
  return {
    text: parts.filter((text) => text !== null).join('\n'),
    extra: framing + images * imageTokens,
    guessed: images > 0,
  }
}

/** What is sealed counts as what it holds, not as the letters it is written in. The summary is for people alone. */
function countReasoning(summary: string, sealed: string): CountedParts {
  if (sealed === '') return { text: summary, extra: framing, guessed: false }
  return { text: '', extra: framing + Math.max(0, Math.ceil(((sealed.length * 3) / 4 - sealBytes) / 4)), guessed: true }
}

function countOutput(output: ToolOutput): CountedParts {
  const parts = countContent(typeof output === 'string' ? [{ type: 'input_text', text: output }] : output)
  return { ...parts, extra: parts.extra + nameAndId }
}
