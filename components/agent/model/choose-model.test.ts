import { expect, test } from 'vitest'
import { createStore } from '@/lib/base'
import type { ModelInfo } from '@/lib/models'
import type { AgentState, Session } from '@/lib/session/types'
import { chooseModel } from './choose-model'

const info = (id: string, efforts: ModelInfo['efforts'] = []): ModelInfo => ({
  id,
  label: id,
  kind: 'upstream',
  freeformTools: true,
  contextWindow: null,
  price: null,
  efforts,
})

function open() {
  const models = [info('gpt-5.5', ['low', 'high', 'xhigh']), info('gpt-5-mini', ['low']), info('llama')]
  const state = createStore(() => ({ models, model: 'llama', effort: undefined }) as unknown as AgentState)
  const agent: Pick<Session['agent'], 'state' | 'setModel' | 'setSettings'> = {
    state,
    setModel: (model) => state.setState({ model }),
    setSettings: (settings) => state.setState(settings),
  }
  const now = () => [state.getState().model, state.getState().effort]
  return { agent, now }
}

test('/model takes a name, a part of one, an effort, or both', () => {
  const { agent, now } = open()
  expect(chooseModel(agent, 'GPT-5.5')).toBe('The next turn uses gpt-5.5.')
  expect(chooseModel(agent, 'high')).toBe('The next turn uses gpt-5.5, thinking: high.')
  expect(now()).toEqual(['gpt-5.5', 'high'])
  expect(chooseModel(agent, 'mini low')).toBe('The next turn uses gpt-5-mini, thinking: low.')
  expect(now()).toEqual(['gpt-5-mini', 'low'])
})

test('/model says what there is instead of what there is not, and changes nothing then', () => {
  const { agent, now } = open()
  expect(() => chooseModel(agent, 'gemini')).toThrow(
    'There is no model “gemini”. There are: gpt-5.5, gpt-5-mini, llama.',
  )
  expect(() => chooseModel(agent, 'mini high')).toThrow('gpt-5-mini cannot think “high”. It takes: low.')
  expect(() => chooseModel(agent, 'low')).toThrow('llama cannot think “low”. It takes no such setting.')
  expect(now()).toEqual(['llama', undefined])
})
