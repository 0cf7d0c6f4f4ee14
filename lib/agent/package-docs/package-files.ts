/** One version of a package, wherever its files are. */
export interface PackageFiles {
  name: string
  version: string
  /** For people and the model: `node_modules/lodash`, “the registry”. */
  from: string
  manifest: Readonly<Record<string, unknown>>
  /** Names of the files at the top. */
  topFiles(): Promise<readonly string[]>
  /** Null when there is no such file. Paths are relative to the package. */
  read(path: string): Promise<string | null>
}

/** `problem` is a sentence for the model. */
export type PackageLookup = { ok: true; files: PackageFiles } | { ok: false; problem: string }

/** A path out of a manifest, which anybody may have written: inside the package, or null. */
export function pathInPackage(path: unknown): string | null {
  if (typeof path !== 'string' || path.length > 300 || !/^[\w@./+~-]+$/.test(path) || path.startsWith('/')) return null
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) return null
    } else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.length === 0 ? null : segments.join('/')
}
