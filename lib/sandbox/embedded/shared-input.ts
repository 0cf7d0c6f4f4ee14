import { napMs } from './nap'

/**
 * Standard input and Ctrl+C for a process that never yields, as Python's interpreter: both sides look at shared memory.
 * Word 0 is the state, word 1 the length of what lies there, word 2 the interrupt (byte 8), then the data.
 */
export const inputBytes = 64 * 1024
export const inputStart = 16
export const inputSize = inputStart + inputBytes
export const inputState = { empty: 0, data: 1, ended: 2 } as const

/** The kernel's side: gives the process one piece after another, as it takes them. */
export class SharedInput {
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  #waiting: (Uint8Array | null)[] = []

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, 4)
    this.#bytes = new Uint8Array(buffer)
  }

  /** Null is the end. */
  push(data: Uint8Array | null): void {
    for (let at = 0; data && at < data.byteLength; at += inputBytes) this.#waiting.push(data.slice(at, at + inputBytes))
    if (data === null) this.#waiting.push(null)
    this.taken()
  }

  /** The process has taken what lay there, or has only begun. */
  taken(): void {
    if (Atomics.load(this.#words, 0) !== inputState.empty || this.#waiting.length === 0) return
    const data = this.#waiting.shift() ?? null
    if (data) {
      this.#bytes.set(data, inputStart)
      Atomics.store(this.#words, 1, data.byteLength)
    }
    Atomics.store(this.#words, 0, data ? inputState.data : inputState.ended)
    Atomics.notify(this.#words, 0)
  }

  /** The process has not taken the last Ctrl+C yet. */
  get isInterrupted(): boolean {
    return this.#bytes[8] !== 0
  }

  interrupt(): void {
    this.#bytes[8] = 2
    Atomics.notify(this.#words, 0)
  }
}

/** The process's side. */
export function createInputReader(buffer: SharedArrayBuffer, askForMore: () => void) {
  const words = new Int32Array(buffer, 0, 4)
  const bytes = new Uint8Array(buffer)
  return {
    /** Python looks here between its instructions. */
    interruptBuffer: createInterruptBuffer(bytes),
    /** Sleeps until there is some; null at the end, `interrupted` after Ctrl+C. */
    read(): Uint8Array | null | 'interrupted' {
      for (;;) {
        if (bytes[8] !== 0) return 'interrupted'
        const state = Atomics.load(words, 0)
        if (state === inputState.ended) return null
        if (state === inputState.data) {
          const data = bytes.slice(inputStart, inputStart + Atomics.load(words, 1))
          Atomics.store(words, 0, inputState.empty)
          askForMore()
          return data
        }
        Atomics.wait(words, 0, inputState.empty, napMs)
      }
    },
  }
}

/**
 * Pyodide reads the byte and then clears it, whatever it was: a Ctrl+C that came in between would be lost. So only what
 * was seen is cleared.
 */
function createInterruptBuffer(bytes: Uint8Array) {
  let seen = 0
  return {
    get 0() {
      seen = Atomics.load(bytes, 8)
      return seen
    },
    set 0(value: number) {
      if (seen !== 0) Atomics.store(bytes, 8, value)
      seen = 0
    },
  }
}
