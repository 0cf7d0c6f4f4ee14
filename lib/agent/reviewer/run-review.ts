import { createId, messageOf, sleep, untilAborted, VitrineError } from '@/lib/base'
import type { Model, ModelFailure, ResponseItem, ResponsesRequest, ToolDefinition, Usage } from '@/lib/models'
import { reviewPrompt } from '@/lib/prompts'
import { createWorkspace, type FileChange, type FileMap } from '@/lib/workspace'
import { toTellable } from '../calls/tellable'
import { prepareCall } from '../calls/tool-lookup'
import type { ReviewUse } from '../events'
import { createSeenFiles } from '../files/seen-files'
import { type CallItem, inputOf, isCall, message, outputOf, textOf } from '../history'
import { maxRetries, retryDelayMs } from '../retry'
import { addUsage, noUsage } from '../tokens/usage'
import { readFile } from '../tools/read-file'
import { search } from '../tools/search'
import { truncateOutput } from '../truncate'
import type { Tool, ToolContext } from '../types'
import { describeChanges } from './describe-changes'
import { type Report, readReport } from './read-findings'
import { reportFindings } from './report-tool'

export interface ReviewProgress {
  step: number
  /** What the reviewer does now, in words. */
  doing: string
}

export type ReviewerUse = Pick<ReviewUse, 'step' | 'usage' | 'durationMs'>

export interface RunReviewOptions {
  changes: readonly FileChange[]
  /** The project after the changes: all that the reviewer can read. */
  files: FileMap
  model: Model
  modelId: string
  signal: AbortSignal
  onProgress: (progress: ReviewProgress) => void
  /** Throws a sentence when no further response may be asked for. */
  assertMayGoOn: () => void
  /** Called with what each response used. */
  onUse: (use: ReviewerUse) => Promise<void>
  /** How it waits before it asks again; by the clock by default. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

export interface ReviewReport extends Report {
  /** Files whose changes were too long, binary or secret to be sent. */
  omitted: readonly string[]
  usage: Usage
  steps: number
}

const maxSteps = 24
const maxUnreadable = 2

/** The reviewer only looks: there is nothing else it could call. */
const tools: readonly Tool[] = [readFile, search]
const definitions: readonly ToolDefinition[] = [...tools.map((tool) => tool.definition), reportFindings]

/**
 * A reviewer of its own: it knows the changes and a copy of the project, nothing of the conversation, and can change
 * neither. Rejects with a sentence when it comes to no report, and with the signal's reason when it is stopped.
 */
export async function runReview(options: RunReviewOptions): Promise<ReviewReport> {
  const { files, signal, onProgress } = options
  const { text, omitted } = describeChanges(options.changes)
  const id = createId('review_')
  const history: ResponseItem[] = [
    message('developer', reviewPrompt.instructions),
    message('user', `<review-request>\nReview these changes.\n\n${text}\n</review-request>`),
  ]
  const context = readingContext(files, id, signal)
  let usage = noUsage
  let unreadable = 0
  for (let step = 1; step <= maxSteps; step++) {
    onProgress({ step, doing: step === 1 ? 'Reading the changes' : 'Thinking' })
    options.assertMayGoOn()
    const askedAt = performance.now()
    const response = await sample(history, id, options)
    await options.onUse({ step, usage: response.usage, durationMs: performance.now() - askedAt })
    usage = addUsage(usage, response.usage)
    if (response.failure) throw new VitrineError('upstream_error', `The review stopped: ${response.failure.message}`)
    history.push(...response.items)
    const calls = response.items.filter(isCall)
    const report = calls.find(({ name }) => name === reportFindings.name)
    if (report || calls.length === 0) {
      const read = readReport(report ? inputOf(report) : response.items.map(textOf).join('\n'), files)
      if (read.ok) return { ...read.report, omitted, usage, steps: step }
      if (++unreadable > maxUnreadable) throw noReport(`its report could not be read: ${read.problem}`)
      const again = reviewPrompt.again.replace('{problem}', read.problem)
      history.push(...calls.map((call) => outputOf(call, again)))
      if (calls.length === 0) history.push(message('user', again))
      continue
    }
    history.push(...(await runCalls(calls, context, (doing) => onProgress({ step, doing }))))
    if (step >= maxSteps - 2) history.push(message('developer', 'Call report_findings now, with what you have found.'))
  }
  throw noReport(`it took ${maxSteps} steps without an end.`)
}

function noReport(why: string): VitrineError {
  return new VitrineError('upstream_error', `The review came to no result: ${why}`)
}

async function runCalls(
  calls: readonly CallItem[],
  context: ToolContext,
  onDoing: (doing: string) => void,
): Promise<ResponseItem[]> {
  const outputs: ResponseItem[] = []
  for (const item of calls) {
    const prepared = prepareCall(tools, item)
    if (prepared.kind === 'refused') {
      outputs.push(outputOf(item, prepared.output))
      continue
    }
    onDoing(prepared.description.title)
    // Nobody is asked on the reviewer's behalf: what would need the user is not there for it.
    const needsUser = prepared.tool.effect(prepared.input, context.workspace) !== null
    const output = needsUser
      ? 'refused: a reviewer cannot read files that may hold secrets. Review the rest.'
      : (await prepared.tool.execute(prepared.input, { ...context, callId: item.call_id })).output
    outputs.push(outputOf(item, truncateOutput(toTellable(output))))
  }
  return outputs
}

interface Response {
  items: ResponseItem[]
  usage: Usage | null
  failure: ModelFailure | null
}

/** One whole response, asked for again while the server's trouble passes; `usage` is that of all tries. */
async function sample(history: readonly ResponseItem[], id: string, options: RunReviewOptions): Promise<Response> {
  const request: ResponsesRequest = {
    model: options.modelId,
    stream: true,
    input: [...history],
    tools: definitions,
    tool_choice: 'auto',
    parallel_tool_calls: true,
    store: false,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: id,
  }
  let usage: Usage | null = null
  for (let attempt = 1; ; attempt++) {
    const response = await ask(request, options)
    const { failure } = response
    if (response.usage) usage = addUsage(usage ?? noUsage, response.usage)
    if (failure === null || failure.kind === 'fatal' || attempt > maxRetries) return { ...response, usage }
    await (options.wait ?? sleep)(retryDelayMs(failure, attempt), options.signal)
  }
}

async function ask(request: ResponsesRequest, { model, signal }: RunReviewOptions): Promise<Response> {
  const items: ResponseItem[] = []
  const cut = { kind: 'retryable' as const, code: 'stream_cut', message: 'The response ended early.' }
  const stream = model(request, { signal })[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await untilAborted(stream.next(), signal)
      if (next.done) return { items, usage: null, failure: cut }
      if (next.value.type === 'item-end') items.push(next.value.item)
      if (next.value.type === 'completed') return { items, usage: next.value.usage, failure: null }
      if (next.value.type === 'failed') return { items, usage: next.value.usage ?? null, failure: next.value.error }
    }
  } catch (error) {
    signal.throwIfAborted()
    return { items, usage: null, failure: { kind: 'fatal', code: 'internal_error', message: messageOf(error) } }
  } finally {
    void stream.return?.()
  }
}

/** What the two reading tools get: a copy of the files, and nothing that runs or asks. */
function readingContext(files: FileMap, id: string, signal: AbortSignal): ToolContext {
  return {
    workspace: createWorkspace(files),
    sandbox: () => Promise.reject(new VitrineError('policy_denied', 'A reviewer runs nothing.')),
    synced: async () => undefined,
    signal,
    turnId: id,
    callId: '',
    ask: async () => null,
    preview: null,
    loadPackage: null,
    toolServers: null,
    images: false,
    seen: createSeenFiles(),
    symbols: async () => new Map(),
    emitOutput: () => undefined,
  }
}
