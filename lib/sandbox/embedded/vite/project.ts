import { decodeUtf8 } from '@/lib/base'
import type { VirtualFs } from '../process/host'
import type { ResolverFs } from '../process/program/loader/package-scope'

/** The files of the machine as the tool reads them; absolute paths. */
export interface Project extends ResolverFs {
  realPath(path: string): string
  /** Where `index.html` is. */
  root: string
  bytes(path: string): Uint8Array<ArrayBuffer>
  /** Null where there is no such text file. */
  find(path: string): string | null
  /** Differs when the content may differ. */
  stamp(path: string): string
  write(path: string, data: string | Uint8Array): void
  remove(path: string): void
  /** All files below a folder, without `node_modules` and hidden folders. */
  walk(folder: string): Iterable<string>
}

export function createProject(fs: VirtualFs, root: string): Project {
  const kindOf = (path: string) => (fs.exists(path) ? fs.stat(path).kind : null)

  /** `above`: where the folders around really are, so that a link to one of them is no way down. */
  function* walk(folder: string, above: readonly string[] = []): Iterable<string> {
    const here = fs.realpath(folder)
    if (above.includes(here)) return
    for (const name of fs.readdir(folder)) {
      if (name === 'node_modules' || name.startsWith('.')) continue
      const path = `${folder}/${name}`
      const kind = kindOf(path)
      if (kind === 'directory') yield* walk(path, [...above, here])
      else if (kind !== null) yield path
    }
  }

  return {
    root,
    isFile: (path) => kindOf(path) === 'file',
    isDirectory: (path) => kindOf(path) === 'directory',
    readText: (path) => decodeUtf8(fs.readFile(path)) ?? '',
    list: (path) => fs.readdir(path),
    realPath: (path) => fs.realpath(path),
    bytes: (path) => new Uint8Array(fs.readFile(path)),
    find: (path) => (kindOf(path) === 'file' ? decodeUtf8(fs.readFile(path)) : null),
    stamp(path) {
      const { mtimeMs, size } = fs.stat(path)
      return `${mtimeMs}:${size}`
    },
    write(path, data) {
      fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true })
      fs.writeFile(path, data)
    },
    remove: (path) => fs.rm(path, { recursive: true, force: true }),
    walk: (folder) => walk(folder),
  }
}
