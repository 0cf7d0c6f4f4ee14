import { createEmitter } from '@/lib/base'
import type { Diagnostic, Sandbox, TestReport } from '@/lib/sandbox'
import type { ExecutableChange, FileData, FileMap, LinkChange } from '@/lib/workspace'
import { createFakeSandbox } from './fake-sandbox'

/**
 * A machine without programs that has files, forks them, and says of them what `report` says; “type error” is one, and
 * `link a -> b` in a file makes that link, and `chmod a` makes a executable.
 */
export function createForkableSandbox(
  report: (files: FileMap) => TestReport | Promise<TestReport>,
  initial: FileMap = new Map(),
): { sandbox: Sandbox; disposed: () => number; forks: () => number; checkers: () => number } {
  const checkers = new Set<FileMap>()
  let forks = 0
  let disposed = 0
  const open = (start: FileMap): Sandbox => {
    const files = new Map<string, FileData>(start)
    const linked = createEmitter<readonly LinkChange[]>()
    const marked = createEmitter<readonly ExecutableChange[]>()
    return {
      ...createFakeSandbox({}).sandbox,
      async apply(changes) {
        for (const { path, after } of changes) after === null ? files.delete(path) : files.set(path, after)
        for (const { after } of changes) {
          const [, path, target] = /^link (\S+) -> (\S+)/m.exec(String(after)) ?? []
          if (path !== undefined && target !== undefined) linked.emit([{ path, target }])
          const [, script] = /^chmod (\S+)/m.exec(String(after)) ?? []
          if (script !== undefined) marked.emit([{ path: script, executable: true }])
        }
      },
      onLinks: linked.subscribe,
      onExecutables: marked.subscribe,
      snapshot: async () => new Map(files),
      test: async () => report(files),
      async check() {
        checkers.add(files)
        return [...files].flatMap(([path, data]) => (String(data).includes('type error') ? [errorIn(path)] : []))
      },
      async fork() {
        forks += 1
        return open(files)
      },
      async dispose() {
        disposed += 1
      },
    }
  }
  return { sandbox: open(initial), disposed: () => disposed, forks: () => forks, checkers: () => checkers.size }
}

function errorIn(path: string): Diagnostic {
  return { path, line: 1, column: 1, endLine: 1, endColumn: 2, severity: 'error', message: 'No.', code: 'ts(1)' }
}
