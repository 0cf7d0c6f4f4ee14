/** An event as the Responses API sends it: a type, a running number, and what the type says. */
export interface WireEvent {
  type: string
  sequence_number: number
  [key: string]: unknown
}

export function encodeSse(event: WireEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
