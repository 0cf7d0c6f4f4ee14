import type { CountTexts } from '@/lib/agent/tokens'

/** A tokenizer in a Worker of its own, which starts with the first question. Rejects while it cannot be loaded. */
export function createWorkerCounter(): { count: CountTexts; dispose(): void } {
  const waiting = new Map<number, { resolve: (counts: number[]) => void; reject: (error: unknown) => void }>()
  let worker: Worker | null = null
  let asked = 0

  const fail = (event: ErrorEvent) => {
    worker?.terminate()
    worker = null
    const error = new Error(`The tokenizer could not be loaded: ${event.message || 'no connection'}`)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const start = () => {
    const started = new Worker(new URL('../agent/tokens/worker.ts', import.meta.url), {
      type: 'module',
      name: 'tokens',
    })
    started.onmessage = ({ data }: MessageEvent<{ id: number; counts: number[] }>) => {
      waiting.get(data.id)?.resolve(data.counts)
      waiting.delete(data.id)
    }
    started.onerror = fail
    return started
  }

  return {
    count: (texts) =>
      new Promise((resolve, reject) => {
        worker ??= start()
        const id = ++asked
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, texts })
      }),
    dispose() {
      worker?.terminate()
      worker = null
    },
  }
}
