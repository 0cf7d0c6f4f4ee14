/** Text files are strings; anything that is not valid UTF-8 is bytes. */
export type FileData = string | Uint8Array

/** Project-relative path → content. Immutable: a change makes a new map. Folders exist through their files. */
export type FileMap = ReadonlyMap<string, FileData>

/** What happens to one path; `null` means “no such file”. A rename is a removal and an addition. */
export interface FileChange {
  path: string
  before: FileData | null
  after: FileData | null
}

export function sameData(a: FileData | null | undefined, b: FileData | null | undefined): boolean {
  if (a === b) return true
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return (a ?? null) === (b ?? null)
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index])
}

/** The changes that turn `from` into `to`, sorted by path. */
export function changesBetween(from: FileMap, to: FileMap): FileChange[] {
  const paths = new Set([...from.keys(), ...to.keys()])
  return [...paths]
    .sort()
    .map((path) => ({ path, before: from.get(path) ?? null, after: to.get(path) ?? null }))
    .filter((change) => !sameData(change.before, change.after))
}

export function applyChanges(files: FileMap, changes: readonly Pick<FileChange, 'path' | 'after'>[]): FileMap {
  const next = new Map(files)
  for (const { path, after } of changes) {
    if (after === null) next.delete(path)
    else next.set(path, after)
  }
  return next
}

/** A path that is a file and also a folder, which no disk can hold; null when there is none. */
export function fileAndFolder(files: FileMap): string | null {
  for (const path of files.keys()) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      if (files.has(path.slice(0, slash))) return path.slice(0, slash)
    }
  }
  return null
}
