export interface Mailbox {
  receive(message: unknown): void
  /** One listener; what came before is kept for it. */
  listen(listener: (message: unknown) => void): void
}

export function createMailbox(): Mailbox {
  let taker: ((message: unknown) => void) | null = null
  const waiting: unknown[] = []
  return {
    receive(message) {
      if (taker) taker(message)
      else waiting.push(message)
    },
    listen(listener) {
      taker = listener
      for (const message of waiting.splice(0)) listener(message)
    },
  }
}
