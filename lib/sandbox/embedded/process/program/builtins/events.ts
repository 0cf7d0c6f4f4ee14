import { nodeError } from '../loader/errors'

type Listener = (...values: unknown[]) => unknown
type Name = string | symbol

/** `node:events`. */
export class EventEmitter {
  static defaultMaxListeners = 10
  #listeners = new Map<Name, { listener: Listener; once: boolean }[]>()

  #add(name: Name, listener: Listener, once: boolean, first: boolean) {
    if (typeof listener !== 'function') {
      throw nodeError('ERR_INVALID_ARG_TYPE', 'The "listener" argument must be of type function.', TypeError)
    }
    if (this.#listeners.has('newListener')) this.emit('newListener', name, listener)
    const list = this.#listeners.get(name) ?? []
    this.#listeners.set(name, first ? [{ listener, once }, ...list] : [...list, { listener, once }])
    return this
  }

  on(name: Name, listener: Listener) {
    return this.#add(name, listener, false, false)
  }
  addListener(name: Name, listener: Listener) {
    return this.on(name, listener)
  }
  once(name: Name, listener: Listener) {
    return this.#add(name, listener, true, false)
  }
  prependListener(name: Name, listener: Listener) {
    return this.#add(name, listener, false, true)
  }
  prependOnceListener(name: Name, listener: Listener) {
    return this.#add(name, listener, true, true)
  }

  off(name: Name, listener: Listener) {
    const list = this.#listeners.get(name) ?? []
    const index = list.findLastIndex((entry) => entry.listener === listener)
    if (index === -1) return this
    const rest = list.filter((_, at) => at !== index)
    if (rest.length === 0) this.#listeners.delete(name)
    else this.#listeners.set(name, rest)
    if (this.#listeners.has('removeListener')) this.emit('removeListener', name, listener)
    return this
  }
  removeListener(name: Name, listener: Listener) {
    return this.off(name, listener)
  }
  removeAllListeners(name?: Name) {
    if (name === undefined) this.#listeners.clear()
    else this.#listeners.delete(name)
    return this
  }

  emit(name: Name, ...values: unknown[]): boolean {
    const list = this.#listeners.get(name)
    if (list === undefined) {
      if (name === 'error') throw toThrowable(values[0])
      return false
    }
    for (const { listener, once } of list) {
      if (once) this.off(name, listener)
      listener.apply(this, values)
    }
    return true
  }

  listeners(name: Name): Listener[] {
    return (this.#listeners.get(name) ?? []).map(({ listener }) => listener)
  }
  rawListeners(name: Name): Listener[] {
    return this.listeners(name)
  }
  listenerCount(name: Name): number {
    return this.#listeners.get(name)?.length ?? 0
  }
  eventNames(): Name[] {
    return [...this.#listeners.keys()]
  }
  setMaxListeners() {
    return this
  }
  getMaxListeners() {
    return EventEmitter.defaultMaxListeners
  }

  /** Resolves with the arguments of the next event; rejects on `error`. */
  static once(emitter: EventEmitter, name: Name): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      const onEvent = (...values: unknown[]) => {
        emitter.off('error', onError)
        resolve(values)
      }
      const onError = (error: unknown) => {
        emitter.off(name, onEvent)
        reject(error)
      }
      emitter.once(name, onEvent)
      if (name !== 'error') emitter.once('error', onError)
    })
  }
}

function toThrowable(value: unknown): unknown {
  if (value instanceof Error) return value
  return Object.assign(nodeError('ERR_UNHANDLED_ERROR', `Unhandled error. (${String(value)})`), { context: value })
}

/** `require('events')` is the class itself. */
export function createEventsModule(): object {
  return Object.assign(EventEmitter, { EventEmitter })
}
