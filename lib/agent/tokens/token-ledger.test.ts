import { describe, expect, it } from 'vitest'
import type { ResponseItem } from '@/lib/models'
import { message } from '../history'
import { call, think } from '../testing/scripted'
import { countTokens } from './count-tokens'
import { type CountTexts, createTokenLedger } from './token-ledger'

const count: CountTexts = async (texts) => texts.map(countTokens)

describe('a token ledger', () => {
  it('estimates at once and is exact after counting', async () => {
    const item = message('user', 'internationalisation, internationalisation')
    const ledger = createTokenLedger(count)
    expect(ledger.tokensOf(item)).toEqual({ tokens: 15, exact: false })
    await ledger.count([item])
    expect(ledger.tokensOf(item)).toEqual({
      tokens: 4 + countTokens('internationalisation, internationalisation'),
      exact: true,
    })
  })

  it('counts each item once, also when asked again meanwhile', async () => {
    const seen: string[] = []
    const ledger = createTokenLedger(async (texts) => {
      seen.push(...texts)
      return texts.map(() => 1)
    })
    const items = [message('user', 'a'), message('user', 'b')]
    await Promise.all([ledger.count(items), ledger.count(items)])
    await ledger.count(items)
    expect(seen).toEqual(['a', 'b'])
  })

  it('counts calls, outputs and tools by what the model reads of them', async () => {
    const output: ResponseItem = { type: 'function_call_output', call_id: 'c', output: 'exit code 0' }
    const items = [call('c', 'shell', { command: 'npm test' }), output]
    const ledger = createTokenLedger(count)
    await ledger.count(items)
    expect(items.map((item) => ledger.tokensOf(item))).toEqual([
      { tokens: 12 + countTokens('shell\n{"command":"npm test"}'), exact: true },
      { tokens: 12 + countTokens('exit code 0'), exact: true },
    ])
  })

  it('says that sealed reasoning and pictures are estimates', async () => {
    const picture = { type: 'input_image' as const, image_url: 'data:image/png;base64,AA==' }
    const items: ResponseItem[] = [think('Hm.'), { type: 'message', role: 'user', content: [picture] }]
    const ledger = createTokenLedger(count)
    await ledger.count(items)
    expect(ledger.sum(items).exact).toBe(false)
    expect(ledger.sum(items).tokens).toBeGreaterThan(1000)
  })

  it('keeps its estimates when there is no tokenizer, and tries again', async () => {
    let broken = true
    const item = message('user', 'abcdefgh')
    const ledger = createTokenLedger(async (texts) => {
      if (broken) throw new Error('offline')
      return count(texts)
    })
    await ledger.count([item])
    expect(ledger.tokensOf(item)).toEqual({ tokens: 6, exact: false })
    broken = false
    await ledger.count([item])
    expect(ledger.tokensOf(item).exact).toBe(true)
  })

  it('sums a thread of 2,000 items in less than a millisecond', () => {
    const items = Array.from({ length: 2000 }, (_, index) => message('user', `message ${index} `.repeat(40)))
    const ledger = createTokenLedger(count)
    ledger.sum(items)
    const times = Array.from({ length: 21 }, () => {
      const startedAt = performance.now()
      ledger.sum(items)
      return performance.now() - startedAt
    }).sort((a, b) => a - b)
    expect(times[10]).toBeLessThan(1)
  })
})
