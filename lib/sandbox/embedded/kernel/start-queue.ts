/** Each Worker takes a core while it starts: with more at once none gets on, nor does the kernel. */
const maxStarting = 8
/** Workers share the tab's memory. */
const maxRunning = 128
/** As many more at each depth: all parents of those may be waiting for them. */
const maxBeyond = 4

/** Which program may take a Worker and when: first come, first served, over all machines. */
export class StartQueue {
  #starting = 0
  #running = 0
  readonly #runningAt = new Map<number, number>()
  readonly #waiting: { depth: number; go: () => void }[] = []

  /** Settles when it is the caller's turn; it then tells when its Worker is `up`, and that it has `ended`. */
  turn(depth: number): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ depth, go })
      this.#next()
    })
  }

  up(): void {
    this.#starting -= 1
    this.#next()
  }

  ended(depth: number): void {
    this.#count(depth, -1)
    this.#next()
  }

  #next(): void {
    while (this.#starting < maxStarting) {
      const isFull = this.#running >= maxRunning
      const at = isFull ? this.#waiting.findIndex(({ depth }) => (this.#runningAt.get(depth) ?? 0) < maxBeyond) : 0
      const [first] = at === -1 ? [] : this.#waiting.splice(at, 1)
      if (!first) return
      this.#starting += 1
      this.#count(first.depth, 1)
      first.go()
    }
  }

  #count(depth: number, change: number): void {
    this.#running += change
    this.#runningAt.set(depth, (this.#runningAt.get(depth) ?? 0) + change)
  }
}
