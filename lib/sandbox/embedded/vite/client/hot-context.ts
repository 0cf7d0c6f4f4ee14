type Exports = Record<string, unknown>

/** `import.meta.hot`, as https://vite.dev/guide/api-hmr describes it. */
export interface HotContext {
  readonly data: Record<string, unknown>
  accept(): void
  accept(callback: (module: Exports | undefined) => void): void
  accept(dependency: string, callback?: (module: Exports | undefined) => void): void
  accept(dependencies: readonly string[], callback?: (modules: (Exports | undefined)[]) => void): void
  acceptExports(names: string | readonly string[], callback?: (module: Exports | undefined) => void): void
  dispose(callback: (data: Record<string, unknown>) => void): void
  prune(callback: (data: Record<string, unknown>) => void): void
  decline(): void
  invalidate(message?: string): void
  on(event: string, callback: (payload: unknown) => void): void
  off(event: string, callback: (payload: unknown) => void): void
  send(event: string, payload?: unknown): void
}

/** What the server tells pages over `/@vite/events`. */
export type HotMessage =
  | { type: 'connected' }
  | { type: 'update'; updates: HotUpdate[] }
  | { type: 'full-reload'; reason: string }
  | { type: 'prune'; paths: string[]; timestamp: number }
  | { type: 'error'; message: string; stack: string }

export interface HotUpdate {
  kind: 'module' | 'style'
  /** The module that takes the update. */
  path: string
  /** The module that changed, which it takes: itself or one that it imports. */
  accepted: string
  timestamp: number
}
