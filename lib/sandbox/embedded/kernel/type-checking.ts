import { plainBytes } from '@/lib/base'
import type { Diagnostic, SymbolFile } from '../../types'
import { projectRoot } from '../process/host'
import { packageFiles } from '../process/package-files'
import type { FileOp, PackageRecord } from '../protocol'
import { type Checker, createChecker } from '../typescript'
import type { OpenWorker } from './open-worker'

/** A check that takes longer ends its Worker; the next one starts anew. */
const maxCheckMs = 60_000
const prefix = `${projectRoot}/`

export interface TypeChecking {
  /** Brings changes in once a checker runs; before that the first check takes all files. */
  update(ops: Iterable<FileOp>): void
  /** Looks at all files anew: many have gone at once. */
  reset(): void
  /** `config`: the tsconfig.json that governs, where it is not the root's. */
  check(paths: string[] | null, signal: AbortSignal, config?: string): Promise<Diagnostic[]>
  symbols(signal: AbortSignal): Promise<SymbolFile[]>
  dispose(): void
}

/** TypeScript for one machine, in a Worker that starts with the first check and is then kept up to date. */
export function createTypeChecking(
  bundleUrl: () => Promise<string | null>,
  files: () => Iterable<FileOp>,
  openWorker: OpenWorker,
): TypeChecking {
  let checker: Checker | null = null

  async function open(): Promise<Checker> {
    const url = await bundleUrl()
    if (url === null) throw new Error('The type checker could not be loaded.')
    if (checker) return checker
    checker = createChecker(openWorker(url, 'typescript'))
    checker.update(projectFiles(files()), { replace: true })
    return checker
  }

  function dispose() {
    checker?.dispose()
    checker = null
  }

  async function limited<Answer>(ask: (checker: Checker) => Promise<Answer>): Promise<Answer> {
    const current = await open()
    const limit = setTimeout(dispose, maxCheckMs)
    try {
      return await ask(current)
    } finally {
      clearTimeout(limit)
    }
  }

  return {
    update: (ops) => checker?.update(projectFiles(ops)),
    reset: () => checker?.update(projectFiles(files()), { replace: true }),
    check: (paths, signal, config) => limited((current) => current.check(paths, signal, config)),
    symbols: (signal) => limited((current) => current.symbols(signal)),
    dispose,
  }
}

function* projectFiles(ops: Iterable<FileOp>): Iterable<[path: string, content: Uint8Array | null]> {
  for (const op of ops) {
    if (op.kind === 'directory' || !op.path.startsWith(prefix)) continue
    const path = op.path.slice(prefix.length)
    if (op.kind === 'package') yield* declarationsOf(op, path)
    else yield [path, op.kind === 'file' ? plainBytes(op.data) : null]
  }
}

/** Of a package, what types are found by. Copied, since decoders and pages take no shared memory. */
export function* declarationsOf(record: PackageRecord, folder: string): Iterable<[path: string, content: Uint8Array]> {
  for (const { path, data } of packageFiles(record)) {
    if (/\.d\.[cm]?ts$|(^|\/)package\.json$/.test(path)) yield [`${folder}/${path}`, data.slice()]
  }
}
