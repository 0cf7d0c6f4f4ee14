import * as z from 'zod'
import { type ReasoningEffort, reasoningEfforts, type TokenPrice, type Verbosity, verbosities } from '../types'

/** A model as its server lists it: its id, and whatever else the server says. */
export interface ListedModel {
  id: string
  contextWindow?: number
  price?: TokenPrice
  efforts?: readonly ReasoningEffort[]
  verbosities?: readonly Verbosity[]
  images?: boolean
  serverCompaction?: boolean
  reasoningSummaries?: boolean
}

const tokens = z.number().int().positive().optional().catch(undefined)
/** Dollars a token, as routers write them: in text, so that small numbers stay exact. */
const perToken = z
  .union([z.string().regex(/^\d+(\.\d+)?$/), z.number().nonnegative()])
  .transform(Number)
  .optional()
  .catch(undefined)
const names = z.array(z.string()).optional().catch(undefined)

// Beyond the id every server has words of its own: `max_model_len` is vLLM's, `context_length`, `pricing` and
// `supported_parameters` are those of routers, the levels, summaries and `supported_endpoints` those of catalogues for agents.
const entrySchema = z.object({
  id: z.string(),
  context_window: tokens,
  context_length: tokens,
  max_model_len: tokens,
  max_context_length: tokens,
  pricing: z.object({ prompt: perToken, completion: perToken, input_cache_read: perToken }).optional().catch(undefined),
  supported_parameters: names,
  supported_reasoning_efforts: names,
  supports_reasoning_summaries: z.boolean().optional().catch(undefined),
  supported_endpoints: names,
  architecture: z.object({ input_modalities: names }).optional().catch(undefined),
})

/** Null when the entry names no model. */
export function readListedModel(value: unknown): ListedModel | null {
  const { data } = entrySchema.safeParse(value)
  if (!data) return null
  const contextWindow = data.context_window ?? data.context_length ?? data.max_model_len ?? data.max_context_length
  const efforts = effortsOf(data)
  const price = priceOf(data.pricing)
  const modalities = data.architecture?.input_modalities
  return {
    id: data.id,
    ...(contextWindow !== undefined && { contextWindow }),
    ...(price && { price }),
    ...(efforts && { efforts }),
    ...(data.supported_parameters?.includes('verbosity') && { verbosities }),
    ...(data.supports_reasoning_summaries !== undefined && { reasoningSummaries: data.supports_reasoning_summaries }),
    ...(modalities && { images: modalities.includes('image') }),
    ...(data.supported_endpoints?.some((path) => path.endsWith('/responses/compact')) && { serverCompaction: true }),
  }
}

type Entry = z.infer<typeof entrySchema>

function effortsOf(entry: Entry): readonly ReasoningEffort[] | undefined {
  const named = entry.supported_reasoning_efforts
  if (named) return reasoningEfforts.filter((effort) => named.includes(effort))
  const takes = entry.supported_parameters?.some((name) => name === 'reasoning' || name === 'reasoning_effort')
  return takes ? ['low', 'medium', 'high'] : undefined
}

/** A price without both of its halves is none. Where reading from a cache has no price of its own, it costs the full one. */
function priceOf(pricing: Entry['pricing']): TokenPrice | null {
  const { prompt, completion, input_cache_read } = pricing ?? {}
  if (prompt === undefined || completion === undefined) return null
  const million = (dollars: number) => Number((dollars * 1_000_000).toPrecision(12))
  return { input: million(prompt), cachedInput: million(input_cache_read ?? prompt), output: million(completion) }
}
