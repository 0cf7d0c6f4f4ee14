import { VitrineError } from '@/lib/base'
import type { ModelInfo, ReasoningEffort } from '@/lib/models'
import type { Agent } from '@/lib/session/types'
import { effortLabels } from './model-facts'

/**
 * Does what `/model` was told: a model's name or a part of it, an effort, or both. Returns what it did as a sentence;
 * throws one that says what there is.
 */
export function chooseModel(agent: Pick<Agent, 'state' | 'setModel' | 'setSettings'>, argument: string): string {
  const { models, model: current, effort: before } = agent.state.getState()
  const words = argument.toLowerCase().split(/\s+/).filter(Boolean)
  const whole = findModel(models, words.join(' '))
  const last = words.at(-1) ?? ''
  const effort = whole ? undefined : effortNamed(last)
  const wanted = effort === undefined ? words.join(' ') : words.slice(0, -1).join(' ')
  const model = wanted === '' ? models.find(({ id }) => id === current) : (whole ?? findModel(models, wanted))
  if (!model) {
    const names = models.map(({ id }) => id).join(', ')
    throw new VitrineError('model_not_allowed', `There is no model “${wanted}”. There are: ${names}.`)
  }
  const { efforts = [] } = model
  if (effort !== undefined && !efforts.includes(effort)) {
    const possible = efforts.length === 0 ? 'It takes no such setting.' : `It takes: ${efforts.join(', ')}.`
    throw new VitrineError('invalid_request', `${model.label} cannot think “${last}”. ${possible}`)
  }
  agent.setModel(model.id)
  if (effort !== undefined) agent.setSettings({ effort })
  const shown = effort ?? efforts.find((each) => each === before)
  return `The next turn uses ${model.label}${shown ? `, thinking: ${effortLabels[shown].toLowerCase()}` : ''}.`
}

function findModel(models: readonly ModelInfo[], name: string): ModelInfo | undefined {
  if (name === '') return undefined
  return (
    models.find(({ id }) => id.toLowerCase() === name) ??
    models.find(({ id, label }) => `${id} ${label}`.toLowerCase().includes(name))
  )
}

function effortNamed(word: string): ReasoningEffort | undefined {
  return Object.keys(effortLabels).find((effort): effort is ReasoningEffort => effort === word)
}
