import type { StdinSource } from '../protocol'
import type { ProcessHost } from './host'

type Taker = (data: Uint8Array | null) => void

export interface Stdin {
  onData: ProcessHost['stdin']['onData']
  onEnd: ProcessHost['stdin']['onEnd']
  /** Everything, when it was complete before the process started; null when it may still come. */
  complete: Uint8Array | null
  receive(data: Uint8Array | null): void
  /** Hands all that comes to a child instead, until the returned function is called; null means the end. */
  pipe(taker: Taker): () => void
}

/** Standard input is kept until somebody listens: the program itself or a child that inherits it. */
export function createStdin(source: StdinSource): Stdin {
  const waiting: (Uint8Array | null)[] = []
  const dataListeners: ((data: Uint8Array) => void)[] = []
  const endListeners: (() => void)[] = []
  const pipes: Taker[] = []
  let ended = false

  function take(data: Uint8Array | null) {
    if (data === null) ended = true
    const child = pipes.at(-1)
    if (child) child(data)
    else if (data === null) for (const listener of endListeners) listener()
    else for (const listener of dataListeners) listener(data)
  }
  const isHeard = () => pipes.length > 0 || dataListeners.length > 0 || (waiting[0] === null && endListeners.length > 0)
  function drain() {
    while (waiting.length > 0 && isHeard()) take(waiting.shift() ?? null)
  }
  // Listeners are added one after another (data, then end), so delivery waits until all are there.
  const drainSoon = () => queueMicrotask(drain)

  if (source !== 'open') {
    if (source.byteLength > 0) waiting.push(source)
    waiting.push(null)
  }
  return {
    complete: source === 'open' ? null : source,
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
    pipe(taker) {
      pipes.push(taker)
      if (ended) taker(null)
      drainSoon()
      return () => pipes.splice(pipes.indexOf(taker), 1)
    },
  }
}
