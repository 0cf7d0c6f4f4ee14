import { expect, it } from 'vitest'
import { gateEffect } from './gate'
import { gateNetwork } from './gate-network'
import type { NetworkEffect, PolicyMode } from './policy'

const effect: NetworkEffect = {
  kind: 'network',
  reason: 'Asks the package registry about “lodash”.',
  rule: 'fetch_docs',
  looksOnly: true,
}
const modes: PolicyMode[] = ['read-only', 'review', 'auto']

it('asks before anything leaves the tab, in every mode', () => {
  for (const mode of modes) {
    expect(gateEffect(effect, { mode })).toEqual({ verdict: 'ask', reason: effect.reason, rule: 'fetch_docs' })
  }
})

it('lets through what the user allowed for good, compared as a whole', () => {
  for (const mode of modes) expect(gateEffect(effect, { mode, allowedRules: ['fetch_docs'] }).verdict).toBe('allow')
  for (const rule of ['fetch', 'fetch_docs lodash', 'FETCH_DOCS', '']) {
    expect(gateEffect(effect, { mode: 'auto', allowedRules: [rule] }).verdict).toBe('ask')
  }
  expect(gateEffect({ ...effect, rule: null }, { mode: 'auto', allowedRules: ['fetch_docs'] }).verdict).toBe('ask')
})

it('lets nothing out in read-only mode that may change something, allowed or not', () => {
  const acting = { ...effect, looksOnly: false }
  expect(gateEffect(acting, { mode: 'read-only', allowedRules: ['fetch_docs'] }).verdict).toBe('deny')
})

it('asks again once text from outside is in the context, until the user allows it knowing that', () => {
  expect(gateNetwork(effect, { mode: 'auto', allowedRules: ['fetch_docs'], isTainted: true })).toEqual({
    verdict: 'ask',
    reason: effect.reason,
    rule: 'fetch_docs',
  })
  const knowing = { mode: 'auto', isTainted: true, allowedKnowingly: ['fetch_docs'] } as const
  expect(gateNetwork(effect, knowing).verdict).toBe('allow')
  expect(gateNetwork({ ...effect, rule: 'other' }, knowing).verdict).toBe('ask')
})

it('lets no rule for what leaves the tab allow a command, nor the other way round', () => {
  const command = { kind: 'command', command: 'fetch_docs lodash > a.txt' } as const
  expect(
    gateEffect(command, { mode: 'review', allowedRules: ['use_server_tool https://a.example/mcp ask'] }).verdict,
  ).toBe('ask')
  expect(gateEffect(effect, { mode: 'review', allowedRules: ['npm test'] }).verdict).toBe('ask')
})
