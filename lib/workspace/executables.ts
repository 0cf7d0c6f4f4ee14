import type { FileData, FileMap } from './files'

/**
 * Project-relative paths of files that may be run by their path: the one bit of a mode that git keeps (100755, else
 * 100644). It lies beside the files, so no Edit changes it. A path without a file is one whose file is gone: brought back,
 * it is executable again.
 */
export type Executables = ReadonlySet<string>

/** `chmod +x` or `chmod -x`. */
export interface ExecutableChange {
  path: string
  executable: boolean
}

/** Where nobody knows the modes (an old project or link, a template, files as text), scripts are what names an interpreter. */
export function scriptsOf(files: FileMap): Executables {
  return new Set([...files].filter(([, data]) => isScript(data)).map(([path]) => path))
}

export function isScript(data: FileData): boolean {
  return typeof data === 'string' ? data.startsWith('#!') : data[0] === 0x23 && data[1] === 0x21
}

/** The changes of these files' bits that make `after` of `before`. */
export function executableChanges(
  paths: Iterable<string>,
  before: Executables,
  after: Executables,
): ExecutableChange[] {
  return [...paths]
    .filter((path) => before.has(path) !== after.has(path))
    .map((path) => ({ path, executable: after.has(path) }))
}

export function applyExecutables(executables: Executables, changes: readonly ExecutableChange[]): Executables {
  const next = new Set(executables)
  for (const { path, executable } of changes) {
    if (executable) next.add(path)
    else next.delete(path)
  }
  return next
}
