/** Something that the page is asked for, answered for all who wait. A page may never answer. */
export interface PageQuestion<Answer> {
  /** `send` puts the question to the page; resolves to `silence` when it does not answer in time. */
  ask(send: () => void): Promise<Answer>
  answer(value: Answer): void
  /** Asks again for those who wait: the page that was asked has given way to another. */
  repeat(): void
  /** Whoever waits gets `silence`. */
  dispose(): void
}

export function createPageQuestion<Answer>({
  silence,
  timeoutMs,
}: {
  silence: Answer
  timeoutMs: number
}): PageQuestion<Answer> {
  const waiting = new Map<(answer: Answer) => void, () => void>()
  const answer = (value: Answer) => {
    for (const take of [...waiting.keys()]) take(value)
  }
  return {
    ask: (send) =>
      new Promise((resolve) => {
        const take = (value: Answer) => {
          waiting.delete(take)
          clearTimeout(timer)
          resolve(value)
        }
        const timer = setTimeout(take, timeoutMs, silence)
        waiting.set(take, send)
        send()
      }),
    answer,
    repeat: () => [...waiting.values()].at(-1)?.(),
    dispose: () => answer(silence),
  }
}
