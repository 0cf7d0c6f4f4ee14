import type { BindingContext } from './context'

interface EventTargetModule {
  Event: new (type: string, options?: object) => object
}

interface MessageEventInit {
  data?: unknown
  origin?: string
  lastEventId?: string
  source?: object | null
  ports?: readonly unknown[]
}

export type MessageEventClass = new (type: string, init?: MessageEventInit) => object

/** What message ports, sockets and channels tell; an event of Node's own, so that its event targets take it. */
export function defineMessageEvent(context: BindingContext): MessageEventClass {
  const { Event } = context.require<EventTargetModule>('internal/event_target')
  class MessageEvent extends Event {
    readonly #init: MessageEventInit

    constructor(type: string, init: MessageEventInit = {}) {
      super(type, init)
      this.#init = { ...init, ports: Object.freeze([...(init.ports ?? [])]) }
    }
    get data(): unknown {
      return this.#init.data ?? null
    }
    get origin(): string {
      return this.#init.origin ?? ''
    }
    get lastEventId(): string {
      return this.#init.lastEventId ?? ''
    }
    get source(): object | null {
      return this.#init.source ?? null
    }
    get ports(): readonly unknown[] {
      return this.#init.ports ?? []
    }
  }
  for (const name of ['data', 'origin', 'lastEventId', 'source', 'ports'])
    Object.defineProperty(MessageEvent.prototype, name, { enumerable: true })
  return MessageEvent
}
