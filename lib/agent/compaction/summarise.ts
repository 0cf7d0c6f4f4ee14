import { messageOf, sleep } from '@/lib/base'
import {
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

/** What stands for older steps: a text everyone can read, or an item only the model's server can. */
export type Summary =
  | { ok: true; item: ResponseItem; text: string; usage: Usage | null }
  | { ok: false; message: string; usage: Usage | null }

export interface SummaryOptions {
  /** Of the request that would come next: same history, tools and key, so that its prefix is in the cache. */
  request: ResponsesRequest
  model: Model
  signal: AbortSignal
  /** The model's server shortens by itself when the input ends with a `compaction_trigger`. */
  byServer: boolean
  /** Cuts long outputs and leaves pictures out first: the history does not fit as it is. */
  shrink?: boolean
}

const maxTries = 3
/** Characters; a note longer than this is none. */
const maxSummary = 32_000
const shrunkOutputTokens = 300

/** Asks the model for a summary of a whole history. Never rejects but when `signal` aborts. */
export async function summarise(options: SummaryOptions): Promise<Summary> {
  const request = summaryRequest(options)
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(request, options)
    if (answer.failure === null) return read(answer, options.byServer)
    if (answer.failure.kind === 'fatal' || attempt === maxTries) {
      return { ok: false, message: answer.failure.message, usage: answer.usage }
    }
    await sleep(retryDelayMs(answer.failure, attempt), options.signal)
  }
}

function summaryRequest({ request, byServer, shrink = false }: SummaryOptions): ResponsesRequest {
  const input = shrink ? request.input.map(shrunk) : request.input
  if (byServer) return { ...request, input: [...input, compactionTrigger] }
  return { ...request, input: [...input, message('user', compactionPrompt.request)], tool_choice: 'none' }
}

const compactionTrigger = { type: 'compaction_trigger' } as unknown as ResponseItem

/** Long outputs cut, pictures left out. */
function shrunk(item: ResponseItem): ResponseItem {
  if (!isOutput(item)) return withoutPictures(item)
  return { ...item, output: truncateMiddle(outputText(item.output), { mode: 'tokens', limit: shrunkOutputTokens }) }
}

interface Answer {
  items: ResponseItem[]
  usage: Usage | null
  failure: ModelFailure | null
}

async function ask(request: ResponsesRequest, { model, signal }: SummaryOptions): Promise<Answer> {
  const items: ResponseItem[] = []
  try {
    for await (const event of model(request, { signal })) {
      if (event.type === 'item-end') items.push(event.item)
      if (event.type === 'completed') return { items, usage: event.usage, failure: null }
      if (event.type === 'failed') return { items, usage: null, failure: event.error }
    }
  } catch (error) {
    signal.throwIfAborted()
    return { items, usage: null, failure: { kind: 'fatal', code: 'internal_error', message: messageOf(error) } }
  }
  return {
    items,
    usage: null,
    failure: { kind: 'retryable', code: 'stream_cut', message: 'The response ended early.' },
  }
}

function read({ items, usage }: Answer, byServer: boolean): Summary {
  if (byServer) {
    const [sealed, more] = items.filter(({ type }) => String(type) === 'compaction')
    if (sealed && !more) return { ok: true, item: sealed, text: '', usage }
    return { ok: false, message: 'The model’s server did not answer with one compaction.', usage }
  }
  const text = items.map(textOf).join('\n\n').trim().slice(0, maxSummary)
  if (text === '') return { ok: false, message: 'The model wrote no summary.', usage }
  return { ok: true, item: summaryItem(text), text, usage }
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
