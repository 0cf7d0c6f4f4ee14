import { pathProblem } from '@/lib/base'
import type { FileMap } from './files'

/**
 * Project-relative path → target, as `readlink` gives it. Symbolic links lie beside the project's files: the tree shows
 * them and checkpoints hold them, but no Edit changes them; History takes them along.
 */
export type LinkMap = ReadonlyMap<string, string>

/** What happens to the link at a path; `null` means “no link”. */
export interface LinkChange {
  path: string
  target: string | null
}

/** PATH_MAX of Linux. */
const maxTargetLength = 4096

/** Whether this may be a link of a project at all. Where it leads to does not matter: it is followed in the sandbox only. */
export function isLink(path: string, target: unknown): target is string {
  const isTarget = typeof target === 'string' && target !== '' && target.length <= maxTargetLength
  return isTarget && !target.includes('\0') && pathProblem(path) === null
}

/** The links that have a place of their own beside these files: files win, and nothing lies below a file or a link. */
export function linksBeside(files: FileMap, links: LinkMap): LinkMap {
  const folders = new Set([...files.keys()].flatMap(foldersOf))
  const beside = new Map<string, string>()
  for (const [path, target] of [...links].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const isTaken = files.has(path) || folders.has(path)
    const isBelow = foldersOf(path).some((folder) => files.has(folder) || beside.has(folder))
    if (!isTaken && !isBelow) beside.set(path, target)
  }
  return beside
}

/**
 * Whether a link leads to a place inside the project on any machine, whatever the links it passes through: it is
 * relative, and climbs only at its beginning, from its own folder.
 */
export function staysInside(path: string, target: string): boolean {
  if (target.startsWith('/') || target.includes('\\') || /^[a-z]:/i.test(target)) return false
  const [, climb = '', rest = ''] = /^((?:\.{1,2}(?:\/|$))*)(.*)$/s.exec(target) ?? []
  const climbs = climb.split('/').filter((segment) => segment === '..').length
  return climbs <= foldersOf(path).length && !rest.split('/').includes('..')
}

/** The changes that make `after` of `before`. */
export function linkChangesBetween(before: LinkMap, after: LinkMap): LinkChange[] {
  const gone = [...before.keys()].filter((path) => !after.has(path))
  const put = [...after].filter(([path, target]) => before.get(path) !== target)
  return [...gone.map((path) => ({ path, target: null })), ...put.map(([path, target]) => ({ path, target }))]
}

const maxSteps = 40

/** The path in the project that a link leads to, through further links; null when it leads out or round in a circle. */
export function followLink(links: LinkMap, path: string): string | null {
  let rest = [path]
  let at: string[] = []
  for (let steps = 0; rest.length > 0; ) {
    const [segment = '', ...others] = rest
    rest = others
    if (segment.includes('/')) rest = [...segment.split('/'), ...others]
    else if (segment === '..') {
      if (at.pop() === undefined) return null
    } else if (segment !== '' && segment !== '.') {
      const target = links.get([...at, segment].join('/'))
      if (target === undefined) at = [...at, segment]
      else if (target.startsWith('/') || ++steps > maxSteps) return null
      else rest = [target, ...others]
    }
  }
  return at.join('/')
}

/** `a/b/c` → `a`, `a/b`. */
function foldersOf(path: string): string[] {
  const folders: string[] = []
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at))
  return folders
}
