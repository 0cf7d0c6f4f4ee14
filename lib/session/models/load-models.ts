import { type ErrorCode, errorTable, messageOf, VitrineError } from '@/lib/base'
import type { ModelInfo } from '@/lib/models'
import type { AgentState } from '../types'
import type { OwnKey } from './own-key'

export interface AvailableModels {
  models: readonly ModelInfo[]
  filters: AgentState['filters']
  /** Where a key of the user's own would be sent; `off` where the operator wants none. */
  ownKeys: AgentState['ownKeys']
  /** Why there are none. */
  notice: string | null
}

/** Milliseconds. A server that says nothing for so long will not answer. */
const timeoutMs = 10_000

/** The models that this server offers. Never rejects: the editor works without the server. */
export async function loadModels(ownKey: OwnKey): Promise<AvailableModels> {
  try {
    return await askForModels(ownKey.headers())
  } catch (error) {
    // It was good when the tab kept it.
    const isRefused = error instanceof VitrineError && error.code === 'key_refused'
    if (ownKey.state.getState().place !== 'none' && isRefused) {
      ownKey.forget()
      const notice = `${error.message} It is forgotten; the server’s own model answers now.`
      return { ...(await loadModels(ownKey)), notice }
    }
    const notice = `The list of models could not be loaded (${messageOf(error)}); the agent cannot work until it is. Everything else does.`
    return { models: [], filters: 'basic', ownKeys: 'off', notice }
  }
}

/** Rejects with the server's own error, e.g. that it was told that a key is not valid. */
export async function askForModels(headers: Record<string, string>): Promise<AvailableModels> {
  const response = await fetch('/api/v1/models', { headers, signal: AbortSignal.timeout(timeoutMs) })
  if (!response.ok) throw await errorOf(response)
  const body: {
    data: { vitrine: ModelInfo }[]
    vitrine?: { filters?: AgentState['filters']; ownKeys?: AgentState['ownKeys'] }
  } = await response.json()
  return {
    models: body.data.map((entry) => entry.vitrine),
    filters: body.vitrine?.filters ?? 'basic',
    ownKeys: body.vitrine?.ownKeys ?? 'off',
    notice: null,
  }
}

async function errorOf(response: Response): Promise<Error> {
  const body: { error?: { code?: string; message?: string } } | null = await response.json().catch(() => null)
  const { code, message } = body?.error ?? {}
  if (code === undefined || message === undefined || !(code in errorTable)) {
    return new Error(`the server answered ${response.status}`)
  }
  return new VitrineError(code as ErrorCode, message)
}
