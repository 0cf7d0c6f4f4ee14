import { type BodyVerdict, type Head, MessageParser } from '../http/message-parser'
import { ParseFailure } from '../http/parse-error'
import { natives } from '../natives'
import { createAsyncResource } from './async-resource'
import type { AnyFunction, Binding, BindingContext } from './context'

const event = {
  kOnMessageBegin: 0,
  kOnHeaders: 1,
  kOnHeadersComplete: 2,
  kOnBody: 3,
  kOnMessageComplete: 4,
  kOnExecute: 5,
  kOnTimeout: 6,
} as const
const types = { REQUEST: 1, RESPONSE: 2 } as const
const verdicts: BodyVerdict[] = ['read', 'skip', 'upgrade']

interface Tracked {
  /** 0 between two messages. */
  messageStart: number
  headersCompleted(): boolean
}

/** The connections of one server, by what they are doing. */
class ConnectionsList {
  readonly #connections = new Set<Tracked>()

  add(connection: Tracked): void {
    this.#connections.add(connection)
  }

  remove(connection: Tracked): void {
    this.#connections.delete(connection)
  }

  all(): Tracked[] {
    return [...this.#connections]
  }

  idle(): Tracked[] {
    return this.all().filter(({ messageStart }) => messageStart === 0)
  }

  active(): Tracked[] {
    return this.all().filter(({ messageStart }) => messageStart !== 0)
  }

  expired(headersTimeout: number, requestTimeout: number): Tracked[] {
    const now = natives.now()
    return this.active().filter((connection) => {
      const age = now - connection.messageStart
      const isLate = (limit: number) => limit > 0 && age > limit
      return (!connection.headersCompleted() && isLate(headersTimeout)) || isLate(requestTimeout)
    })
  }
}

/** Node's HTTP parser over ours. */
export function createHttpParserBinding(context: BindingContext): Binding {
  const tables = context.constants('http_parser') as { methods: string[]; allMethods: string[] }
  const { methods, allMethods } = tables
  const AsyncResource = createAsyncResource(context)

  class HTTPParser extends AsyncResource implements Tracked {
    messageStart = 0
    #parser: MessageParser | null = null
    #list: ConnectionsList | null = null
    #headersAreComplete = false
    #chunk: Uint8Array | null = null

    constructor() {
      super('HTTPINCOMINGMESSAGE', true)
    }

    initialize(type: number, resource: object, maxHeaderSize = 0, leniency = 0, list?: ConnectionsList): void {
      this.asyncReset(resource, type === types.REQUEST ? 'HTTPINCOMINGMESSAGE' : 'HTTPCLIENTREQUEST')
      this.#parser?.stop()
      this.#headersAreComplete = false
      this.#parser = new MessageParser(
        {
          methods: type === types.REQUEST ? allMethods : null,
          maxHeaderSize: maxHeaderSize > 0 ? maxHeaderSize : Number(option('--max-http-header-size')),
          isLenient: leniency > 0,
        },
        {
          begin: () => {
            this.messageStart = natives.now()
            this.#headersAreComplete = false
            this.#call(event.kOnMessageBegin)
          },
          head: (head) => this.#tellHead(head),
          body: (from, to) => this.#call(event.kOnBody, this.#chunk?.subarray(from, to)),
          complete: (trailers) => {
            this.messageStart = 0
            this.#headersAreComplete = false
            if (trailers.length > 0) this.#call(event.kOnHeaders, trailers, '')
            this.#call(event.kOnMessageComplete)
          },
        },
      )
      this.#list = list ?? null
      this.messageStart = list ? natives.now() : 0
      list?.add(this)
    }

    execute(chunk: Uint8Array): number | Error {
      const outer = this.#chunk
      this.#chunk = chunk
      try {
        return this.#parser?.execute(chunk) ?? chunk.byteLength
      } catch (error) {
        if (error instanceof ParseFailure) return error
        throw error
      } finally {
        this.#chunk = outer
      }
    }

    finish(): Error | undefined {
      try {
        this.#parser?.finish()
      } catch (error) {
        if (error instanceof ParseFailure) return error
        throw error
      }
      return undefined
    }

    remove(): void {
      this.#list?.remove(this)
      this.#list = null
    }

    free(): void {
      this.destroyAsyncId()
      this.#parser?.stop()
      this.#parser = null
    }

    close(): void {
      this.remove()
      this.free()
    }

    getCurrentBuffer(): Uint8Array | null {
      return this.#chunk
    }

    duration(): number {
      return this.messageStart === 0 ? 0 : natives.now() - this.messageStart
    }

    headersCompleted(): boolean {
      return this.#headersAreComplete
    }

    // The socket hands its data over by `execute`, so it is the socket that waits.
    pause(): void {}
    resume(): void {}
    consume(): void {}
    unconsume(): void {}

    #tellHead({ major, minor, headers, method, url, status, message, isUpgrade, keepsAlive }: Head): BodyVerdict {
      this.#headersAreComplete = true
      const number = method === undefined ? undefined : allMethods.indexOf(method)
      const answer = this.#call(
        event.kOnHeadersComplete,
        major,
        minor,
        headers,
        number,
        url,
        status,
        message,
        isUpgrade,
        keepsAlive,
      )
      return verdicts[Number(answer)] ?? 'read'
    }

    #call(name: number, ...values: unknown[]): unknown {
      const listener = Reflect.get(this, name) as AnyFunction | null | undefined
      return listener ? Reflect.apply(listener, this, values) : undefined
    }
  }
  Object.assign(HTTPParser, event, types, {
    kLenientNone: 0,
    kLenientHeaders: 1,
    kLenientChunkedLength: 2,
    kLenientKeepAlive: 4,
    kLenientTransferEncoding: 8,
    kLenientVersion: 16,
    kLenientDataAfterClose: 32,
    kLenientOptionalLFAfterCR: 64,
    kLenientOptionalCRLFAfterChunk: 128,
    kLenientOptionalCRBeforeLF: 256,
    kLenientSpacesAfterChunkSize: 512,
    kLenientAll: 1023,
  })

  function option(name: string): unknown {
    return context.require<{ getOptionValue(name: string): unknown }>('internal/options').getOptionValue(name)
  }

  return { ...tables, methods, allMethods, HTTPParser, ConnectionsList }
}
