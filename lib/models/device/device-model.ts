import { createId, isAbort, messageOf } from '@/lib/base'
import type { Model, ModelEvent, ModelFailure, ModelInfo, ResponseItem, Usage } from '../types'
import { answerSchema, readAnswer, toConversation } from './conversation'
import type { PromptApi, PromptSession } from './prompt-api'

export const deviceModelId = 'browser-model'

export interface DeviceModelOptions {
  api: PromptApi
  /** 0 to 1 while the browser fetches the model, null when it has it. */
  onDownload(ratio: number | null): void
  /** Known once a session stands. */
  onContextWindow(tokens: number): void
}

/**
 * The model that comes with the browser, as a `Model`: nothing it is told leaves the device. It answers whole, not word
 * by word, since what it says is a JSON object: its own words or one call of a tool.
 */
export function createDeviceModel({ api, onDownload, onContextWindow }: DeviceModelOptions): Model {
  return async function* answer(request, { signal }): AsyncGenerator<ModelEvent> {
    signal.throwIfAborted()
    const responseId = createId('device_')
    let session: PromptSession | null = null
    try {
      const { before, last } = toConversation(request)
      session = await api.create({
        initialPrompts: before,
        signal,
        monitor: (monitor) => monitor.addEventListener('downloadprogress', (event) => onDownload(loadedOf(event))),
      })
      onDownload(null)
      onContextWindow(session.contextWindow)
      yield { type: 'created', responseId, model: request.model }
      const isFree = request.tool_choice === 'none'
      const constraint = isFree ? {} : { responseConstraint: answerSchema(request.tools) }
      const inputTokens = session.contextUsage + (await session.measureContextUsage(last, constraint))
      const text = await session.prompt(last, { signal, ...constraint })
      yield* toEvents(isFree ? { answer: text } : readAnswer(text))
      yield { type: 'completed', responseId, usage: usageOf(inputTokens, session.contextUsage) }
    } catch (error) {
      if (signal.aborted || isAbort(error)) throw error
      yield { type: 'failed', error: toFailure(error) }
    } finally {
      onDownload(null)
      session?.destroy()
    }
  }
}

/** Null where this browser has no model, or none that runs on this device. */
export async function findDeviceModel(api: PromptApi): Promise<ModelInfo | null> {
  const availability = await api.availability().catch(() => 'unavailable' as const)
  if (availability === 'unavailable') return null
  return {
    id: deviceModelId,
    label: 'The browser’s own model',
    kind: 'device',
    freeformTools: false,
    contextWindow: null,
    price: { input: 0, cachedInput: 0, output: 0 },
    needsDownload: availability !== 'available',
  }
}

function* toEvents(answer: ReturnType<typeof readAnswer>): Generator<ModelEvent> {
  const index = 0
  if ('tool' in answer) {
    const item = { type: 'function_call', call_id: createId('call_'), name: answer.tool } as const
    yield { type: 'item-start', index, item: { ...item, arguments: '' } }
    yield { type: 'tool-input-delta', index, delta: answer.arguments }
    yield { type: 'item-end', index, item: { ...item, arguments: answer.arguments } }
    return
  }
  const item: ResponseItem = {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text: answer.answer }],
  }
  yield { type: 'item-start', index, item: { ...item, content: [] } }
  yield { type: 'text-delta', index, delta: answer.answer }
  yield { type: 'item-end', index, item }
}

function usageOf(inputTokens: number, totalTokens: number): Usage {
  const outputTokens = Math.max(0, Math.round(totalTokens - inputTokens))
  return {
    inputTokens: Math.round(inputTokens),
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens,
    reasoningTokens: 0,
    totalTokens: Math.round(inputTokens) + outputTokens,
  }
}

function toFailure(error: unknown): ModelFailure {
  const name = error instanceof Error ? error.name : ''
  if (name === 'QuotaExceededError') {
    const message = 'The conversation does not fit into the browser’s own model.'
    return { kind: 'fatal', code: 'context_length_exceeded', message }
  }
  if (name === 'NotAllowedError') {
    const message = 'The browser fetches its model only right after a press of yours. Press Retry.'
    return { kind: 'fatal', code: 'upstream_error', message }
  }
  return { kind: 'fatal', code: 'upstream_error', message: `The browser’s own model failed: ${messageOf(error)}` }
}

function loadedOf(event: Event): number | null {
  const loaded = 'loaded' in event ? Number(event.loaded) : Number.NaN
  return loaded >= 0 && loaded < 1 ? loaded : null
}
