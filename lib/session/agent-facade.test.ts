import { describe, expect, it } from 'vitest'
import { reply, say, scriptedModel } from '@/lib/agent/testing/scripted'
import { createWorld } from '@/lib/agent/testing/world'
import type { ModelInfo } from '@/lib/models'
import { createAgentFacade, type OpenThread } from './agent-facade'
import type { AvailableModels } from './load-models'

const offered = ['first', 'second'].map(
  (id): ModelInfo => ({
    id,
    label: id,
    kind: 'upstream',
    freeformTools: true,
    contextWindow: null,
    price: null,
  }),
)

function open({ model = '' } = {}) {
  const { dependencies } = createWorld()
  const { model: callModel, requests } = scriptedModel([reply(say('Done.'))])
  const options: OpenThread = {
    id: 'thread',
    events: [],
    policy: 'review',
    allowedRules: [],
    model,
    callModel,
    save: async () => {},
    world: dependencies,
  }
  let arrive = () => {}
  const models = new Promise<AvailableModels>((resolve) => {
    arrive = () => resolve({ models: offered, filters: 'moderated', notice: null })
  })
  const guard = { assertMayRun() {}, newThreadOptions: () => options, models }
  return { agent: createAgentFacade(options, guard), arrive, requests }
}

describe('an agent whose models come late', () => {
  it('keeps a turn until they are there and then uses the default', async () => {
    const { agent, arrive, requests } = open()
    const turn = agent.send('Go')
    expect(agent.state.getState()).toMatchObject({ model: '', models: [], running: false })
    arrive()
    expect(await turn).toMatchObject({ status: 'done', message: 'Done.' })
    expect(requests.map(({ model }) => model)).toEqual(['first'])
    expect(agent.state.getState()).toMatchObject({ models: offered, filters: 'moderated' })
  })

  it('stops what was sent before they came', async () => {
    const { agent, arrive, requests } = open()
    const turn = agent.send('Go')
    const stopped = agent.stop()
    arrive()
    await stopped
    expect(await turn).toMatchObject({ status: 'stopped' })
    expect(requests).toEqual([])
  })

  it.each([
    ['second', 'second'],
    ['withdrawn', 'first'],
  ])('makes of the remembered “%s” the model “%s”', async (model, chosen) => {
    const { agent, arrive } = open({ model })
    arrive()
    await agent.stop()
    expect(agent.state.getState().model).toBe(chosen)
  })
})
