import { mergeSignals, VitrineError } from '@/lib/base'
import type { ModelInfo } from '@/lib/models'
import { demoModelInfo } from '@/lib/models/scripted'
import { isOpenAi, modelIdPattern, type Settings } from './env'
import type { RouteContext } from './handle'
import { callUpstream } from './upstream'

/** What OpenAI's own server answers with when `VITRINE_MODELS` names nothing. */
const defaultOpenAiModels = ['gpt-5.5']
/** A page waits for this list. */
const listTimeoutMs = 5_000
const maxModels = 200

/**
 * The models a client may use, the first being the default. The operator's list wins, then what the upstream lists;
 * an upstream that lists nothing is taken for an OpenAI-like one.
 */
async function listModels(settings: Settings, signal: AbortSignal): Promise<ModelInfo[]> {
  if (settings.upstream === null) return [demoModelInfo]
  const ids = settings.models ?? (isOpenAi(settings) ? [] : await upstreamModels(settings, signal))
  return (ids.length > 0 ? ids : defaultOpenAiModels).map((id) => describeModel(id, settings))
}

/** Throws `model_not_allowed` when the server does not offer the model. Without a list of our own the upstream decides. */
export function requireModel(id: string, settings: Settings): void {
  const allowed =
    settings.upstream === null
      ? [demoModelInfo.id]
      : (settings.models ?? (isOpenAi(settings) ? defaultOpenAiModels : null))
  if (allowed === null ? modelIdPattern().test(id) : allowed.includes(id)) return
  const offered = allowed?.slice(0, 10).join(', ') ?? 'see GET /api/v1/models'
  throw new VitrineError('model_not_allowed', `This server does not offer that model (it offers ${offered}).`, {
    param: 'model',
  })
}

/** Empty when the upstream cannot or will not tell. */
async function upstreamModels(settings: Settings, signal: AbortSignal): Promise<string[]> {
  const body = await readList(settings, mergeSignals(signal, listTimeoutMs)).catch((error: unknown) => {
    if (error instanceof VitrineError && !signal.aborted) return null
    throw error
  })
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : null
  const ids = Array.isArray(data) ? data.map((entry: { id?: unknown } | null) => entry?.id) : []
  return ids.filter((id): id is string => typeof id === 'string' && modelIdPattern().test(id)).slice(0, maxModels)
}

async function readList(settings: Settings, signal: AbortSignal): Promise<unknown> {
  const response = await callUpstream({ settings, path: '/models', signal })
  if (response.ok) return response.json().catch(() => null)
  await response.body?.cancel()
  return null
}

/** Freeform tools with a grammar came with GPT-5; other servers mostly know function tools only. */
function describeModel(id: string, settings: Settings): ModelInfo {
  const isGpt5 = isOpenAi(settings) && /^gpt-(?:[5-9]|\d\d)/.test(id)
  const takesTemperature = isOpenAi(settings) ? /^gpt-4(?:\D|$)/.test(id) : true
  return {
    id,
    label: id,
    kind: 'upstream',
    freeformTools: isGpt5,
    contextWindow: isGpt5 ? 272_000 : null,
    takesTemperature,
    images: isGpt5,
    price: null,
  }
}

/** `GET /v1/models` in the OpenAI shape; `vitrine` says what each model can do and which filters stand in front. */
export async function models({ settings, request }: RouteContext): Promise<Response> {
  const list = await listModels(settings, request.signal)
  const owner = settings.upstream === null ? 'vitrine' : 'upstream'
  return Response.json({
    object: 'list',
    data: list.map((model) => ({ id: model.id, object: 'model', created: 0, owned_by: owner, vitrine: model })),
    vitrine: { filters: settings.moderationModel !== null && settings.upstream !== null ? 'moderated' : 'basic' },
  })
}
