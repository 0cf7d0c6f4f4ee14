import { createId, VitrineError } from '@/lib/base'
import { checkPrompt } from '@/lib/safety'
import type { RouteContext } from '../handle'
import { callUpstream, relayFailure } from './upstream'

const maxInputs = 64

interface ModerationResult {
  flagged: boolean
  categories: Record<string, boolean>
  category_scores: Record<string, number>
}

/**
 * `POST /v1/moderations`: the verdict of our own heuristics and, when a moderation model is set, of that model, in one
 * result an input. Categories nobody judged are left out rather than called harmless.
 */
export async function moderate({ body, settings, request }: RouteContext): Promise<Response> {
  const inputs = toInputs(body.input)
  const own = inputs.map(judge)
  const id = createId('modr_')
  if (settings.moderationModel === null || settings.upstream === null) {
    return Response.json({ id, model: 'vitrine-basic', results: own })
  }
  const model = settings.moderationModel
  const response = await callUpstream({
    settings,
    path: '/moderations',
    body: { model, input: inputs },
    signal: request.signal,
  })
  if (!response.ok) return relayFailure(response, settings)
  const judged = toResults(await response.json().catch(() => null))
  if (judged.length !== inputs.length)
    throw new VitrineError('upstream_error', 'The moderation model did not judge every input.')
  return Response.json({ id, model, results: own.map((result, index) => merge(result, judged[index])) })
}

function toInputs(input: unknown): string[] {
  const list = Array.isArray(input) ? input : [input]
  if (list.length === 0 || list.length > maxInputs) throw invalid(`“input” must hold 1 to ${maxInputs} texts.`)
  return list.map((entry: unknown) => {
    if (typeof entry === 'string') return entry
    const isTextPart = typeof entry === 'object' && entry !== null && 'text' in entry && typeof entry.text === 'string'
    if (!isTextPart) throw invalid('“input” must be a text or a list of texts; images are not judged.')
    return entry.text as string
  })
}

function judge(text: string): ModerationResult {
  const check = checkPrompt(text)
  const names = ['injection', 'jailbreak', 'exfiltration', 'harm', 'hidden-text', 'secret'] as const
  const categories = Object.fromEntries(names.map((name) => [`vitrine/${name}`, check.categories.includes(name)]))
  return {
    flagged: check.flagged,
    categories,
    category_scores: Object.fromEntries(Object.entries(categories).map(([name, hit]) => [name, hit ? 1 : 0])),
  }
}

function toResults(body: unknown): ModerationResult[] {
  const results = typeof body === 'object' && body !== null && 'results' in body ? body.results : null
  if (!Array.isArray(results)) return []
  return results.map((result: Partial<ModerationResult> | null) => ({
    flagged: result?.flagged === true,
    categories: { ...result?.categories },
    category_scores: { ...result?.category_scores },
  }))
}

function merge(own: ModerationResult, judged: ModerationResult | undefined): ModerationResult {
  return {
    flagged: own.flagged || judged?.flagged === true,
    categories: { ...judged?.categories, ...own.categories },
    category_scores: { ...judged?.category_scores, ...own.category_scores },
  }
}

function invalid(message: string): VitrineError {
  return new VitrineError('invalid_request', message, { param: 'input' })
}
