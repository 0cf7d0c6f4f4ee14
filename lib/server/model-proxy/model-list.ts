import { mergeSignals, VitrineError } from '@/lib/base'
import type { ModelInfo } from '@/lib/models'
import { describeModel, isForAgents, type ListedModel, readListedModel } from '@/lib/models/catalog'
import { demoModelInfo } from '@/lib/models/scripted'
import { isOpenAi, modelIdPattern, type Settings } from '../env'
import type { RouteContext } from '../handle'
import { settingsFor } from './own-key'
import { callUpstream, keyRefused } from './upstream'

/** What OpenAI's own server answers with when `VITRINE_MODELS` names nothing. */
const defaultOpenAiModels: readonly string[] = ['gpt-5.5']
/** A page waits for this list. */
const listTimeoutMs = 5_000
const maxModels = 200
const maxListed = 2_000

/**
 * The models a client may use, the first being the default. The operator's list wins, then what the upstream lists;
 * an upstream that lists nothing is taken for an OpenAI-like one.
 */
async function listModels(settings: Settings, signal: AbortSignal): Promise<ModelInfo[]> {
  if (settings.upstream === null) return [demoModelInfo]
  const openAi = isOpenAi(settings)
  // A user's key is tried here first; OpenAI's list has nothing to add to the operator's choice or to the default.
  const listed = openAi && !settings.isOwnKey ? [] : await upstreamModels(settings, signal)
  const entries = chooseModels(listed, settings)
  return entries.map((entry) => describeModel(entry, { isOpenAi: openAi }))
}

function chooseModels(listed: readonly ListedModel[], settings: Settings): readonly ListedModel[] {
  const find = (id: string): ListedModel => listed.find((entry) => entry.id === id) ?? { id }
  if (settings.models) return settings.models.map(find)
  const usable = isOpenAi(settings) ? listed.filter(({ id }) => isForAgents(id)) : listed
  if (usable.length === 0) return defaultOpenAiModels.map(find)
  const isDefault = ({ id }: ListedModel) => defaultOpenAiModels.includes(id)
  return [...usable].sort((a, b) => Number(isDefault(b)) - Number(isDefault(a))).slice(0, maxModels)
}

/** Throws `model_not_allowed` when the server does not offer the model. Without a list of our own the upstream decides. */
export function requireModel(id: string, settings: Settings): void {
  const allowed =
    settings.upstream === null
      ? [demoModelInfo.id]
      : (settings.models ?? (isOpenAi(settings) && !settings.isOwnKey ? defaultOpenAiModels : null))
  if (allowed === null ? modelIdPattern().test(id) : allowed.includes(id)) return
  const offered = allowed?.slice(0, 10).join(', ') ?? 'see GET /api/v1/models'
  throw new VitrineError('model_not_allowed', `This server does not offer that model (it offers ${offered}).`, {
    param: 'model',
  })
}

/** Empty when the upstream cannot or will not tell; whoever brings a key of their own hears why. */
async function upstreamModels(settings: Settings, signal: AbortSignal): Promise<ListedModel[]> {
  const body = await readList(settings, mergeSignals(signal, listTimeoutMs)).catch((error: unknown) => {
    if (!(error instanceof VitrineError) || signal.aborted) throw error
    if (!settings.isOwnKey) return null
    throw error.code === 'aborted'
      ? new VitrineError('upstream_timeout', 'The model server did not answer in time.', { cause: error })
      : error
  })
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : null
  const entries = Array.isArray(data) ? data.slice(0, maxListed).map(readListedModel) : []
  return entries.filter((entry) => entry !== null).filter(({ id }) => modelIdPattern().test(id))
}

async function readList(settings: Settings, signal: AbortSignal): Promise<unknown> {
  const response = await callUpstream({ settings, path: '/models', signal })
  if (response.ok) return response.json().catch(() => null)
  await response.body?.cancel()
  const isRefusal = response.status === 401 || response.status === 403
  if (settings.isOwnKey && isRefusal) throw keyRefused(response.status, settings)
  return null
}

/** `GET /v1/models` in the OpenAI shape; `vitrine` says what each model can do and which filters stand in front. */
export async function models(context: RouteContext): Promise<Response> {
  const { request } = context
  const settings = settingsFor(request, context.settings)
  if (settings.isOwnKey) context.note({ ownKey: true })
  const list = await listModels(settings, request.signal)
  const owner = settings.upstream === null ? 'vitrine' : 'upstream'
  return Response.json({
    object: 'list',
    data: list.map((model) => ({ id: model.id, object: 'model', created: 0, owned_by: owner, vitrine: model })),
    vitrine: {
      filters: settings.moderationModel !== null && settings.upstream !== null ? 'moderated' : 'basic',
      ownKeys: ownKeysOf(context.settings),
    },
  })
}

/** Where a key of the user's own would go: to OpenAI, or to the server that the operator chose. */
function ownKeysOf(settings: Settings): 'off' | 'openai' | 'operator' {
  if (!settings.ownKeys) return 'off'
  return settings.upstream === null || isOpenAi(settings) ? 'openai' : 'operator'
}
