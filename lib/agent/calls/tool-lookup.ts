import type { CallItem } from '../history'
import { inputOf } from '../history'
import type { Tool } from '../types'

/** A call of the model matched with its tool. What cannot run is a value like any other, and says what was possible. */
export type PreparedCall =
  | {
      kind: 'ready'
      item: CallItem
      parallel: boolean
      tool: Tool
      input: unknown
      description: { title: string; detail: string }
    }
  | { kind: 'refused'; item: CallItem; parallel: boolean; output: string; summary: string }

export function prepareCall(tools: readonly Tool[], item: CallItem): PreparedCall {
  const refuse = (output: string, summary: string): PreparedCall => ({
    kind: 'refused',
    item,
    parallel: true,
    output,
    summary,
  })
  const tool = tools.find(({ definition }) => definition.name === item.name)
  if (!tool) {
    const names = tools.map(({ definition }) => definition.name).join(', ')
    return refuse(`there is no tool “${item.name}”. Available: ${names}.`, 'unknown tool')
  }
  const isFreeform = tool.definition.type === 'custom'
  if (isFreeform !== (item.type === 'custom_tool_call')) {
    return refuse(
      isFreeform
        ? `${item.name} takes freeform text (a custom tool call), not JSON arguments.`
        : `${item.name} takes JSON arguments (a function call), not freeform text.`,
      'wrong kind of call',
    )
  }
  const parsed = tool.parse(inputOf(item))
  if (!parsed.ok) return refuse(`${item.name} was not run: ${parsed.message}`, 'malformed call')
  return {
    kind: 'ready',
    item,
    parallel: tool.parallel,
    tool,
    input: parsed.input,
    description: tool.describe(parsed.input),
  }
}
