import type { Diagnostic, Sandbox } from '@/lib/sandbox'
import { changesBetween, type FileMap } from '@/lib/workspace'

/** Type errors of one set of files after another. */
export interface SharedCheck {
  check(files: FileMap, paths?: string[], signal?: AbortSignal): Promise<Diagnostic[]>
  dispose(): void
}

/**
 * One type checker for all attempts: it takes seconds and a hundred megabytes to start, and their files differ in a few
 * lines. It lives in a fork that is moved from one attempt's files to the next, one check at a time.
 */
export function createSharedCheck(base: Promise<Sandbox>, files: FileMap): SharedCheck {
  let opened: Promise<Sandbox> | null = null
  let known = files
  let last: Promise<unknown> = Promise.resolve()
  const run = async (wanted: FileMap, paths?: string[], signal?: AbortSignal): Promise<Diagnostic[]> => {
    signal?.throwIfAborted()
    opened ??= base.then((sandbox) => sandbox.fork())
    const sandbox = await opened
    const changes = changesBetween(known, wanted)
    known = wanted
    if (changes.length > 0) await sandbox.apply(changes)
    return sandbox.check(paths, signal)
  }
  return {
    check(wanted, paths, signal) {
      const checking = last.then(() => run(wanted, paths, signal))
      // Whoever asked hears of a failure; the next one starts anyway.
      last = checking.catch(() => undefined)
      return checking
    },
    dispose() {
      // A machine that is gone already, or never came, needs no ending.
      opened?.then((sandbox) => sandbox.dispose()).catch(() => undefined)
    },
  }
}
