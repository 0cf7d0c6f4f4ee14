/**
 * Each Worker takes a core while it starts: with more at once none gets on, nor does the kernel. And who waits may get a
 * Worker that is used again.
 */
const startsPerCore = 2
const maxStarting = 8
/** Workers share the tab's memory. */
const maxRunning = 128
/** Of each depth and below, so many may run beyond that: all others may be waiting for these. */
const reserve = 4

interface Waiting {
  depth: number
  /** It need not start a Worker. */
  hasWorker(): boolean
  go(): void
}

/**
 * Which program may take a Worker and when: first come, first served, over all machines. A program waits for none but those
 * it has started, which are deeper; so the deepest always get on. Depth 1 is what the user starts, such as a shell to end
 * all the others with.
 */
export class StartQueue {
  readonly #maxStarting: number
  #starting = 0
  #running = 0
  readonly #runningAt: number[] = []
  readonly #waiting: Waiting[] = []

  constructor(cores: number) {
    this.#maxStarting = Math.min(cores * startsPerCore, maxStarting)
  }

  /** Settles when it is the caller's turn; it then tells when its Worker is `up`, and that it has `ended`. */
  turn(depth: number, hasWorker = () => false): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ depth, hasWorker, go: resolve })
      this.#next()
    })
  }

  /** A Worker has become free: somebody may have one now. */
  check(): void {
    const index = this.isFull ? -1 : this.#waiting.findIndex(({ hasWorker }) => hasWorker())
    if (index !== -1) this.#go(index)
  }

  up(): void {
    this.#starting -= 1
    this.#next()
  }

  ended(depth: number): void {
    this.#count(depth, -1)
    this.#next()
  }

  /** Nobody's turn comes before a program ends. */
  get isFull(): boolean {
    return this.#running >= maxRunning
  }

  #next(): void {
    while (this.#starting < this.#maxStarting) {
      const index = this.isFull ? this.#waiting.findIndex(({ depth }) => this.#hasReserve(depth)) : 0
      if (index === -1 || this.#waiting.length === 0) return
      this.#go(index)
    }
  }

  #go(index: number): void {
    const [next] = this.#waiting.splice(index, 1)
    if (!next) return
    this.#starting += 1
    this.#count(next.depth, 1)
    next.go()
  }

  #hasReserve(depth: number): boolean {
    return depth === 1 || this.#runningAt.slice(depth).reduce((sum, count) => sum + count, 0) < reserve
  }

  #count(depth: number, change: 1 | -1): void {
    this.#running += change
    this.#runningAt[depth] = (this.#runningAt[depth] ?? 0) + change
  }
}
