import * as z from 'zod'
import { pictureSchema } from './picture-schema'

const text = z.string()

const parts = z.array(
  z.looseObject({ type: text, text: text.optional(), refusal: text.optional(), image_url: pictureSchema.optional() }),
)
const knownItem = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('message'), role: text, content: parts }),
  z.looseObject({ type: z.literal('function_call'), call_id: text, name: text, arguments: text }),
  z.looseObject({ type: z.literal('function_call_output'), call_id: text, output: text.or(parts) }),
  z.looseObject({ type: z.literal('custom_tool_call'), call_id: text, name: text, input: text }),
  z.looseObject({ type: z.literal('custom_tool_call_output'), call_id: text, output: text.or(parts) }),
  z.looseObject({ type: z.literal('reasoning'), summary: parts }),
])
const knownItems = new Set<string>(knownItem.options.map((option) => option.shape.type.value))

/** Items of known kinds are read by the agent and shown, so they have their shape; unknown kinds only pass through. */
export const itemSchema = z
  .looseObject({ type: text })
  .refine(({ type }) => !knownItems.has(type))
  .or(knownItem)
