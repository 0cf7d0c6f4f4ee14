import type { TestConfig } from './config'
import type { FileOutcome } from './engine'

/** What a Worker of the pool starts with; it gets its files by messages. */
export interface PoolStart {
  runsTestFiles: true
  config: TestConfig
  namePattern: RegExp | undefined
  provided: Map<string, unknown>
  workerId: number
}

export interface OutputChunk {
  stream: 'stdout' | 'stderr'
  data: string | Uint8Array
}

export interface ToPoolWorker {
  file: string
}

export type FromPoolWorker =
  /** Sent while it is not busy with code that never yields. */
  | { type: 'alive' }
  | { type: 'test'; name: string; limitMs: number }
  | { type: 'output'; chunks: OutputChunk[] }
  | { type: 'ended'; outcome: FileOutcome }

export const isPoolStart = (data: unknown): data is PoolStart =>
  typeof data === 'object' && data !== null && 'runsTestFiles' in data
