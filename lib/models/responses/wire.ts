import * as z from 'zod'
import type { ResponseItem, Usage } from '../types'

// What is read from the wire. Everything else in an event passes unseen; an event that does not fit is skipped.

const text = z.string()
const count = z.number().nonnegative().catch(0)

const usageSchema = z.object({
  input_tokens: count,
  input_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }).partial().nullish(),
  output_tokens: count,
  output_tokens_details: z.object({ reasoning_tokens: count }).partial().nullish(),
  total_tokens: count,
})

export const errorSchema = z.object({ code: text.nullish(), type: text.nullish(), message: text.nullish() })

export const responseSchema = z.object({
  id: text.catch(''),
  model: text.catch(''),
  status: text.nullish(),
  error: errorSchema.nullish().catch(null),
  incomplete_details: z.object({ reason: text.nullish() }).nullish().catch(null),
  usage: usageSchema.nullish().catch(null),
  output: z.array(z.unknown()).nullish().catch(null),
})

export type WireResponse = z.infer<typeof responseSchema>

export const eventSchema = z.object({
  type: text,
  sequence_number: z.number().optional().catch(undefined),
  output_index: z.number().int().nonnegative().optional().catch(undefined),
  summary_index: z.number().optional().catch(undefined),
  item_id: text.optional().catch(undefined),
  delta: text.optional().catch(undefined),
  item: z.record(text, z.unknown()).optional().catch(undefined),
  response: responseSchema.optional().catch(undefined),
  error: errorSchema.nullish().catch(null),
  code: text.nullish().catch(null),
  message: text.nullish().catch(null),
})

export type WireFields = z.infer<typeof eventSchema>

const known: Record<string, z.ZodType> = {
  message: z.object({ role: z.enum(['developer', 'user', 'assistant']), content: z.array(z.object({ type: text })) }),
  function_call: z.object({ call_id: text, name: text, arguments: text }),
  custom_tool_call: z.object({ call_id: text, name: text, input: text }),
  reasoning: z.object({ summary: z.array(z.object({ type: text, text })) }),
}

/** The item untouched when it has the shape of its type, so that it can be echoed; null when it cannot be used. */
export function toItem(value: unknown): ResponseItem | null {
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') return null
  const schema = known[value.type]
  if (schema !== undefined && !schema.safeParse(value).success) return null
  return value as ResponseItem
}

export function toUsage(usage: WireResponse['usage']): Usage | null {
  if (!usage) return null
  return {
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.input_tokens_details?.cache_write_tokens ?? 0,
    outputTokens: usage.output_tokens,
    reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
    totalTokens: usage.total_tokens,
  }
}
