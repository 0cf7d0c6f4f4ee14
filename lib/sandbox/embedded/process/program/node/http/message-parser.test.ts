import { describe, expect, it } from 'vitest'
import { type BodyVerdict, type Head, MessageParser } from './message-parser'
import { ParseFailure } from './parse-error'

function read(pieces: string[], { isRequest = true, verdict = 'read' as BodyVerdict } = {}) {
  const seen: unknown[] = []
  let data = new Uint8Array()
  const parser = new MessageParser(
    { methods: isRequest ? ['GET', 'POST', 'CONNECT'] : null, maxHeaderSize: 200, isLenient: false },
    {
      begin: () => undefined,
      head({ method, url, status, headers, isUpgrade, keepsAlive }: Head) {
        seen.push([method ?? status, url, headers, { isUpgrade, keepsAlive }])
        return verdict
      },
      body: (from, to) => void seen.push(new TextDecoder().decode(data.subarray(from, to))),
      complete: (trailers) => void seen.push(trailers.length > 0 ? trailers : 'end'),
    },
  )
  const taken = pieces.map((piece) => {
    data = new TextEncoder().encode(piece)
    return parser.execute(data)
  })
  parser.finish()
  return { seen, taken }
}

function failure(text: string, isRequest = true): unknown {
  try {
    return read([text], { isRequest })
  } catch (error) {
    return error instanceof ParseFailure ? error.code : error
  }
}

const alive = { isUpgrade: false, keepsAlive: true }

describe('MessageParser', () => {
  it('reads requests one after the other, cut anywhere', () => {
    const text = 'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\n\r\n'
    const whole = read([text]).seen
    expect(whole).toEqual([
      ['POST', '/a', ['Host', 'x', 'Content-Length', '3'], alive],
      'abc',
      'end',
      ['GET', '/b', [], alive],
      'end',
    ])
    for (let at = 1; at < text.length; at++) {
      const { seen } = read([text.slice(0, at), text.slice(at)])
      expect(seen.filter((entry) => entry !== '').length).toBeGreaterThanOrEqual(whole.length)
      expect(seen[0]).toEqual(whole[0])
      expect(seen.at(-2)).toEqual(whole.at(-2))
    }
  })

  it('reads chunks and their trailers', () => {
    const text = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n'
    expect(read([text]).seen.slice(1)).toEqual(['abc', 'de', ['T', '1']])
  })

  it('leaves what follows an upgrade alone', () => {
    const head = 'GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    expect(read([`${head}rest`]).taken).toEqual([head.length])
  })

  it('reads a response without a length to the end of the connection', () => {
    const { seen } = read(['HTTP/1.1 200 OK\r\n\r\nab', 'cd'], { isRequest: false })
    expect(seen).toEqual([[200, undefined, [], { isUpgrade: false, keepsAlive: false }], 'ab', 'cd', 'end'])
  })

  it('expects no body where the answer to HEAD says how long it would be', () => {
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
    expect(read([text, text], { isRequest: false, verdict: 'skip' }).seen).toHaveLength(4)
  })

  it.each([
    ['FOO / HTTP/1.1\r\n\r\n', 'HPE_INVALID_METHOD'],
    ['GET / HTTQ/1.1\r\n\r\n', 'HPE_INVALID_CONSTANT'],
    ['GET / HTTP/3.7\r\n\r\n', 'HPE_INVALID_VERSION'],
    ['GET / HTTP/1.1\nA: b\n\n', 'HPE_CR_EXPECTED'],
    ['GET / HTTP/1.1\r\nA b: c\r\n\r\n', 'HPE_INVALID_HEADER_TOKEN'],
    ['GET / HTTP/1.1\r\nA: b\u0001\r\n\r\n', 'HPE_INVALID_HEADER_TOKEN'],
    [`GET / HTTP/1.1\r\nA: ${'b'.repeat(300)}\r\n\r\n`, 'HPE_HEADER_OVERFLOW'],
    ['POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n', 'HPE_INVALID_CONTENT_LENGTH'],
    ['POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 'HPE_UNEXPECTED_CONTENT_LENGTH'],
    ['POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 'HPE_INVALID_TRANSFER_ENCODING'],
    ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n', 'HPE_INVALID_TRANSFER_ENCODING'],
    ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n', 'HPE_INVALID_TRANSFER_ENCODING'],
    ['POST / HTTP/1.1\r\nTransfer-Encoding: \r\n\r\n', 'HPE_INVALID_TRANSFER_ENCODING'],
    ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 'HPE_INVALID_CHUNK_SIZE'],
    ['GET / HTTP/1.1\r\nConnection: close\r\n\r\nmore', 'HPE_CLOSED_CONNECTION'],
    ['GET / HTTP/1.1\r\nA: b', 'HPE_INVALID_EOF_STATE'],
  ])('refuses %j with %s', (text, code) => {
    expect(failure(text)).toBe(code)
  })
})
