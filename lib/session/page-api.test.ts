import { expect, it } from 'vitest'
import { defaultLimits, type Limits } from '@/lib/agent/limits/limits'
import { createStore } from '@/lib/base'
import { createPageApi } from './page-api'
import type { Session } from './types'

function open() {
  const state = createStore<{ limits: Limits }>(() => ({ limits: defaultLimits }))
  const agent = { state, setSettings: (settings: { limits: Limits }) => state.setState(settings) }
  const runtime = { state: createStore(() => ({ status: 'off' })) }
  const api = createPageApi({ agent, runtime } as unknown as Session, '1')
  return { api, turn: () => state.getState().limits.turn }
}

it('sets the limits of a turn that are named and leaves the others', () => {
  const { api, turn } = open()
  api.agent.setLimits({ steps: 3, dollars: null })
  expect(turn()).toEqual({ ...defaultLimits.turn, steps: 3, dollars: null })
})

it.each([{ steps: 0 }, { seconds: Number.NaN }, { stepz: 3 }])('refuses limits that are none: %o', (limits) => {
  const { api, turn } = open()
  expect(() => api.agent.setLimits(limits)).toThrow('Limits are steps, tokens, seconds and dollars: above 0, or null.')
  expect(turn()).toEqual(defaultLimits.turn)
})
