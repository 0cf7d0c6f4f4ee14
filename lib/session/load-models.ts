import { messageOf } from '@/lib/base'
import type { ModelInfo } from '@/lib/models'
import type { AgentState } from './types'

export interface AvailableModels {
  models: readonly ModelInfo[]
  filters: AgentState['filters']
  /** Why there are none. */
  notice: string | null
}

/** Milliseconds. A server that says nothing for so long will not answer. */
const timeoutMs = 10_000

/** The models that this server offers. Never rejects: the editor works without the server. */
export async function loadModels(): Promise<AvailableModels> {
  try {
    const response = await fetch('/api/v1/models', { signal: AbortSignal.timeout(timeoutMs) })
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    const body: { data: { vitrine: ModelInfo }[]; vitrine?: { filters?: AgentState['filters'] } } =
      await response.json()
    return { models: body.data.map((entry) => entry.vitrine), filters: body.vitrine?.filters ?? 'basic', notice: null }
  } catch (error) {
    const notice = `The list of models could not be loaded (${messageOf(error)}); the agent cannot work until it is. Everything else does.`
    return { models: [], filters: 'basic', notice }
  }
}
