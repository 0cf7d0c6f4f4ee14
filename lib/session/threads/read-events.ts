import type { AgentEvent } from '@/lib/agent'

/** The recorded events among what storage or a link gave. The reader is loaded when there is something to read. */
export async function readEvents(values: readonly unknown[]): Promise<readonly AgentEvent[]> {
  if (values.length === 0) return []
  const { parseEvents } = await import('@/lib/agent/stored/parse-events')
  return parseEvents(values)
}
