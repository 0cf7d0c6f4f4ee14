/** POSIX paths, as npm's library uses them. */
export const sep = '/'
export const delimiter = ':'

export function normalize(path: string): string {
  if (path === '') return '.'
  const absolute = path.startsWith('/')
  const out: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') out.push(segment)
    else if (out.length > 0 && out.at(-1) !== '..') out.pop()
    else if (!absolute) out.push(segment)
  }
  const joined = out.join('/')
  const trailing = path.endsWith('/') && joined !== '' ? '/' : ''
  return absolute ? `/${joined}${trailing}` : (joined || '.') + trailing
}

export function join(...parts: string[]): string {
  return normalize(parts.filter((part) => part !== '').join('/'))
}

export function resolve(...parts: string[]): string {
  let path = ''
  for (const part of parts.toReversed()) {
    if (part === '') continue
    path = path === '' ? part : `${part}/${path}`
    if (part.startsWith('/')) break
  }
  const absolute = path.startsWith('/') ? path : `${process.cwd()}/${path}`
  return normalize(absolute).replace(/(?<=.)\/$/, '')
}

export function isAbsolute(path: string): boolean {
  return path.startsWith('/')
}

export function dirname(path: string): string {
  const trimmed = path.replace(/(?<=.)\/+$/, '')
  const index = trimmed.lastIndexOf('/')
  if (index === -1) return '.'
  return index === 0 ? '/' : trimmed.slice(0, index)
}

export function basename(path: string, suffix = ''): string {
  const name = path.replace(/\/+$/, '').replace(/^.*\//, '')
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
}

export function extname(path: string): string {
  return /^.+?(\.[^.]*)$/.exec(basename(path))?.[1] ?? ''
}

export function relative(from: string, to: string): string {
  const source = resolve(from).split('/').filter(Boolean)
  const target = resolve(to).split('/').filter(Boolean)
  let shared = 0
  while (shared < source.length && source[shared] === target[shared]) shared += 1
  return [...source.slice(shared).map(() => '..'), ...target.slice(shared)].join('/')
}

export function parse(path: string): { root: string; dir: string; base: string; ext: string; name: string } {
  const base = basename(path)
  const ext = extname(path)
  const dir = path.includes('/') ? dirname(path) : ''
  return { root: path.startsWith('/') ? '/' : '', dir, base, ext, name: ext === '' ? base : base.slice(0, -ext.length) }
}
