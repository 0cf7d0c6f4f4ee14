import { extname } from '@/lib/base'
import type { Diagnostic, SymbolFile } from '../../types'
import type { CheckedFile, FromChecker, ToChecker } from './protocol'

/** One project's type checker. Dispose of it with the project; a hanging one can be ended at any time. */
export interface Checker {
  /** All files anew, or some changes. What TypeScript would not read is left out here. */
  update(files: Iterable<CheckedFile>, options?: { replace?: boolean }): void
  /** In the context of the whole project; all its files when `paths` is null. Rejects when the signal aborts. */
  check(paths: readonly string[] | null, signal?: AbortSignal, config?: string): Promise<Diagnostic[]>
  symbols(signal?: AbortSignal): Promise<SymbolFile[]>
  dispose(): void
}

/** The part of a `Worker` that is used. */
export interface CheckerWorker {
  postMessage(message: ToChecker): void
  onmessage: ((event: MessageEvent<FromChecker>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  terminate(): void
}

/** `worker` runs the `typescript` bundle; it belongs to the checker from now on. */
export function createChecker(worker: CheckerWorker): Checker {
  const waiting = new Map<
    number,
    { resolve: (answer: Diagnostic[] | SymbolFile[]) => void; reject: (error: Error) => void }
  >()
  let lastId = 0
  let gone: Error | null = null

  const end = (reason: Error) => {
    gone = reason
    worker.terminate()
    for (const { reject } of waiting.values()) reject(reason)
    waiting.clear()
  }

  worker.onmessage = ({ data }) => {
    const request = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.type === 'checked') request?.resolve(data.diagnostics)
    else if (data.type === 'symbols') request?.resolve(data.files)
    else request?.reject(new Error(data.message))
  }
  worker.onerror = (event) => end(new Error(`The type checker has stopped: ${event.message}`))

  function ask<Answer>(message: (id: number) => ToChecker, signal?: AbortSignal): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      if (gone) throw gone
      signal?.throwIfAborted()
      const id = ++lastId
      const onAbort = () => {
        waiting.delete(id)
        reject(signal?.reason)
      }
      const settle = () => signal?.removeEventListener('abort', onAbort)
      signal?.addEventListener('abort', onAbort, { once: true })
      waiting.set(id, {
        resolve: (answer) => {
          settle()
          resolve(answer as Answer)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      })
      worker.postMessage(message(id))
    })
  }

  return {
    update(files, { replace = false } = {}) {
      const read = [...files].filter(([path]) => isRead(path))
      if (!gone && (replace || read.length > 0)) worker.postMessage({ type: 'update', files: read, replace })
    },
    check: (paths, signal, config) => ask((id) => ({ type: 'check', id, paths: paths && [...paths], config }), signal),
    symbols: (signal) => ask((id) => ({ type: 'symbols', id }), signal),
    dispose: () => end(new Error('The type checker has been disposed of.')),
  }
}

const sources = new Set(['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'])

/** Of packages only declarations and their package.json count: their code is not checked. */
function isRead(path: string): boolean {
  if (!/(^|\/)node_modules\//.test(path)) return sources.has(extname(path))
  return /\.d\.[mc]?ts$/.test(path) || path.endsWith('/package.json')
}
