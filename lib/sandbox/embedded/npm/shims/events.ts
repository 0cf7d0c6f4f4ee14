type Listener = (...values: unknown[]) => void

/** As much of Node's EventEmitter as npm's library uses. */
export class EventEmitter {
  readonly #listeners = new Map<string | symbol, Listener[]>()

  on(name: string | symbol, listener: Listener): this {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener])
    return this
  }

  addListener(name: string | symbol, listener: Listener): this {
    return this.on(name, listener)
  }

  once(name: string | symbol, listener: Listener): this {
    const once: Listener = (...values) => {
      this.off(name, once)
      listener(...values)
    }
    return this.on(name, once)
  }

  off(name: string | symbol, listener: Listener): this {
    this.#listeners.set(
      name,
      (this.#listeners.get(name) ?? []).filter((known) => known !== listener),
    )
    return this
  }

  removeListener(name: string | symbol, listener: Listener): this {
    return this.off(name, listener)
  }

  removeAllListeners(name?: string | symbol): this {
    if (name === undefined) this.#listeners.clear()
    else this.#listeners.delete(name)
    return this
  }

  listenerCount(name: string | symbol): number {
    return this.#listeners.get(name)?.length ?? 0
  }

  emit(name: string | symbol, ...values: unknown[]): boolean {
    const listeners = this.#listeners.get(name) ?? []
    for (const listener of listeners) listener(...values)
    return listeners.length > 0
  }
}
