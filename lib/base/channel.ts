/** A queue from many writers to one `for await` reader. Values pushed after `close` are dropped. */
interface Channel<Value> extends AsyncIterable<Value> {
  push(value: Value): void
  close(): void
}

export function createChannel<Value>(): Channel<Value> {
  let queue: Value[] = []
  let closed = false
  let wake: (() => void) | null = null
  const changed = () => {
    wake?.()
    wake = null
  }
  return {
    push(value) {
      if (closed) return
      queue.push(value)
      changed()
    },
    close() {
      closed = true
      changed()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const batch = queue
        queue = []
        yield* batch
        if (queue.length > 0) continue
        if (closed) return
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
