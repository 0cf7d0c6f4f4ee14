/** As the process has it, whatever a program put in its place. */
export interface Clock {
  now(): number
  setTimeout(task: () => void, ms: number): ReturnType<typeof setTimeout>
  clearTimeout(timer: ReturnType<typeof setTimeout> | undefined): void
}

export interface HistogramOptions {
  clock: Clock
  lowest?: number | bigint
  highest?: number | bigint
  figures?: number
}

/** What `min` is of no values at all: the largest of 64 bits. */
const emptyMin = 2n ** 63n - 1n

/**
 * Values of whole numbers, kept to so many figures, as the HdrHistogram that Node has: the methods are those that its
 * library calls. Values up to 2 ** 53 are exact in their bucket.
 */
export class Histogram {
  /** The lowest value of a bucket → how often one of its values came. */
  #counts = new Map<number, number>()
  #total = 0
  #exceeding = 0
  #lastAt = 0
  readonly #highest: number
  /** Below this all values differ, in units of `#unit`. */
  readonly #distinct: number
  readonly #unit: number
  readonly #clock: Clock

  constructor({ clock, lowest = 1, highest = Number.MAX_SAFE_INTEGER, figures = 3 }: HistogramOptions) {
    this.#clock = clock
    this.#highest = Number(highest)
    this.#unit = 2 ** Math.floor(Math.log2(Number(lowest)))
    this.#distinct = 2 ** Math.ceil(Math.log2(2 * 10 ** figures))
  }

  /** The size of the bucket that a value falls into. */
  #sizeAt(value: number): number {
    const units = Math.max(value / this.#unit, this.#distinct - 1)
    return this.#unit * 2 ** Math.max(0, Math.floor(Math.log2(units)) + 1 - Math.log2(this.#distinct))
  }
  #lowestLike = (value: number) => Math.floor(value / this.#sizeAt(value)) * this.#sizeAt(value)
  #highestLike = (value: number) => this.#lowestLike(value) + this.#sizeAt(value) - 1
  #medianLike = (value: number) => this.#lowestLike(value) + Math.floor(this.#sizeAt(value) / 2)

  #sorted = () => [...this.#counts].sort(([a], [b]) => a - b)

  #put(value: number, count: number) {
    const bucket = this.#lowestLike(value)
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count)
    this.#total += count
  }

  record(given: number | bigint): void {
    const value = Number(given)
    if (value > this.#highest || value < 0) this.#exceeding++
    else this.#put(value, 1)
  }

  /** The nanoseconds since this was last called. */
  recordDelta(): void {
    const now = this.#clock.now() * 1e6
    const delta = Math.round(now - this.#lastAt)
    if (this.#lastAt > 0 && delta > 0) this.record(delta)
    this.#lastAt = now
  }

  add(other: Histogram): void {
    for (const [bucket, count] of other.#counts) this.#put(bucket, count)
    this.#exceeding += other.#exceeding
  }

  reset(): void {
    this.#counts.clear()
    this.#total = 0
    this.#exceeding = 0
    this.#lastAt = 0
  }

  count = () => this.#total
  countBigInt = () => BigInt(this.#total)
  exceeds = () => this.#exceeding
  exceedsBigInt = () => BigInt(this.#exceeding)
  minBigInt = () => (this.#total === 0 ? emptyMin : BigInt(Math.min(...this.#counts.keys())))
  min = () => Number(this.minBigInt())
  max = () => (this.#total === 0 ? 0 : this.#highestLike(Math.max(...this.#counts.keys())))
  maxBigInt = () => BigInt(this.max())

  mean(): number {
    let sum = 0
    for (const [bucket, count] of this.#counts) sum += this.#medianLike(bucket) * count
    return sum / this.#total
  }

  stddev(): number {
    const mean = this.mean()
    let sum = 0
    for (const [bucket, count] of this.#counts) sum += (this.#medianLike(bucket) - mean) ** 2 * count
    return Math.sqrt(sum / this.#total)
  }

  percentile(percentile: number): number {
    const wanted = Math.max(1, Math.floor((Math.min(percentile, 100) / 100) * this.#total + 0.5))
    let seen = 0
    for (const [bucket, count] of this.#sorted()) {
      seen += count
      if (seen >= wanted) return this.#highestLike(bucket)
    }
    return 0
  }
  percentileBigInt = (percentile: number) => BigInt(this.percentile(percentile))

  /** Ever finer steps towards 100: each halves what is left. */
  percentiles(
    into: Map<number, number | bigint>,
    toValue: (value: number) => number | bigint = (value) => value,
  ): void {
    let next = 0
    let seen = 0
    let last = 0
    for (const [bucket, count] of this.#sorted()) {
      seen += count
      last = bucket
      while (seen < this.#total && next <= (100 * seen) / this.#total) {
        into.set(next, toValue(bucket))
        next += 100 / 2 ** (Math.floor(Math.log2(100 / (100 - next))) + 1)
      }
      if (seen === this.#total) into.set(next, toValue(bucket))
    }
    into.set(100, toValue(last))
  }
  percentilesBigInt = (into: Map<number, number | bigint>) => this.percentiles(into, BigInt)
}

/** Records how long the loop takes to come round, every `resolution` milliseconds; it does not keep the process. */
export class DelayHistogram extends Histogram {
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #resolution: number
  readonly #clock: Clock

  constructor(clock: Clock, resolution: number) {
    super({ clock, highest: 3.6e12 })
    this.#clock = clock
    this.#resolution = resolution
  }

  start(isAnew = true): void {
    if (isAnew) this.reset()
    this.recordDelta()
    const tick = () => {
      this.recordDelta()
      this.#timer = this.#clock.setTimeout(tick, this.#resolution)
    }
    this.#timer = this.#clock.setTimeout(tick, this.#resolution)
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer)
  }
}
