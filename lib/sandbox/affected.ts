import { decodeUtf8 } from '@/lib/base'
import type { FileMap } from '@/lib/workspace'
import { affectedTests, importsOf } from './embedded/process/program/loader/affected'
import type { ResolverFs } from './embedded/process/program/loader/package-scope'

/**
 * The test files (project-relative, sorted) whose result a change of `changed` can alter, found from the imports alone.
 * Pure and without a sandbox: it decides what is worth running.
 */
export function affectedTestFiles(files: FileMap, changed: readonly string[]): string[] {
  const paths = [...files.keys()].filter((path) => !/(^|\/)node_modules\//.test(path)).map((path) => `/${path}`)
  const tests = affectedTests(
    toResolverFs(files),
    paths,
    changed.map((path) => `/${path}`),
  )
  return tests.map((path) => path.slice(1))
}

/**
 * What each script of a project imports from it, by project-relative path, sorted: nothing that is installed. Pure, like
 * `affectedTestFiles`, and as generous: names in comments and strings count as well.
 */
export function importGraph(files: FileMap): Map<string, string[]> {
  const fs = toResolverFs(files)
  const paths = [...files.keys()].map((path) => `/${path}`)
  const graph = [...importsOf(fs, paths)].map(([path, targets]) => {
    const own = [...targets].filter((target) => target !== path && files.has(target.slice(1)))
    return [path.slice(1), own.map((target) => target.slice(1)).sort()] as const
  })
  return new Map(graph)
}

function toResolverFs(files: FileMap): ResolverFs {
  const folders = new Map<string, Set<string>>([['/', new Set()]])
  for (const path of files.keys()) {
    const parts = path.split('/')
    parts.forEach((name, depth) => {
      const folder = `/${parts.slice(0, depth).join('/')}`
      const names = folders.get(folder) ?? new Set()
      folders.set(folder, names.add(name))
    })
  }
  return {
    isFile: (path) => files.has(path.slice(1)),
    isDirectory: (path) => folders.has(path),
    list: (path) => [...(folders.get(path) ?? [])],
    readText(path) {
      const data = files.get(path.slice(1)) ?? ''
      return typeof data === 'string' ? data : (decodeUtf8(data) ?? '')
    },
  }
}
