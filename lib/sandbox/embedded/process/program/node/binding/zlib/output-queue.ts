import type { Span } from './engine'

/** Bytes that are made and not yet taken. */
export class OutputQueue {
  #pieces: Uint8Array[] = []

  add(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#pieces.push(bytes)
  }

  clear(): void {
    this.#pieces = []
  }

  /** Hands over what fits, and says how much room was left. */
  drain(output: Span): number {
    let room = output.length
    while (room > 0 && this.#pieces[0]) {
      const piece = this.#pieces[0].subarray(0, room)
      output.bytes.set(piece, output.offset + output.length - room)
      room -= piece.length
      const rest = this.#pieces[0].subarray(piece.length)
      if (rest.length > 0) this.#pieces[0] = rest
      else this.#pieces.shift()
    }
    return room
  }
}
