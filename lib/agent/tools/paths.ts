import { basename, joinPath, plural } from '@/lib/base'
import type { FileMap } from '@/lib/workspace'

const projectRoot = '/home/project/'

/** What the model calls a path → the project's: `./src/a.ts`, `/home/project/src/a.ts` and `src/a.ts` are one. Null when it leaves the project. */
export function toProjectPath(path: string): string | null {
  const relative = path.startsWith(projectRoot) ? path.slice(projectRoot.length) : path
  return relative.startsWith('/') ? null : joinPath(relative)
}

export function isInside(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`)
}

/** A sentence for a path that names nothing: the likely ones, or what is there. */
export function missingPath(files: FileMap, path: string): string {
  const wanted = toProjectPath(path) ?? path
  const inside = [...files.keys()].filter((other) => wanted === '' || isInside(other, wanted))
  if (inside.length > 0)
    return `${wanted || 'The project'} is a folder with ${plural(inside.length, 'file')}: ${list(inside)}.`
  const similar = likelyPaths(files, wanted)
  return similar.length > 0
    ? `There is no file ${path}. Did you mean ${list(similar)}?`
    : `There is no file ${path}. The project has: ${list([...files.keys()])}.`
}

function likelyPaths(files: FileMap, wanted: string): string[] {
  const stem = (path: string) =>
    basename(path)
      .toLowerCase()
      .replace(/\.[^.]*$/, '')
  const name = stem(wanted)
  const score = (path: string) => {
    if (path.toLowerCase() === wanted.toLowerCase()) return 3
    if (basename(path) === basename(wanted)) return 2
    return name.length > 2 && (stem(path).includes(name) || name.includes(stem(path))) ? 1 : 0
  }
  return [...files.keys()]
    .map((path) => ({ path, score: score(path) }))
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score || a.path.length - b.path.length)
    .map(({ path }) => path)
}

function list(paths: readonly string[], max = 8): string {
  const shown = [...paths].slice(0, max).join(', ')
  return paths.length > max ? `${shown} and ${paths.length - max} more` : shown
}
