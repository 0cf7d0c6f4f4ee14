import type { AgentEvent } from './events'

type Kind = 'string' | 'number' | 'object' | 'array'

/** The fields that a reader of a recorded event relies on. Deltas are never recorded. */
const shapes: Partial<Record<AgentEvent['type'], Record<string, Kind>>> = {
  'turn-start': { text: 'string', mode: 'string', model: 'string', policy: 'string' },
  'step-start': { step: 'number', items: 'number', bytes: 'number' },
  'text-start': { itemKey: 'string' },
  'text-end': { itemKey: 'string', text: 'string' },
  'reasoning-end': { itemKey: 'string', text: 'string' },
  'tool-call-start': { callId: 'string', tool: 'string' },
  'tool-call-ready': { callId: 'string', tool: 'string', input: 'string' },
  'approval-request': { approval: 'object' },
  'approval-decision': { id: 'string', callId: 'string', decision: 'string' },
  'tool-start': { callId: 'string', tool: 'string', title: 'string', detail: 'string' },
  'tool-end': { callId: 'string', tool: 'string', result: 'object', durationMs: 'number' },
  'step-end': { step: 'number', durationMs: 'number' },
  history: { items: 'array' },
  checkpoint: { checkpointId: 'string', label: 'string' },
  steer: { text: 'string' },
  retry: { attempt: 'number', maxAttempts: 'number', delayMs: 'number', reason: 'string' },
  notice: { level: 'string', message: 'string' },
  'turn-end': { result: 'object' },
}

const base: Record<string, Kind> = { seq: 'number', at: 'number', turnId: 'string' }

/** The recorded events among what a link or a file carried; anything else is left out. For showing, not for resuming. */
export function parseEvents(values: readonly unknown[]): AgentEvent[] {
  return values.filter(isRecordedEvent)
}

function isRecordedEvent(value: unknown): value is AgentEvent {
  if (!isRecord(value) || typeof value.type !== 'string') return false
  const shape = shapes[value.type as AgentEvent['type']]
  return shape !== undefined && hasShape(value, base) && hasShape(value, shape)
}

function hasShape(value: Record<string, unknown>, shape: Record<string, Kind>): boolean {
  return Object.entries(shape).every(([field, kind]) => {
    const found = value[field]
    if (kind === 'array') return Array.isArray(found)
    if (kind === 'object') return isRecord(found)
    return typeof found === kind
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
