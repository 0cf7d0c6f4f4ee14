import type { ReasoningEffort, TokenPrice, Verbosity } from '../types'

/** What is known of a model before its server is asked. */
export interface KnownModel {
  /** Matches the whole id, dated releases included (`gpt-5.5-2026-04-23`). */
  id: RegExp
  price: TokenPrice | null
  /** Tokens of input that the price holds for; models that take more at another price are kept below it. */
  contextWindow: number
  freeformTools: boolean
  images: boolean
  efforts: readonly ReasoningEffort[]
  verbosities: readonly Verbosity[]
  takesTemperature?: true
  reasoningSummaries?: true
  /** OpenAI's server shortens its histories (`POST /responses/compact`). */
  serverCompaction?: true
}

const low: readonly ReasoningEffort[] = ['low', 'medium', 'high']
const withMinimal: readonly ReasoningEffort[] = ['minimal', ...low]
const withNone: readonly ReasoningEffort[] = ['none', ...low]
const withNoneAndXhigh: readonly ReasoningEffort[] = [...withNone, 'xhigh']
const allVerbosities: readonly Verbosity[] = ['low', 'medium', 'high']

/** An id, with or without a date behind it. */
const named = (pattern: string) => new RegExp(`^(?:${pattern})(?:-20\\d\\d-\\d\\d-\\d\\d)?$`)
const price = (input: number, cachedInput: number, output: number): TokenPrice => ({ input, cachedInput, output })

type Facts = Omit<KnownModel, 'id' | 'price'>
const gpt5: Facts = {
  contextWindow: 272_000,
  freeformTools: true,
  images: true,
  efforts: withMinimal,
  verbosities: allVerbosities,
  reasoningSummaries: true,
  serverCompaction: true,
}
const gpt51: Facts = { ...gpt5, efforts: withNone }
const gpt52: Facts = { ...gpt5, efforts: withNoneAndXhigh }
/** Codex variants speak at one length only. */
const codex: Facts = { ...gpt5, efforts: low, verbosities: [] }
const codexMax: Facts = { ...codex, efforts: [...low, 'xhigh'] }
const pro: Facts = { ...gpt5, efforts: ['medium', 'high', 'xhigh'], verbosities: [] }
const gpt4: Facts = {
  contextWindow: 1_047_576,
  freeformTools: false,
  images: true,
  efforts: [],
  verbosities: [],
  takesTemperature: true,
}
const gpt4o: Facts = { ...gpt4, contextWindow: 128_000 }
const reasoner: Facts = {
  contextWindow: 200_000,
  freeformTools: false,
  images: true,
  efforts: low,
  verbosities: [],
  reasoningSummaries: true,
}

/** OpenAI's models at OpenAI's own list prices, US dollars per million tokens. Last compared: 2026-11. */
export const openAiModels: readonly KnownModel[] = [
  { id: named('gpt-5\\.5'), price: price(5, 0.5, 30), ...gpt52 },
  { id: named('gpt-5\\.[45]-pro'), price: price(30, 30, 180), ...pro },
  { id: named('gpt-5\\.4'), price: price(2.5, 0.25, 15), ...gpt52 },
  { id: named('gpt-5\\.4-mini'), price: price(0.75, 0.075, 4.5), ...gpt52 },
  { id: named('gpt-5\\.4-nano'), price: price(0.2, 0.02, 1.25), ...gpt52 },
  { id: named('gpt-5\\.[23]-codex'), price: price(1.75, 0.175, 14), ...codexMax },
  { id: named('gpt-5\\.2'), price: price(1.75, 0.175, 14), ...gpt52 },
  { id: named('gpt-5\\.2-pro'), price: price(21, 21, 168), ...pro },
  { id: named('gpt-5\\.1'), price: price(1.25, 0.125, 10), ...gpt51 },
  { id: named('gpt-5\\.1-codex-max'), price: price(1.25, 0.125, 10), ...codexMax },
  { id: named('gpt-5\\.1-codex|gpt-5-codex'), price: price(1.25, 0.125, 10), ...codex },
  { id: named('gpt-5\\.1-codex-mini'), price: price(0.25, 0.025, 2), ...codex },
  { id: named('gpt-5'), price: price(1.25, 0.125, 10), ...gpt5 },
  { id: named('gpt-5-mini'), price: price(0.25, 0.025, 2), ...gpt5 },
  { id: named('gpt-5-nano'), price: price(0.05, 0.005, 0.4), ...gpt5 },
  { id: named('gpt-5-pro'), price: price(15, 15, 120), ...pro, efforts: ['high'] },
  { id: named('gpt-4\\.1'), price: price(2, 0.5, 8), ...gpt4 },
  { id: named('gpt-4\\.1-mini'), price: price(0.4, 0.1, 1.6), ...gpt4 },
  { id: named('gpt-4\\.1-nano'), price: price(0.1, 0.025, 0.4), ...gpt4 },
  { id: named('gpt-4o'), price: price(2.5, 1.25, 10), ...gpt4o },
  { id: named('gpt-4o-mini'), price: price(0.15, 0.075, 0.6), ...gpt4o },
  { id: named('o3'), price: price(2, 0.5, 8), ...reasoner },
  { id: named('o4-mini'), price: price(1.1, 0.275, 4.4), ...reasoner },
]
