import { ParseFailure } from './parse-error'

/** What the headers say about the body and the connection. */
export interface Framing {
  isChunked: boolean
  /** A transfer coding that does not end with `chunked`. */
  hasOtherCoding: boolean
  length: number | null
  wantsClose: boolean
  wantsKeepAlive: boolean
  wantsUpgrade: boolean
}

interface Rules {
  isLenient: boolean
  /** `null` for those of responses. */
  methods: unknown
}

/** `headers` alternates names and values. */
export function readFraming(headers: readonly string[], { isLenient, methods }: Rules): Framing {
  const framing: Framing = {
    isChunked: false,
    hasOtherCoding: false,
    length: null,
    wantsClose: false,
    wantsKeepAlive: false,
    wantsUpgrade: false,
  }
  let hasUpgrade = false
  let connectionUpgrade = false
  let hasCoding = false
  for (let index = 0; index < headers.length; index += 2) {
    const value = headers[index + 1] ?? ''
    switch ((headers[index] ?? '').toLowerCase()) {
      case 'content-length':
        framing.length = readLength(value, framing.length)
        break
      case 'transfer-encoding':
        if (methods !== null && !isLenient) checkCoding(value, framing.isChunked)
        hasCoding = true
        framing.isChunked = /(?:^|,)\s*chunked\s*$/i.test(value)
        framing.hasOtherCoding = !framing.isChunked
        break
      case 'connection':
      case 'proxy-connection':
        for (const word of value.toLowerCase().split(',')) {
          if (word.trim() === 'close') framing.wantsClose = true
          if (word.trim() === 'keep-alive') framing.wantsKeepAlive = true
          if (word.trim() === 'upgrade') connectionUpgrade = true
        }
        break
      case 'upgrade':
        hasUpgrade = true
        break
    }
  }
  if (hasCoding && framing.length !== null && !isLenient) {
    throw new ParseFailure('HPE_INVALID_TRANSFER_ENCODING', "Transfer-Encoding can't be present with Content-Length")
  }
  if (hasCoding) framing.length = null
  framing.wantsUpgrade = hasUpgrade && connectionUpgrade
  return framing
}

/** Of a request: nothing may follow `chunked`, or two readers would find different ends of the message. */
function checkCoding(value: string, isChunked: boolean): void {
  if (value.trim() === '') throw new ParseFailure('HPE_INVALID_TRANSFER_ENCODING', 'Empty Transfer-Encoding')
  if (isChunked || /(?:^|,)\s*chunked\s*,/i.test(value)) {
    throw new ParseFailure('HPE_INVALID_TRANSFER_ENCODING', 'Invalid `Transfer-Encoding` header value')
  }
}

function readLength(value: string, before: number | null): number {
  if (!/^\d+$/.test(value)) {
    throw new ParseFailure('HPE_INVALID_CONTENT_LENGTH', 'Invalid character in Content-Length')
  }
  if (before !== null) throw new ParseFailure('HPE_UNEXPECTED_CONTENT_LENGTH', 'Content-Length already present')
  return Number(value)
}
