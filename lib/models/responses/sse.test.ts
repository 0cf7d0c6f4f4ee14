import { describe, expect, test } from 'vitest'
import { createSseParser, type SseEvent } from './sse'

const bytesOf = (text: string) => new TextEncoder().encode(text)

function parse(...pieces: (string | Uint8Array)[]): SseEvent[] {
  const parser = createSseParser()
  return pieces.flatMap((piece) => parser.push(typeof piece === 'string' ? bytesOf(piece) : piece))
}

describe('createSseParser', () => {
  test('reads names, data of several lines and ignores comments', () => {
    const stream = ': hello\nevent: note\ndata: one\ndata:two\ndata\nid: 7\n\ndata: {}\n\n'
    expect(parse(stream)).toEqual([
      { event: 'note', data: 'one\ntwo\n' },
      { event: 'message', data: '{}' },
    ])
  })

  test.each(['\n', '\r\n', '\r'])('ends lines with %j', (ending) => {
    const stream = `event: a${ending}data: 1${ending}${ending}data: 2${ending}${ending}`
    expect(parse(stream)).toEqual([
      { event: 'a', data: '1' },
      { event: 'message', data: '2' },
    ])
  })

  test.each(['\n', '\r\n', '\r'])('gives the same events at every split with %j', (ending) => {
    const lines = [': ping', 'event: grüße', 'data: {"a":"€😀"}', '', '', 'data: x', 'data: y', '', '']
    const bytes = bytesOf(`\ufeff${lines.join(ending)}`)
    const whole = parse(bytes)
    expect(whole).toEqual([
      { event: 'grüße', data: '{"a":"€😀"}' },
      { event: 'message', data: 'x\ny' },
    ])
    for (let at = 0; at <= bytes.length; at++) expect(parse(bytes.slice(0, at), bytes.slice(at))).toEqual(whole)
    expect(parse(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole)
  })

  test('drops an event that the stream did not finish', () => {
    expect(parse('data: 1\n\ndata: 2\n')).toEqual([{ event: 'message', data: '1' }])
  })

  test('marks data over the limit and goes on with the next event', () => {
    const parser = createSseParser({ maxDataChars: 100 })
    const long = `data: ${'x'.repeat(60)}\n`
    const events = [long, long, '\ndata: a\n\n', `data: ${'y'.repeat(200)}`, 'y\n\ndata: b\n\n'].flatMap((piece) =>
      parser.push(bytesOf(piece)),
    )
    expect(events).toEqual([
      { event: 'message', data: '', tooLarge: true },
      { event: 'message', data: 'a' },
      { event: 'message', data: '', tooLarge: true },
      { event: 'message', data: 'b' },
    ])
  })

  test('reads 10 MB of one event in small pieces in linear time', () => {
    const parser = createSseParser({ maxDataChars: 20_000_000 })
    const piece = bytesOf('x'.repeat(10_000))
    const startedAt = performance.now()
    parser.push(bytesOf('data: '))
    for (let i = 0; i < 1000; i++) parser.push(piece)
    const [event] = parser.push(bytesOf('\n\n'))
    expect(event?.data).toHaveLength(10_000_000)
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })
})
