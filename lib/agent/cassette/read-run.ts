import { type ModelEvent, picturesOf, type ResponseItem } from '@/lib/models'
import type { RecordedResponse } from '@/lib/models/replay'
import type { AgentEvent } from '../events'
import { isCall, isOutput } from '../history'
import { withoutRepetitionNote } from '../limits/progress-watch'
import type { RecordedRun } from './cassette'

/** What the model and the tools gave, as the events of one turn or one attempt tell it. */
export function readRun(events: readonly AgentEvent[]): RecordedRun {
  const results: RecordedRun['results'] = {}
  for (const event of events) {
    if (event.type === 'tool-end') {
      const { image: _, ...result } = event.result
      results[event.callId] = { ...result, output: withoutRepetitionNote(result.output) }
    }
    if (event.type === 'history') addPictures(results, event.items)
  }
  return { responses: readResponses(events), results, effects: {} }
}

/** What tools showed is recorded in their outputs. */
function addPictures(results: RecordedRun['results'], items: readonly ResponseItem[]): void {
  for (const item of items.filter(isOutput)) {
    const [image] = picturesOf(item)
    const result = results[item.call_id]
    if (image !== undefined && result) result.image = image
  }
}

/** The model's side, item by item: how finely a response was cut into deltas is not kept. */
function readResponses(events: readonly AgentEvent[]): RecordedResponse[] {
  const responses: { items: number; events: ModelEvent[] }[] = []
  let index = 0
  for (const event of events) {
    const current = responses.at(-1)
    if (event.type === 'step-start') {
      responses.push({ items: event.items, events: [] })
      index = 0
    } else if (event.type === 'history' && current && isOpen(current)) {
      for (const item of event.items.filter(isOfModel)) {
        current.events.push(
          { type: 'item-start', index, item: begun(item) },
          { type: 'item-end', index: index++, item },
        )
      }
    } else if (event.type === 'step-end') {
      current?.events.push(
        event.failure
          ? { type: 'failed', error: event.failure, ...(event.usage && { usage: event.usage }) }
          : { type: 'completed', responseId: `response-${event.step}`, usage: event.usage },
      )
    }
  }
  return responses
}

/** Its end is not in the recording: the turn was stopped or cut meanwhile. */
export function isOpen({ events }: RecordedResponse): boolean {
  const last = events.at(-1)?.type
  return last !== 'completed' && last !== 'failed'
}

function isOfModel(item: ResponseItem): boolean {
  return isCall(item) || item.type === 'reasoning' || (item.type === 'message' && item.role === 'assistant')
}

function begun(item: ResponseItem): ResponseItem {
  if (item.type === 'message') return { ...item, content: [] }
  if (item.type === 'function_call') return { ...item, arguments: '' }
  return item.type === 'custom_tool_call' ? { ...item, input: '' } : item
}
