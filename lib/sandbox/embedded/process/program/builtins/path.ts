// Paths as the loader and the programs of ours need them, before and beside Node's library. Absolute POSIX paths.

export const isAbsolute = (path: string) => path.startsWith('/')

/** The last argument that is absolute, and what follows, without `.` and `..`. */
export function resolve(...parts: string[]): string {
  const out: string[] = []
  const start = parts.findLastIndex((part) => part.startsWith('/'))
  for (const segment of parts.slice(Math.max(0, start)).join('/').split('/')) {
    if (segment === '..') out.pop()
    else if (segment !== '' && segment !== '.') out.push(segment)
  }
  return `/${out.join('/')}`
}

export function dirname(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  const at = trimmed.lastIndexOf('/')
  if (at === -1) return trimmed === '' && path.startsWith('/') ? '/' : '.'
  return trimmed.slice(0, at) || '/'
}

export function basename(path: string, suffix = ''): string {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
}

/** From the last dot of the name on; a leading dot begins no extension. */
export function extname(path: string): string {
  const name = basename(path)
  const at = name.lastIndexOf('.')
  return at <= 0 || name === '..' ? '' : name.slice(at)
}

/** The way from one absolute path to another. */
export function relative(from: string, to: string): string {
  const [start, goal] = [from, to].map((path) => resolve(path).split('/').filter(Boolean)) as [string[], string[]]
  let shared = 0
  while (shared < Math.min(start.length, goal.length) && start[shared] === goal[shared]) shared++
  return [...start.slice(shared).map(() => '..'), ...goal.slice(shared)].join('/')
}

const normalize = (path: string) => (path.startsWith('/') ? resolve(path) : relative('/', resolve('/', path)) || '.')
const join = (...parts: string[]) => normalize(parts.filter((part) => part !== '').join('/') || '.')

/** `path` for code that runs where Node's library is not: configuration files outside a process. */
export function createPathModule(): Record<string, unknown> {
  const module: Record<string, unknown> = { basename, dirname, extname, isAbsolute, join, normalize, relative, resolve }
  return Object.assign(module, { sep: '/', delimiter: ':', posix: module })
}
