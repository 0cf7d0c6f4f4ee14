import ts from 'typescript-browser'
import { decodeUtf8 } from '@/lib/base'
import { ambientTypes, replacedBy } from '@/lib/workspace/ambient-types'
import type { CheckedFile } from './protocol'

/** The project is at the root of TypeScript's world; these folders lie outside any project path. */
const libFolder = '/.typescript'
const ambientFolder = '/.ambient'

interface Version {
  text: string
  version: number
}

/** TypeScript's view of the file system: the project, the library files, and the ambient types. Absolute paths. */
export interface CheckedFiles {
  update(files: readonly CheckedFile[], replace: boolean): void
  read(path: string): string | undefined
  /** Changes with each new content; undefined when there is no such file. */
  version(path: string): string | undefined
  exists(path: string): boolean
  directoryExists(path: string): boolean
  entries(path: string): { files: string[]; directories: string[] }
  /** Ambient files that no installed package replaces. */
  ambient(): string[]
  /** Grows when files come or go, or a configuration file changes. */
  readonly shape: number
}

export function createCheckedFiles(libFiles: Readonly<Record<string, string>>): CheckedFiles {
  const fixed = new Map<string, string>([
    ...Object.entries(libFiles).map(([name, text]) => [`${libFolder}/${name}`, text] as const),
    ...Object.entries(ambientTypes).map(([name, text]) => [`${ambientFolder}/${name}`, text] as const),
  ])
  const files = new Map<string, Version>()
  let folders: Map<string, { files: string[]; directories: Set<string> }> | null = null
  let lastVersion = 0
  let shape = 0

  function put(path: string, content: string | Uint8Array | null): void {
    const text = content instanceof Uint8Array ? decodeUtf8(content) : content
    const before = files.get(path)
    if (before?.text === text) return
    if (text === null) files.delete(path)
    else files.set(path, { text, version: ++lastVersion })
    if (!before || text === null || /(^|\/)(tsconfig[^/]*|jsconfig|package)\.json$/.test(path)) {
      shape += 1
      folders = null
    }
  }

  function folderTree() {
    const tree = new Map<string, { files: string[]; directories: Set<string> }>([['/', emptyFolder()]])
    for (const path of files.keys()) {
      let parent = '/'
      const segments = path.slice(1).split('/')
      const name = segments.pop() ?? ''
      for (const segment of segments) {
        tree.get(parent)?.directories.add(segment)
        parent = parent === '/' ? `/${segment}` : `${parent}/${segment}`
        if (!tree.has(parent)) tree.set(parent, emptyFolder())
      }
      tree.get(parent)?.files.push(name)
    }
    return tree
  }

  const folder = (path: string) => {
    folders ??= folderTree()
    return folders.get(path === '/' ? path : path.replace(/\/$/, ''))
  }

  return {
    update(changes, replace) {
      if (replace) {
        const kept = new Set(changes.map(([path]) => `/${path}`))
        for (const path of [...files.keys()]) if (!kept.has(path)) put(path, null)
      }
      for (const [path, content] of changes) put(`/${path}`, content)
    },
    read: (path) => files.get(path)?.text ?? fixed.get(path),
    version: (path) => files.get(path)?.version.toString() ?? (fixed.has(path) ? '0' : undefined),
    exists: (path) => files.has(path) || fixed.has(path),
    directoryExists: (path) => folder(path) !== undefined || path === libFolder || path === ambientFolder,
    entries(path) {
      const found = folder(path)
      return { files: found?.files ?? [], directories: [...(found?.directories ?? [])] }
    },
    ambient: () =>
      Object.keys(ambientTypes)
        .filter((name) => !replacedBy[name]?.some((path) => files.has(`/${path}`)))
        .map((name) => `${ambientFolder}/${name}`),
    get shape() {
      return shape
    },
  }
}

export function defaultLibPath(options: ts.CompilerOptions): string {
  return `${libFolder}/${ts.getDefaultLibFileName(options)}`
}

function emptyFolder() {
  return { files: [], directories: new Set<string>() }
}
