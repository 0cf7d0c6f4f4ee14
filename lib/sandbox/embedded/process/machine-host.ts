import type { Diagnostic, ProcessInfo } from '../../types'
import type { PackageAnswer, PackageRecord, PackageRequest } from '../protocol'
import type { MachineServices } from '../services/process-services'
import type { Signal } from '../signals'
import type { ProcessHost } from './host'
import type { Stdin } from './stdin'

/** What the machine's own programs (`sh`, `npm`, `tsc`) get beyond the contract of all programs. */
export interface MachineHost extends ProcessHost {
  stdin: Stdin
  /** Has standard input and Ctrl+C come through shared memory; null where the browser grants none. */
  shareInput?(): { read(): Uint8Array | null | 'interrupted'; interruptBuffer: { 0: number } } | null
  /** Type errors as `Sandbox.check` gives them; `config`: the tsconfig.json that governs, where it is not the root's. */
  check(paths: string[] | null, config?: string): Promise<Diagnostic[]>
  services: MachineServices
  /**
   * For the package installer alone; rejects with a `code` and a sentence. A crawl's lines go to `onLines` as they come; the
   * answer has only what is left of them.
   */
  fetchPackage(request: PackageRequest, onLines?: (lines: Uint8Array) => void): Promise<PackageAnswer>
  /** Removes folders and puts packages in place, for all processes at once. */
  install(removed: string[], packages: PackageRecord[]): void
  /** Set before it returns by a program that ends as the signal it caught would have ended it. */
  endedBy?: Signal | null
  /** All processes of the machine. */
  list(): Promise<ProcessInfo[]>
}

export type MachineProgram = (host: MachineHost) => Promise<number>
