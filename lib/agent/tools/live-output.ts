/** A chatty program is shown a few times a second, and no more than this much of it. */
const flushEveryMs = 50
const maxLiveCharacters = 256 * 1024

/** Gathers pieces of output into fewer events. Call `flush` at the end. */
export function createLiveOutput(emit: (delta: string) => void): { write(text: string): void; flush(): void } {
  let waiting = ''
  let shown = 0
  let timer: ReturnType<typeof setTimeout> | null = null
  const flush = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (waiting !== '') emit(waiting)
    waiting = ''
  }
  return {
    write(text) {
      if (shown >= maxLiveCharacters) return
      shown += text.length
      waiting += shown >= maxLiveCharacters ? `${text}\n(more output is not shown live)\n` : text
      timer ??= setTimeout(flush, flushEveryMs)
    },
    flush,
  }
}
