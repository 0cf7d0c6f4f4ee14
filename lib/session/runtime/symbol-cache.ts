import { sleep } from '@/lib/base'
import type { Sandbox, SymbolFile } from '@/lib/sandbox'
import type { FileMap, Workspace } from '@/lib/workspace'

/** What TypeScript said of the project's symbols, looked up in a quiet moment so that nobody waits for it. */
export interface SymbolCache {
  /** Asks the sandbox. Never rejects: without an answer there is nothing to know. */
  look(sandbox: Pick<Sandbox, 'symbols'>): Promise<void>
  /** Of the files that are still as they were when it looked, by path. */
  current(): ReadonlyMap<string, SymbolFile>
  /** As `current`, after another look where files have changed since the first. Waits for that a moment at most. */
  refreshed(sandbox: () => Promise<Pick<Sandbox, 'symbols'>>): Promise<ReadonlyMap<string, SymbolFile>>
}

const patienceMs = 1_500

export function createSymbolCache(workspace: Pick<Workspace, 'files'>): SymbolCache {
  let seen: { files: FileMap; symbols: readonly SymbolFile[] } = { files: new Map(), symbols: [] }
  const cache: SymbolCache = {
    async look(sandbox) {
      const { files } = workspace
      // It may be too large, or its sandbox gone.
      const symbols = await sandbox.symbols?.().catch(() => null)
      if (symbols) seen = { files, symbols }
    },
    async refreshed(sandbox) {
      const isWarm = seen.symbols.length > 0
      if (isWarm && seen.files !== workspace.files) {
        const look = sandbox().then(cache.look, () => undefined)
        await Promise.race([look, sleep(patienceMs)])
      }
      return cache.current()
    },
    current() {
      const now = workspace.files
      const isAsItWas = ({ path }: SymbolFile) => now.has(path) && now.get(path) === seen.files.get(path)
      return new Map(seen.symbols.filter(isAsItWas).map((file) => [file.path, file]))
    },
  }
  return cache
}
