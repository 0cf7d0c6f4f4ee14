import { describe, expect, it } from 'vitest'
import { costOf, describeModel, isForAgents, readListedModel } from '.'

const usage = {
  inputTokens: 100_000,
  cachedInputTokens: 80_000,
  cacheWriteTokens: 0,
  outputTokens: 2_000,
  reasoningTokens: 500,
  totalTokens: 102_000,
}

describe('the cost of a response', () => {
  it('counts what came from the cache at its own price', () => {
    const { price } = describeModel({ id: 'gpt-5.5' }, { isOpenAi: true })
    // 20,000 × $5 + 80,000 × $0.5 + 2,000 × $30, a million each.
    expect(costOf(usage, price)).toBeCloseTo(0.1 + 0.04 + 0.06, 10)
  })

  it('is unknown where the price or the usage is, never made up', () => {
    expect(costOf(usage, null)).toBeNull()
    expect(costOf(null, { input: 1, cachedInput: 1, output: 1 })).toBeNull()
    expect(costOf(usage, { input: 0, cachedInput: 0, output: 0 })).toBe(0)
  })

  it('is never negative, whatever a server reports', () => {
    const odd = { ...usage, inputTokens: 10, cachedInputTokens: 50 }
    expect(costOf(odd, { input: 5, cachedInput: 0.5, output: 0 })).toBeCloseTo(5e-6, 12)
  })
})

describe('what is known of a model', () => {
  it('comes from the table for OpenAI’s own, dated releases included', () => {
    expect(describeModel({ id: 'gpt-5.2-2025-12-11' }, { isOpenAi: true })).toMatchObject({
      freeformTools: true,
      contextWindow: 272_000,
      efforts: ['none', 'low', 'medium', 'high', 'xhigh'],
      verbosities: ['low', 'medium', 'high'],
      price: { input: 1.75, cachedInput: 0.175, output: 14 },
      takesTemperature: false,
    })
    expect(describeModel({ id: 'gpt-5-codex' }, { isOpenAi: true })).toMatchObject({
      efforts: ['low', 'medium', 'high'],
      verbosities: [],
    })
  })

  it('tells whether it sums up its thoughts, and never assumes so', () => {
    const summaries = (id: string, isOpenAi = true) => describeModel({ id }, { isOpenAi }).reasoningSummaries
    expect(['gpt-5.5', 'gpt-5-codex', 'o4-mini'].map((id) => summaries(id))).toEqual([true, true, true])
    expect(['gpt-4.1', 'gpt-7-turbo'].map((id) => summaries(id))).toEqual([undefined, undefined])
    expect(summaries('gpt-5.5', false)).toBeUndefined()
    const listed = readListedModel({ id: 'local', supports_reasoning_summaries: true })
    expect(listed && describeModel(listed, { isOpenAi: false }).reasoningSummaries).toBe(true)
  })

  it('has no price and no settings for a release that is newer than the table', () => {
    expect(describeModel({ id: 'gpt-7-turbo' }, { isOpenAi: true })).toMatchObject({
      freeformTools: true,
      price: null,
      efforts: [],
      verbosities: [],
    })
  })

  it('takes nothing from the table for another server, which has its own prices', () => {
    expect(describeModel({ id: 'gpt-5.5' }, { isOpenAi: false })).toEqual({
      id: 'gpt-5.5',
      label: 'gpt-5.5',
      kind: 'upstream',
      freeformTools: false,
      contextWindow: null,
      images: false,
      takesTemperature: true,
      efforts: [],
      verbosities: [],
      price: null,
    })
  })

  it('takes what the server itself lists before the table', () => {
    const listed = readListedModel({
      id: 'openai/gpt-5.1',
      context_length: 400_000,
      pricing: { prompt: '0.00000125', completion: '0.00001', input_cache_read: '0.000000125' },
      supported_parameters: ['tools', 'reasoning', 'verbosity'],
      architecture: { input_modalities: ['text', 'image'] },
    })
    expect(listed && describeModel(listed, { isOpenAi: false })).toMatchObject({
      contextWindow: 400_000,
      price: { input: 1.25, cachedInput: 0.125, output: 10 },
      efforts: ['low', 'medium', 'high'],
      verbosities: ['low', 'medium', 'high'],
      images: true,
    })
  })

  it('lets histories be shortened by OpenAI’s own server, and by others that list the route', () => {
    const shortens = (id: string, isOpenAi: boolean) => describeModel({ id }, { isOpenAi }).serverCompaction ?? false
    expect([shortens('gpt-5.5', true), shortens('gpt-4o', true), shortens('gpt-7', true)]).toEqual([true, false, false])
    expect(shortens('gpt-5.5', false)).toBe(false)
    const routes = ['/responses', '/responses/compact']
    const listed = (supported_endpoints: unknown) => readListedModel({ id: 'a', supported_endpoints })
    expect(listed(routes)).toEqual({ id: 'a', serverCompaction: true })
    expect(listed(['/responses'])).toEqual({ id: 'a' })
  })

  it('ignores what it cannot read in a listing', () => {
    expect(readListedModel({ id: 'a', max_model_len: 8192, pricing: { prompt: 'free' }, architecture: 3 })).toEqual({
      id: 'a',
      contextWindow: 8192,
    })
    expect(readListedModel({ name: 'no id' })).toBeNull()
    expect(readListedModel('gpt')).toBeNull()
  })
})

it.each([
  ['gpt-5.5', true],
  ['gpt-5.4-mini-2026-03-05', true],
  ['o3', true],
  ['gpt-6', true],
  ['gpt-5-search-api', false],
  ['gpt-realtime', false],
  ['gpt-4o-audio-preview', false],
  ['text-embedding-3-large', false],
  ['dall-e-3', false],
])('%s is for agents: %s', (id, expected) => expect(isForAgents(id)).toBe(expected))
