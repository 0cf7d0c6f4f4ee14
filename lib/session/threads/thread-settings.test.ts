import { expect, it } from 'vitest'
import type { AgentEvent } from '@/lib/agent'
import { defaultLimits, type Limits } from '@/lib/agent/limits/limits'
import type { AgentState } from '../types'
import { readSettings, rememberSettings } from './thread-settings'

const limits: Limits = { ...defaultLimits, turn: { ...defaultLimits.turn, steps: 5 } }
const start = (rest: object): AgentEvent => ({
  ...{ seq: 1, at: 0, turnId: 't', type: 'turn-start', text: '', mode: 'edit', model: 'm', policy: 'auto' },
  promptPack: 'v2',
  ...rest,
})

it('a conversation asks as it was told, else as its last turn did, else as the model likes', () => {
  const events = [start({ effort: 'low' }), start({ effort: 'high', verbosity: 'low', limits })]
  expect(readSettings({ effort: 'medium', limits }, events)).toEqual({ effort: 'medium', verbosity: undefined, limits })
  expect(readSettings(undefined, events)).toEqual({ effort: 'high', verbosity: 'low', limits })
  expect(readSettings(undefined, [])).toEqual({ effort: undefined, verbosity: undefined, limits: defaultLimits })
})

it('what storage holds that is no setting is none', () => {
  const odd = { effort: 'enormous', verbosity: 3, limits: { turn: { steps: -1 } } }
  expect(readSettings(odd, [])).toEqual({ effort: undefined, verbosity: undefined, limits: defaultLimits })
})

it('a change is kept for its conversation and for those after it; another conversation is no change', () => {
  const kept = new Map<string, unknown>()
  const state = (rest: Partial<AgentState>) =>
    ({ id: 'a', effort: undefined, verbosity: undefined, limits, ...rest }) as AgentState
  const remember = (key: string, value: unknown) => void kept.set(key, value)
  rememberSettings(state({ running: true }), state({}), remember)
  rememberSettings(state({ id: 'b', effort: 'low' }), state({}), remember)
  expect([...kept]).toEqual([])
  rememberSettings(state({ effort: 'low' }), state({}), remember)
  const settings = { effort: 'low', verbosity: undefined, limits }
  expect([...kept]).toEqual([
    ['settings:a', settings],
    ['settings', settings],
  ])
})
