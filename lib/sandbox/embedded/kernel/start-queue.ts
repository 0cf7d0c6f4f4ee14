/** Each Worker takes a core while it starts: with more at once none gets on, nor does the kernel. */
const maxStarting = 8
/** Workers share the tab's memory. */
const maxRunning = 128

/** Which program may take a Worker and when: first come, first served, over all machines. */
export class StartQueue {
  #starting = 0
  #running = 0
  readonly #waiting: (() => void)[] = []

  /** Settles when it is the caller's turn; it then tells when its Worker is `up`, and that it has `ended`. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#next()
    })
  }

  up(): void {
    this.#starting -= 1
    this.#next()
  }

  ended(): void {
    this.#running -= 1
    this.#next()
  }

  #next(): void {
    while (this.#starting < maxStarting && this.#running < maxRunning) {
      const go = this.#waiting.shift()
      if (!go) return
      this.#starting += 1
      this.#running += 1
      go()
    }
  }
}
