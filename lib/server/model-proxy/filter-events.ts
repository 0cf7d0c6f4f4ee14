import { createSecretHoldback, maskSecrets, type SecretHoldback, scanSecrets } from '@/lib/safety'

/** An event of a Responses stream as it stands on the wire; unknown kinds included. */
export interface StreamEvent {
  type: string
  [field: string]: unknown
}

const textDelta = /^response\.(?:output_text|refusal|reasoning_text|reasoning_summary_text)\.delta$/
const toolDelta = /^response\.(?:function_call_arguments|custom_tool_call_input)\.delta$/
const freeformDelta = 'response.custom_tool_call_input.delta'
const terminal = /^(?:response\.(?:completed|failed|incomplete)|error)$/

/**
 * Keeps secrets out of a model's stream.
 * - Text is held back until no secret can be cut by it; secrets become `«secret:<rule>»`, also in the `done` events.
 * - A tool call is never changed: a masked patch would damage the file it touches, and the call runs in the user's own
 *   sandbox, which has no network. What looks like a secret is reported before the call is whole, and held until then.
 *   Arguments are held whole, since nobody can act on a part; freeform text (a patch) streams, so that it can be watched.
 * Each finding is told by a `vitrine.filter` event, which other clients skip. Events are numbered anew.
 */
export async function* filterEvents(
  events: AsyncIterable<StreamEvent>,
  report: (rule: string) => void = () => {},
): AsyncGenerator<StreamEvent> {
  const filter = createEventFilter(report)
  let sequence = 0
  for await (const event of events) {
    for (const out of filter.take(event)) {
      yield 'sequence_number' in out ? { ...out, sequence_number: sequence++ } : out
    }
  }
  // The stream may end without its last event; text that was held is shown, a partial call is not.
  for (const out of filter.flushText(() => true))
    yield 'sequence_number' in out ? { ...out, sequence_number: sequence++ } : out
}

/** The whole answer of a request that did not stream. */
export function filterResponse(response: unknown, report: (rule: string) => void = () => {}): unknown {
  if (!isRecord(response) || !Array.isArray(response.output)) return response
  return { ...response, output: response.output.map((item) => filterItem(item, report)) }
}

interface HeldText {
  holdback: SecretHoldback
  last: StreamEvent
}

interface HeldCall {
  text: string
  /** Characters of the text that went out. */
  released: number
  holdback: SecretHoldback
  /** A secret was met. */
  sealed: boolean
  last: StreamEvent
}

function createEventFilter(report: (rule: string) => void) {
  const texts = new Map<string, HeldText>()
  const calls = new Map<string, HeldCall>()

  function takeText(event: StreamEvent, delta: string): StreamEvent[] {
    const key = partKey(event)
    const held = texts.get(key) ?? { holdback: createSecretHoldback(), last: event }
    held.last = event
    texts.set(key, held)
    return emit(held, held.holdback.push(delta))
  }

  function emit({ holdback, last }: HeldText, text: string): StreamEvent[] {
    const out: StreamEvent[] = text === '' ? [] : [{ ...last, delta: text }]
    return [...out, ...holdback.masked().map((rule) => note('masked', rule, last))]
  }

  function flushText(isMeant: (held: HeldText) => boolean): StreamEvent[] {
    const out: StreamEvent[] = []
    for (const [key, held] of texts) {
      if (!isMeant(held)) continue
      texts.delete(key)
      out.push(...emit(held, held.holdback.flush()))
    }
    return out
  }

  function note(action: 'masked' | 'flagged', rule: string, about: StreamEvent): StreamEvent {
    report(`${action}:${rule}`)
    return { type: 'vitrine.filter', action, rule, output_index: about.output_index ?? null }
  }

  function takeCall(event: StreamEvent, delta: string): StreamEvent[] {
    const key = itemKey(event)
    const held = calls.get(key) ?? {
      text: '',
      released: 0,
      holdback: createSecretHoldback(),
      sealed: false,
      last: event,
    }
    calls.set(key, held)
    held.text += delta
    held.last = event
    if (event.type !== freeformDelta) return []
    const clear = held.holdback.push(delta)
    // From a secret on, nothing more goes out before the end: what is masked here is not what the call says.
    if (held.holdback.masked().length > 0) held.sealed = true
    if (held.sealed || clear === '') return []
    held.released += clear.length
    return [{ ...event, delta: clear }]
  }

  function releaseCall(event: StreamEvent): StreamEvent[] {
    const key = itemKey(event)
    const held = calls.get(key)
    if (!held) return []
    calls.delete(key)
    const rest = held.text.slice(held.released)
    return [
      ...(rest === '' ? [] : [{ ...held.last, delta: rest }]),
      ...scanSecrets(held.text).map(({ rule }) => note('flagged', rule, held.last)),
    ]
  }

  return {
    flushText,
    take(event: StreamEvent): StreamEvent[] {
      if (typeof event.delta === 'string' && textDelta.test(event.type)) return takeText(event, event.delta)
      if (typeof event.delta === 'string' && toolDelta.test(event.type)) return takeCall(event, event.delta)
      // Whatever is not text of the model's passes at once; what belongs to an end comes before it.
      const ends = terminal.test(event.type)
        ? () => true
        : event.type.endsWith('.done')
          ? (held: HeldText) => itemKey(held.last) === itemKey(event)
          : null
      const before = ends ? flushText(ends) : []
      const call = event.type.endsWith('.done') ? releaseCall(event) : []
      return [...before, ...call, filterFields(event, report)]
    },
  }
}

/** Masks the texts that `done` events repeat in full. Findings were reported with the deltas already. */
function filterFields(event: StreamEvent, report: (rule: string) => void): StreamEvent {
  const out = { ...event }
  if (typeof out.text === 'string') out.text = maskSecrets(out.text)
  if (typeof out.refusal === 'string') out.refusal = maskSecrets(out.refusal)
  if (isRecord(out.part)) out.part = filterPart(out.part)
  if (isRecord(out.item)) out.item = filterItem(out.item)
  if (isRecord(out.response)) out.response = filterResponse(out.response)
  if (typeof out.message === 'string') out.message = maskSecrets(out.message)
  // An unknown kind of delta: better late than leaked.
  if (typeof out.delta === 'string') out.delta = maskAndReport(out.delta, report)
  return out
}

/** Messages and reasoning hold text; calls and everything else pass as they are. */
function filterItem(item: unknown, report: (rule: string) => void = () => {}): unknown {
  if (!isRecord(item)) return item
  if (item.type === 'message' && Array.isArray(item.content))
    return { ...item, content: item.content.map((part) => filterPart(part, report)) }
  if (item.type !== 'reasoning') return item
  const texts = (list: unknown) => (Array.isArray(list) ? list.map((part) => filterPart(part, report)) : list)
  return { ...item, summary: texts(item.summary), ...('content' in item ? { content: texts(item.content) } : {}) }
}

function filterPart(part: unknown, report: (rule: string) => void = () => {}): unknown {
  if (!isRecord(part)) return part
  const out = { ...part }
  for (const field of ['text', 'refusal']) {
    const value = out[field]
    if (typeof value === 'string') out[field] = maskAndReport(value, report)
  }
  return out
}

function maskAndReport(text: string, report: (rule: string) => void): string {
  for (const { rule } of scanSecrets(text)) report(`masked:${rule}`)
  return maskSecrets(text)
}

function itemKey(event: StreamEvent): string {
  return String(event.output_index ?? event.item_id ?? '')
}

function partKey(event: StreamEvent): string {
  return `${event.type}:${itemKey(event)}:${String(event.content_index ?? event.summary_index ?? 0)}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
