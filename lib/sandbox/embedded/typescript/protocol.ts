import type { Diagnostic, SymbolFile } from '../../types'

/** A project-relative path and its content; `null` means “no such file”. Bytes are UTF-8. */
export type CheckedFile = [path: string, content: string | Uint8Array | null]

/** To the Worker. Messages are handled in order: a check sees all updates before it. */
export type ToChecker =
  | { type: 'update'; files: CheckedFile[]; replace: boolean }
  /** `paths` null: all files as the root's tsconfig.json names them, or the one at the path `config`. */
  | { type: 'check'; id: number; paths: string[] | null; config?: string | undefined }
  | { type: 'symbols'; id: number }

export type FromChecker =
  | { type: 'checked'; id: number; diagnostics: Diagnostic[] }
  | { type: 'symbols'; id: number; files: SymbolFile[] }
  | { type: 'failed'; id: number; message: string }
