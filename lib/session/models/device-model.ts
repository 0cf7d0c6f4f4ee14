import { createStore, type StoreApi } from '@/lib/base'
import type { Model, ModelInfo } from '@/lib/models'
import { findPromptApi } from '@/lib/models/device/prompt-api'
import type { AvailableModels } from './load-models'

/** The browser's own model beside those of the server, where there is one. */
export interface DeviceModels {
  /** How far its download is, 0 to 1; null while none runs. */
  state: StoreApi<{ download: number | null; contextWindow: number | null }>
  /** Adds it to what the server offers, at the end. */
  beside(available: AvailableModels): Promise<AvailableModels>
  /** Answers in the browser when it is the one that is asked, else passes the request on. */
  route(server: Model): Model
}

export function createDeviceModels(scope: object = globalThis): DeviceModels {
  const api = findPromptApi(scope)
  const state = createStore<{ download: number | null; contextWindow: number | null }>(() => ({
    download: null,
    contextWindow: null,
  }))
  if (api === null) return { state, beside: async (available) => available, route: (server) => server }
  // Loaded where it is of use.
  const load = () => import('@/lib/models/device/device-model')
  let info: Promise<ModelInfo | null> | undefined
  const answer: Model = async function* (request, options) {
    const { createDeviceModel } = await load()
    const device = createDeviceModel({
      api,
      onDownload: (download) => state.setState({ download }),
      onContextWindow: (contextWindow) => state.setState({ contextWindow }),
    })
    yield* device(request, options)
  }
  return {
    state,
    async beside(available) {
      info ??= load().then(({ findDeviceModel }) => findDeviceModel(api))
      const found = await info
      return found ? { ...available, models: [...available.models, found] } : available
    },
    route: (server) =>
      async function* (request, options) {
        const found = await info
        yield* (found?.id === request.model ? answer : server)(request, options)
      },
  }
}
