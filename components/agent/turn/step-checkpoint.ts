import type { AgentEvent } from '@/lib/agent'

/** The checkpoint made at the end of the step that a call was part of; null while there is none. */
export function checkpointAfter(events: readonly AgentEvent[], callId: string): string | null {
  const ended = events.findIndex((event) => event.type === 'tool-end' && event.callId === callId)
  if (ended === -1) return null
  const next = events
    .slice(ended)
    .find(({ type }) => type === 'checkpoint' || type === 'step-start' || type === 'turn-end')
  return next?.type === 'checkpoint' ? next.checkpointId : null
}
