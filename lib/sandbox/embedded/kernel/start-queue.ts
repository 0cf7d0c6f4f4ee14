/** Each Worker takes a core while it starts: with many more at once than there are, all take longer, and so does the kernel. */
const startingBeyondCores = 1
const maxStarting = 8
/** Workers share the tab's memory. */
const maxRunning = 128
/** Of each depth and below, so many may run beyond that: all others may be waiting for these. */
const reserve = 4

/** Who asks: how many programs started each other down to it, and by which of them. */
export interface Starter {
  depth: number
  /** Pid of the program that starts it; 0 is the user. */
  by: number
}

interface Waiting extends Starter {
  go(): void
}

/**
 * Which program may take a Worker and when, over all machines: first come, first served, but where one program starts many
 * at once, those of the others do not wait for all of them. A program waits for none but those it has started, which are
 * deeper; so the deepest always get on. Depth 1 is what the user starts, such as a shell to end all the others with.
 */
export class StartQueue {
  readonly #maxStarting: number
  /** Of each program, how many that it starts are on their way. */
  readonly #startingBy = new Map<number, number>()
  #starting = 0
  #running = 0
  readonly #runningAt: number[] = []
  readonly #waiting: Waiting[] = []

  constructor(cores: number) {
    this.#maxStarting = Math.min(cores + startingBeyondCores, maxStarting)
  }

  /** Settles when it is the caller's turn; it then tells when its Worker is `up`, and that it has `ended`. */
  turn(starter: Starter): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ ...starter, go: resolve })
      this.#next()
    })
  }

  up({ by }: Starter): void {
    this.#countStarting(by, -1)
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
      const next = this.#first()
      if (!next) return
      this.#waiting.splice(this.#waiting.indexOf(next), 1)
      this.#countStarting(next.by, 1)
      this.#count(next.depth, 1)
      next.go()
    }
  }

  /** Of those that may go, the first of whose starter the fewest are on their way. */
  #first(): Waiting | undefined {
    const { isFull } = this
    let first: Waiting | undefined
    for (const waiting of this.#waiting) {
      if (isFull && !this.#hasReserve(waiting.depth)) continue
      if (!first || this.#startingOf(waiting) < this.#startingOf(first)) first = waiting
    }
    return first
  }

  #startingOf({ by }: Starter): number {
    return this.#startingBy.get(by) ?? 0
  }

  #countStarting(by: number, change: 1 | -1): void {
    this.#starting += change
    const count = (this.#startingBy.get(by) ?? 0) + change
    if (count > 0) this.#startingBy.set(by, count)
    else this.#startingBy.delete(by)
  }

  #hasReserve(depth: number): boolean {
    return depth === 1 || this.#runningAt.slice(depth).reduce((sum, count) => sum + count, 0) < reserve
  }

  #count(depth: number, change: 1 | -1): void {
    this.#running += change
    this.#runningAt[depth] = (this.#runningAt[depth] ?? 0) + change
  }
}
