import { messageOf, sleep } from '@/lib/base'
import {
  compactionTrigger,
  isSealedCompaction,
  type Model,
  type ModelFailure,
  outputText,
  type ResponseItem,
  type ResponsesRequest,
  type Usage,
  withoutPictures,
} from '@/lib/models'
import { compactionPrompt } from '@/lib/prompts'
import { isOutput, message, textOf } from '../history'
import { retryDelayMs } from '../retry'
import { truncateMiddle } from '../truncate'

/**
 * What stands for older steps: a text everyone can read, or an item only the model's server can. `refusal` says why it
 * is the text where the server was to do it.
 */
export type Summary = { ok: true; item: ResponseItem; text: string; refusal?: string } | { ok: false; message: string }

export interface SummaryOptions {
  /** Of the request that would come next: same history, tools and key, so that its prefix is in the cache. */
  request: ResponsesRequest
  model: Model
  signal: AbortSignal
  /** Called with what each response used, whatever becomes of it. */
  onUse: (usage: Usage) => void
  /** The model's server is to shorten it. */
  byServer: boolean
  /** Cuts long outputs and leaves pictures out first: the history does not fit as it is. */
  shrink?: boolean
}

const maxTries = 3
/** Characters; a note longer than this is none. */
const maxSummary = 32_000
const shrunkOutputTokens = 300

/** Has a whole history summarised: by the model's server, else by the model. Never rejects but when `signal` aborts. */
export async function summarise(options: SummaryOptions): Promise<Summary> {
  const sealed = options.byServer ? await askServer(options) : null
  if (sealed?.ok) return sealed
  const written = await askModel(options)
  return written.ok && sealed ? { ...written, refusal: sealed.message } : written
}

/** Once: the model can do it as well, and its tries come after. */
async function askServer(options: SummaryOptions): Promise<Summary> {
  const request = { ...options.request, input: [...historyOf(options), compactionTrigger] }
  const { items, failure } = await ask(request, options)
  if (failure) return { ok: false, message: failure.message }
  const [sealed, more] = items.filter(isSealedCompaction)
  if (sealed && !more) return { ok: true, item: sealed, text: '' }
  return { ok: false, message: 'The model’s server did not answer with one compaction.' }
}

async function askModel(options: SummaryOptions): Promise<Summary> {
  const input = [...historyOf(options), message('user', compactionPrompt.request)]
  const request: ResponsesRequest = { ...options.request, input, tool_choice: 'none' }
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(request, options)
    if (answer.failure === null) return read(answer.items)
    if (answer.failure.kind === 'fatal' || attempt === maxTries) return { ok: false, message: answer.failure.message }
    await sleep(retryDelayMs(answer.failure, attempt), options.signal)
  }
}

function historyOf({ request, shrink = false }: SummaryOptions): readonly ResponseItem[] {
  return shrink ? request.input.map(shrunk) : request.input
}

/** Long outputs cut, pictures left out. */
function shrunk(item: ResponseItem): ResponseItem {
  if (!isOutput(item)) return withoutPictures(item)
  return { ...item, output: truncateMiddle(outputText(item.output), { mode: 'tokens', limit: shrunkOutputTokens }) }
}

interface Answer {
  items: ResponseItem[]
  failure: ModelFailure | null
}

async function ask(request: ResponsesRequest, { model, signal, onUse }: SummaryOptions): Promise<Answer> {
  const items: ResponseItem[] = []
  try {
    for await (const event of model(request, { signal })) {
      if (event.type === 'item-end') items.push(event.item)
      if (event.type !== 'completed' && event.type !== 'failed') continue
      if (event.usage) onUse(event.usage)
      return { items, failure: event.type === 'failed' ? event.error : null }
    }
  } catch (error) {
    signal.throwIfAborted()
    return { items, failure: { kind: 'fatal', code: 'internal_error', message: messageOf(error) } }
  }
  return {
    items,
    failure: { kind: 'retryable', code: 'stream_cut', message: 'The response ended early.' },
  }
}

function read(items: readonly ResponseItem[]): Summary {
  const text = items.map(textOf).join('\n\n').trim().slice(0, maxSummary)
  if (text === '') return { ok: false, message: 'The model wrote no summary.' }
  return { ok: true, item: summaryItem(text), text }
}

/** The note cannot close its own tag, nor pretend to be another part of the context. */
function summaryItem(text: string): ResponseItem {
  const safe = text.replaceAll(
    /<(?=\/?(?:summary-of|environment|session|project-instructions|attachments|review-outcomes))/gi,
    '‹',
  )
  return message(
    'user',
    `<summary-of-earlier-steps>\n${compactionPrompt.preface}\n\n${safe}\n</summary-of-earlier-steps>`,
  )
}
