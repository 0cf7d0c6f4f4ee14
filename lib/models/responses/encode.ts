/** An event as the Responses API sends it: a type, a running number, and what the type says. */
export interface WireEvent {
  type: string
  sequence_number: number
  [key: string]: unknown
}

/** An event as it stands in a stream. Its type must be one line. */
export function encodeSse(event: { type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
