import { outputText } from '../content'
import type { ResponseItem, ResponsesRequest, ToolDefinition } from '../types'
import type { PromptMessage } from './prompt-api'

/** A request as the browser's model takes it: what came before, and what it is to answer now. */
export interface Conversation {
  before: PromptMessage[]
  last: string
}

/** The API knows text messages only, so calls and their outputs are told in words, and tools in the instructions. */
export function toConversation({ input, tools, tool_choice }: ResponsesRequest): Conversation {
  const instructions = input.filter((item) => item.type === 'message' && item.role === 'developer').map(textOf)
  const system = tool_choice === 'none' ? instructions : [...instructions, describeTools(tools)]
  const names = new Map(
    input.flatMap((item) => (item.type === 'function_call' ? [[item.call_id, item.name] as const] : [])),
  )
  const told = input.flatMap((item) => toMessage(item, names))
  const lastAnswer = told.findLastIndex(({ role }) => role === 'assistant')
  const last = told.slice(lastAnswer + 1).map(({ content }) => content)
  return {
    before: [{ role: 'system', content: system.join('\n\n') }, ...told.slice(0, lastAnswer + 1)],
    last: last.join('\n\n') || 'Go on.',
  }
}

function toMessage(item: ResponseItem, names: ReadonlyMap<string, string>): PromptMessage[] {
  if (item.type === 'function_call') {
    return [{ role: 'assistant', content: `{"tool":${JSON.stringify(item.name)},"arguments":${item.arguments}}` }]
  }
  if (item.type === 'function_call_output') {
    return [
      { role: 'user', content: `Result of ${names.get(item.call_id) ?? 'the tool'}:\n${outputText(item.output)}` },
    ]
  }
  if (item.type !== 'message' || item.role === 'developer') return []
  const text = textOf(item)
  return [{ role: item.role, content: item.role === 'assistant' ? JSON.stringify({ answer: text }) : text }]
}

function textOf(item: ResponseItem): string {
  if (item.type !== 'message') return ''
  return item.content.map((part) => ('text' in part ? part.text : '')).join('')
}

function describeTools(tools: readonly ToolDefinition[]): string {
  const lines = functionsOf(tools).map(({ name, description, parameters }) => {
    const { properties = {}, required = [] } = parameters as { properties?: object; required?: string[] }
    const names = Object.keys(properties).map((key) => (required.includes(key) ? key : `${key}?`))
    return `- ${name}(${names.join(', ')}): ${description}`
  })
  return [
    'Answer with one JSON object: {"tool": name, "arguments": {…}} to call one tool, or {"answer": text} when you are done.',
    'Tools:',
    ...lines,
  ].join('\n')
}

/** What an answer may look like: one call of one tool with its arguments, or words. */
export function answerSchema(tools: readonly ToolDefinition[]): object {
  const call = ({ name, parameters }: { name: string; parameters: object }) => ({
    type: 'object',
    properties: { tool: { const: name }, arguments: parameters },
    required: ['tool', 'arguments'],
    additionalProperties: false,
  })
  const answer = {
    type: 'object',
    properties: { answer: { type: 'string' } },
    required: ['answer'],
    additionalProperties: false,
  }
  return { anyOf: [answer, ...functionsOf(tools).map(call)] }
}

function functionsOf(tools: readonly ToolDefinition[]) {
  return tools.flatMap((tool) => (tool.type === 'function' ? [tool] : []))
}

/** What the model meant; text that is no such object is its answer. */
export function readAnswer(text: string): { tool: string; arguments: string } | { answer: string } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) {
      if ('tool' in value && typeof value.tool === 'string') {
        return { tool: value.tool, arguments: JSON.stringify('arguments' in value ? value.arguments : {}) }
      }
      if ('answer' in value && typeof value.answer === 'string') return { answer: value.answer }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return { answer: text }
}
