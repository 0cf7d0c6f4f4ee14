/** One server-sent event. Source: the HTML standard, §9.2.6 “Interpreting an event stream”. */
export interface SseEvent {
  /** `message` when the stream names none. */
  event: string
  data: string
  /** The data was longer than allowed and was dropped. */
  tooLarge?: true
}

export interface SseParser {
  push(bytes: Uint8Array): SseEvent[]
}

/** More than the largest whole response, less than what would hurt a tab. */
const defaultMaxDataChars = 8 * 1024 * 1024

/** Reads bytes in pieces of any size, also cut within a character or between CR and LF. An unfinished last event is dropped. */
export function createSseParser({ maxDataChars = defaultMaxDataChars } = {}): SseParser {
  const decoder = new TextDecoder()
  const event = createEventBuilder(maxDataChars)
  /** The start of a line that has not ended yet; null when it grew too long and is being skipped. */
  let line: string | null = ''
  let skipLineFeed = false

  function take(text: string): SseEvent[] {
    const events: SseEvent[] = []
    const breaks = /[\r\n]/g
    let start = skipLineFeed && text.startsWith('\n') ? 1 : 0
    if (text !== '') skipLineFeed = false
    for (breaks.lastIndex = start; ; ) {
      const found = breaks.exec(text)
      const end = found?.index ?? text.length
      if (line !== null) line = line.length + end - start > maxDataChars ? null : line + text.slice(start, end)
      if (found === null) return events
      const finished = line === null ? event.dropData() : event.addLine(line)
      if (finished !== null) events.push(finished)
      line = ''
      start = end + 1
      if (found[0] === '\r') {
        if (start === text.length) skipLineFeed = true
        else if (text[start] === '\n') start += 1
      }
      breaks.lastIndex = start
    }
  }

  return { push: (bytes) => take(decoder.decode(bytes, { stream: true })) }
}

/** Gathers lines until a blank one ends the event. */
function createEventBuilder(maxDataChars: number) {
  let name = ''
  let data: string[] = []
  let dataChars = 0
  let tooLarge = false

  function finish(): SseEvent | null {
    const event: SseEvent = { event: name || 'message', data: data.join('\n'), ...(tooLarge ? { tooLarge } : {}) }
    const isEmpty = data.length === 0 && !tooLarge
    name = ''
    data = []
    dataChars = 0
    tooLarge = false
    return isEmpty ? null : event
  }

  function dropData(): null {
    tooLarge = true
    data = []
    return null
  }

  return {
    dropData,
    addLine(line: string): SseEvent | null {
      if (line === '') return finish()
      const colon = line.indexOf(':')
      const field = colon === -1 ? line : line.slice(0, colon)
      const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
      if (field === 'event') name = value
      if (field !== 'data' || tooLarge) return null
      dataChars += value.length
      if (dataChars > maxDataChars) return dropData()
      data.push(value)
      return null
    },
  }
}

/** The events of a body, as they arrive. */
export async function* readSse(
  body: AsyncIterable<Uint8Array>,
  options: { maxDataChars?: number } = {},
): AsyncGenerator<SseEvent> {
  const parser = createSseParser(options)
  for await (const bytes of body) yield* parser.push(bytes)
}
