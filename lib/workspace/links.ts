import { pathProblem } from '@/lib/base'
import type { FileMap } from './files'

/**
 * Project-relative path → target, as `readlink` gives it. Symbolic links lie beside the project's files: programs see
 * them, and they are stored and shared with the project, but the editor, history and checkpoints do not know them.
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

/** `a/b/c` → `a`, `a/b`. */
function foldersOf(path: string): string[] {
  const folders: string[] = []
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at))
  return folders
}
