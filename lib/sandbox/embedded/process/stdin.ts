import type { StdinSource } from '../protocol'
import type { Wire } from '../wire'
import type { ProcessHost } from './host'

/** The browser's: a program may put another clock in its place. */
const { setTimeout } = globalThis

type Taker = (data: Uint8Array | null) => void

export interface Stdin {
  onData: ProcessHost['stdin']['onData']
  onEnd: ProcessHost['stdin']['onEnd']
  /** Everything, when it was complete before the process started; null when it may still come. */
  complete: Uint8Array | null
  receive(data: Uint8Array | null): void
  /** Takes all from a wire, as fast as somebody listens. */
  follow(wire: Wire): void
  /** Keeps what comes until `resume`. */
  pause(): void
  resume(): void
  /** Hands all that comes to a child instead, until the returned function is called; null means the end. */
  pipe(taker: Taker): () => void
}

/** Standard input is kept until somebody listens: the program itself or a child that inherits it. */
export function createStdin(from: StdinSource): Stdin {
  const waiting: (Uint8Array | null)[] = []
  const dataListeners: ((data: Uint8Array) => void)[] = []
  const endListeners: (() => void)[] = []
  const pipes: Taker[] = []
  let ended = false
  let isPaused = false
  let endWaits = false
  let source: Wire | null = null

  function take(data: Uint8Array | null) {
    if (data === null) ended = true
    const child = pipes.at(-1)
    if (child) child(data)
    else if (data === null) for (const listener of endListeners) listener()
    else for (const listener of dataListeners) listener(data)
  }
  const isHeard = () => pipes.length > 0 || dataListeners.length > 0 || (waiting[0] === null && endListeners.length > 0)
  const isHeld = () => isPaused && pipes.length === 0
  function drain() {
    while (waiting.length > 0 && !isHeld() && isHeard() && !(waiting[0] === null && endWaits)) {
      const data = waiting.shift() ?? null
      take(data)
      if (data !== null && waiting[0] === null) letEndWait()
    }
    if (isHeld() || !isHeard()) source?.pause()
    else source?.resume()
  }
  /** What promises make of the last data comes before the end, as it does where a pipe is read twice. */
  function letEndWait() {
    endWaits = true
    setTimeout(() => {
      endWaits = false
      drain()
    })
  }
  // Listeners are added one after another (data, then end), so delivery waits until all are there.
  const drainSoon = () => queueMicrotask(drain)

  const complete = from instanceof Uint8Array ? from : null
  if (complete) {
    if (complete.byteLength > 0) waiting.push(complete)
    waiting.push(null)
  }
  return {
    complete,
    onData(listener) {
      dataListeners.push(listener)
      drainSoon()
    },
    onEnd(listener) {
      if (ended) queueMicrotask(listener)
      else endListeners.push(listener)
      drainSoon()
    },
    receive(data) {
      waiting.push(data)
      drain()
    },
    follow(wire) {
      source = wire
      wire.pause()
      wire.onData((data) => {
        waiting.push(data)
        drain()
      })
      drain()
    },
    pause() {
      isPaused = true
    },
    resume() {
      isPaused = false
      drain()
    },
    pipe(taker) {
      pipes.push(taker)
      if (ended) taker(null)
      drainSoon()
      return () => pipes.splice(pipes.indexOf(taker), 1)
    },
  }
}
