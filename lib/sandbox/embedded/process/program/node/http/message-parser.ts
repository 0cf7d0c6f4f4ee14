import { type Framing, readFraming } from './framing'
import { checkPartialStart, parseHeaderLine, parseRequestLine, parseStatusLine } from './head'
import { ParseFailure } from './parse-error'

export interface Head {
  major: number
  minor: number
  headers: string[]
  /** Of a request. */
  method?: string
  url?: string
  /** Of a response. */
  status?: number
  message?: string
  isUpgrade: boolean
  keepsAlive: boolean
}

/** `skip`: there is no body whatever the headers say; `upgrade`: what follows is another protocol. */
export type BodyVerdict = 'read' | 'skip' | 'upgrade'

export interface MessageEvents {
  begin(): void
  head(head: Head): BodyVerdict
  body(from: number, to: number): void
  complete(trailers: string[]): void
}

export interface ParserOptions {
  methods: readonly string[] | null
  maxHeaderSize: number
  isLenient: boolean
}

type State =
  | 'start'
  | 'headers'
  | 'sized'
  | 'until-end'
  | 'chunk-size'
  | 'chunk'
  | 'chunk-end'
  | 'trailers'
  | 'closed'
  | 'upgraded'

const lf = 10
const cr = 13
const maxChunkLine = 16 * 1024

/** HTTP/1 messages out of bytes as they come, by llhttp's rules. `methods` null: responses. */
export class MessageParser {
  readonly #options: ParserOptions
  readonly #events: MessageEvents
  #state: State = 'start'
  #line = ''
  #headerSize = 0
  #first: { major: number; minor: number; method?: string; url?: string; status?: number; message?: string } | null =
    null
  #headers: string[] = []
  #trailers: string[] = []
  #left = 0
  #keepsAlive = false
  #isStopped = false
  /** What has been wrong once stays so. */
  #failure: unknown = null

  constructor(options: ParserOptions, events: MessageEvents) {
    this.#options = options
    this.#events = events
  }

  /** Nothing more is told, whatever still comes. */
  stop(): void {
    this.#isStopped = true
  }

  /** How many bytes belong to HTTP: all of them but after an upgrade. */
  execute(data: Uint8Array): number {
    if (this.#failure) throw this.#failure
    let at = 0
    try {
      while (at < data.byteLength && !this.#isStopped && this.#state !== 'upgraded') at = this.#step(data, at)
    } catch (error) {
      if (error instanceof ParseFailure) {
        error.locate(at)
        this.#failure = error
      }
      throw error
    }
    return at
  }

  /** The connection has ended. */
  finish(): void {
    if (this.#isStopped || this.#failure) return
    if (this.#state === 'until-end') this.#complete()
    else if (this.#state !== 'closed' && this.#state !== 'upgraded' && (this.#state !== 'start' || this.#line !== '')) {
      throw new ParseFailure('HPE_INVALID_EOF_STATE', 'Invalid EOF state')
    }
  }

  #step(data: Uint8Array, at: number): number {
    switch (this.#state) {
      case 'sized':
      case 'chunk':
        return this.#readBody(data, at)
      case 'until-end':
        this.#events.body(at, data.byteLength)
        return data.byteLength
      case 'closed':
        if (data[at] === cr || data[at] === lf || this.#options.isLenient) return at + 1
        throw new ParseFailure('HPE_CLOSED_CONNECTION', 'Data after `Connection: close`')
      default:
        return this.#readLine(data, at)
    }
  }

  #readBody(data: Uint8Array, at: number): number {
    const end = Math.min(data.byteLength, at + this.#left)
    this.#left -= end - at
    this.#events.body(at, end)
    if (this.#left > 0 || this.#isStopped) return end
    if (this.#state === 'chunk') this.#state = 'chunk-end'
    else this.#complete()
    return end
  }

  #readLine(data: Uint8Array, at: number): number {
    const end = data.indexOf(lf, at)
    const to = end === -1 ? data.byteLength : end + 1
    if (this.#state === 'start' || this.#state === 'headers' || this.#state === 'trailers') this.#countHeader(to - at)
    this.#line += latin1(data, at, end === -1 ? to : end)
    if (end === -1) {
      this.#checkPartial()
      return to
    }
    const line = this.#line
    this.#line = ''
    this.#takeLine(this.#withoutReturn(line))
    return to
  }

  #withoutReturn(line: string): string {
    if (line.endsWith('\r')) return line.slice(0, -1)
    if (line === '' && this.#state === 'start') return ''
    if (this.#options.isLenient) return line
    if (this.#state === 'start') {
      checkPartialStart(line, this.#options.methods)
      throw new ParseFailure('HPE_CR_EXPECTED', 'Missing expected CR after request line')
    }
    throw new ParseFailure('HPE_CR_EXPECTED', 'Missing expected CR after header value')
  }

  #countHeader(bytes: number): void {
    this.#headerSize += bytes
    if (this.#headerSize > this.#options.maxHeaderSize) {
      throw new ParseFailure('HPE_HEADER_OVERFLOW', 'Header overflow', bytes)
    }
  }

  #checkPartial(): void {
    if (this.#state === 'start' && this.#line !== '\r') {
      if (!this.#first) checkPartialStart(this.#line, this.#options.methods)
    } else if (this.#state === 'chunk-size') checkChunkLine(this.#line)
  }

  #takeLine(line: string): void {
    switch (this.#state) {
      case 'start':
        if (line !== '') this.#takeFirstLine(line)
        break
      case 'headers':
        if (line === '') this.#takeHead()
        else this.#takeHeader(line)
        break
      case 'trailers':
        if (line === '') this.#complete()
        else this.#trailers.push(...parseHeaderLine(line, this.#options))
        break
      case 'chunk-size':
        this.#takeChunkSize(line)
        break
      case 'chunk-end':
        if (line !== '') throw new ParseFailure('HPE_STRICT', 'Expected LF after chunk data')
        this.#state = 'chunk-size'
        break
    }
  }

  #takeHeader(line: string): void {
    const last = this.#headers.length - 1
    // Only leniently does a line that begins with a blank go on with the value before it.
    const isFolded = /^[ \t]/.test(line)
    if (isFolded && !this.#options.isLenient) {
      throw new ParseFailure('HPE_INVALID_HEADER_TOKEN', 'Unexpected whitespace after header value')
    }
    if (isFolded && last > 0) this.#headers[last] = `${this.#headers[last]} ${line.trim()}`.trim()
    else this.#headers.push(...parseHeaderLine(line, this.#options))
  }

  #takeFirstLine(line: string): void {
    const { methods } = this.#options
    this.#first = methods ? parseRequestLine(line, methods) : parseStatusLine(line)
    this.#state = 'headers'
    this.#events.begin()
  }

  #takeHead(): void {
    const first = this.#first
    if (!first) return
    const framing = readFraming(this.#headers, this.#options)
    const isUpgrade =
      first.status === undefined
        ? framing.wantsUpgrade || first.method === 'CONNECT'
        : framing.wantsUpgrade && first.status === 101
    const wantsOn = first.major > 0 && first.minor > 0 ? !framing.wantsClose : framing.wantsKeepAlive
    this.#keepsAlive = wantsOn && isDelimited(first.status, framing)
    this.#headerSize = 0
    const verdict = this.#events.head({ ...first, headers: this.#headers, isUpgrade, keepsAlive: this.#keepsAlive })
    if (this.#isStopped) return
    this.#headers = []
    if (verdict === 'skip') this.#keepsAlive = wantsOn
    const hasBody = framing.isChunked || (framing.length ?? 0) > 0
    if (verdict === 'upgrade' || (isUpgrade && (first.method === 'CONNECT' || verdict === 'skip' || !hasBody))) {
      this.#complete('upgraded')
    } else if (verdict === 'skip' || hasNoBody(first.status)) this.#complete()
    else this.#startBody(framing, isUpgrade)
  }

  #startBody(framing: Framing, isUpgrade: boolean): void {
    if (framing.hasOtherCoding && this.#options.methods !== null && !this.#options.isLenient) {
      throw new ParseFailure('HPE_INVALID_TRANSFER_ENCODING', 'Request has invalid `Transfer-Encoding`')
    }
    if (framing.isChunked) this.#state = 'chunk-size'
    else if (framing.length !== null && framing.length > 0) {
      this.#left = framing.length
      this.#state = 'sized'
    } else if (framing.length === 0 || (this.#options.methods !== null && !framing.hasOtherCoding)) {
      this.#complete(isUpgrade ? 'upgraded' : undefined)
    } else this.#state = 'until-end'
  }

  #takeChunkSize(line: string): void {
    checkChunkLine(line)
    const [size = ''] = line.split(';')
    if (!/^[\da-f]+[ \t]*$/i.test(size))
      throw new ParseFailure('HPE_INVALID_CHUNK_SIZE', 'Invalid character in chunk size')
    this.#left = Number.parseInt(size, 16)
    this.#state = this.#left === 0 ? 'trailers' : 'chunk'
  }

  #complete(next?: 'upgraded'): void {
    const trailers = this.#trailers
    this.#trailers = []
    this.#first = null
    this.#headerSize = 0
    this.#state = next ?? (this.#keepsAlive ? 'start' : 'closed')
    this.#events.complete(trailers)
  }
}

function checkChunkLine(line: string): void {
  if (line.length > maxChunkLine) throw new ParseFailure('HPE_CHUNK_EXTENSIONS_OVERFLOW', 'Chunk extensions overflow')
}

/** Whether the end of the message is known without the end of the connection. */
function isDelimited(status: number | undefined, { isChunked, length, hasOtherCoding }: Framing): boolean {
  if (status === undefined || hasNoBody(status)) return true
  return !hasOtherCoding && (isChunked || length !== null)
}

function hasNoBody(status: number | undefined): boolean {
  return status !== undefined && (Math.floor(status / 100) === 1 || status === 204 || status === 304)
}

function latin1(data: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at += 0x2000) {
    text += String.fromCharCode(...data.subarray(at, Math.min(to, at + 0x2000)))
  }
  return text
}
