import { beforeEach, describe, expect, it } from 'vitest'
import { reply, say, scriptedModel } from '@/lib/agent/testing/scripted'
import { createWorld } from '@/lib/agent/testing/world'
import { VitrineError } from '@/lib/base'
import { type ModelInfo, ownKeyHeader } from '@/lib/models'
import { createPromptApi } from '@/lib/models/device/testing/prompt-api-stand-in'
import { createAgentFacade, type OpenThread } from './agent-facade'
import { createDeviceModels } from './models/device-model'
import type { AvailableModels } from './models/load-models'
import { createOwnKey } from './models/own-key'

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

const opened: ModelInfo[] = offered.slice(0, 1).map((info) => ({ ...info, id: 'mine', label: 'mine' }))

let storage = memoryStorage()
beforeEach(() => {
  storage = memoryStorage()
})

function memoryStorage() {
  const values = new Map<string, string>()
  return {
    values,
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
    removeItem: (name: string) => void values.delete(name),
  }
}

function open({ model = '', scope = {} as object } = {}) {
  const { dependencies } = createWorld()
  const { model: callModel, requests } = scriptedModel([reply(say('Done.'))])
  const device = createDeviceModels(scope)
  const options: OpenThread = {
    id: 'thread',
    events: [],
    policy: 'review',
    allowedRules: [],
    model,
    callModel: device.route(callModel),
    save: async () => {},
    world: dependencies,
  }
  let arrive = () => {}
  const models = new Promise<AvailableModels>((resolve) => {
    arrive = () => resolve({ models: offered, filters: 'moderated', ownKeys: 'openai', notice: null })
  })
  const asked: Record<string, string>[] = []
  const ownKey = createOwnKey(() => storage)
  const askForModels = async (headers: Record<string, string>): Promise<AvailableModels> => {
    asked.push(headers)
    if (headers[ownKeyHeader] === 'sk-wrong-key') throw new VitrineError('key_refused', 'The key was refused.')
    const models = headers[ownKeyHeader] ? [...offered.slice(0, 1), ...opened] : offered
    return { models, filters: 'basic', ownKeys: 'openai', notice: null }
  }
  const guard = {
    assertMayRun() {},
    newThreadOptions: () => options,
    models,
    ownKey,
    device,
    askForModels,
  }
  return { agent: createAgentFacade(options, guard), arrive, requests, asked, ownKey }
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

describe('a key of the user’s own', () => {
  const key = 'sk-CANARY-0123456789'
  const ready = async () => {
    const session = open()
    session.arrive()
    await session.agent.stop()
    return session
  }

  it('opens its models, is in no state, and goes into requests alone', async () => {
    const { agent, ownKey, asked } = await ready()
    await agent.useOwnKey(key, { keepInTab: false })
    expect(asked).toEqual([{ [ownKeyHeader]: key }])
    expect(agent.state.getState()).toMatchObject({ ownKey: 'memory' })
    expect(agent.state.getState().models.map(({ id }) => id)).toEqual(['first', 'mine'])
    expect(ownKey.headers()).toEqual({ [ownKeyHeader]: key })
    expect(JSON.stringify([agent.state.getState(), ownKey.state.getState(), ...storage.values])).not.toContain('CANARY')
  })

  it('is kept for the tab only when the user says so, and forgotten everywhere at once', async () => {
    const { agent } = await ready()
    await agent.useOwnKey(key, { keepInTab: true })
    expect([...storage.values.values()]).toEqual([key])
    expect(createOwnKey(() => storage).headers()).toEqual({ [ownKeyHeader]: key })
    await agent.useOwnKey(key, { keepInTab: false })
    expect([...storage.values]).toEqual([])
    await agent.forgetOwnKey()
    expect(agent.state.getState()).toMatchObject({ ownKey: 'none', models: offered })
    expect(createOwnKey(() => storage).headers()).toEqual({})
  })

  it('that is refused leaves everything as it was', async () => {
    const { agent, ownKey } = await ready()
    await expect(agent.useOwnKey('sk-wrong-key', { keepInTab: true })).rejects.toThrow('The key was refused.')
    expect(agent.state.getState()).toMatchObject({ ownKey: 'none', models: offered })
    expect([ownKey.headers(), [...storage.values]]).toEqual([{}, []])
  })

  it('works in a browser that refuses storage, in memory', async () => {
    const { agent, ownKey } = await ready()
    storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    await agent.useOwnKey(key, { keepInTab: true })
    expect(agent.state.getState().ownKey).toBe('memory')
    expect(ownKey.headers()).toEqual({ [ownKeyHeader]: key })
  })
})

describe('the browser’s own model', () => {
  it('stands at the end of the list and answers in the browser', async () => {
    const standIn = createPromptApi({ answers: ['{"answer":"Here."}'], downloads: [0.5], availability: 'downloadable' })
    const scope = { LanguageModel: Object.assign(() => {}, standIn.api) }
    const { agent, arrive, requests } = open({ scope })
    const downloads = new Set<number | null>()
    agent.state.subscribe(({ download }) => downloads.add(download))
    arrive()
    await agent.stop()
    expect(agent.state.getState().models.map(({ kind }) => kind)).toEqual(['upstream', 'upstream', 'device'])
    agent.setModel('browser-model')
    expect(await agent.send('Go')).toMatchObject({ status: 'done', message: 'Here.', cost: 0 })
    expect(requests).toEqual([])
    expect([...downloads]).toContain(0.5)
    expect(agent.state.getState()).toMatchObject({ download: null })
    expect(agent.state.getState().models[2]).toMatchObject({ contextWindow: 10_000, needsDownload: false })
  })
})
