/** `node:path` for POSIX: the only flavour a process here ever sees. */

function segmentsOf(path: string, allowAboveRoot: boolean): string {
  const out: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') out.push(segment)
    else if (out.length > 0 && out.at(-1) !== '..') out.pop()
    else if (allowAboveRoot) out.push('..')
  }
  return out.join('/')
}

function assertString(value: unknown, name: string): asserts value is string {
  if (typeof value === 'string') return
  const received = value === null ? 'null' : `type ${typeof value}`
  const message = `The "${name}" argument must be of type string. Received ${value === undefined ? 'undefined' : received}`
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
}

let currentDirectory = () => '/'

/** `resolve` and `relative` start from the process's folder. */
export function setCurrentDirectory(read: () => string) {
  currentDirectory = read
}

export const sep = '/'
export const delimiter = ':'

export function isAbsolute(path: string): boolean {
  assertString(path, 'path')
  return path.startsWith('/')
}

export function normalize(path: string): string {
  assertString(path, 'path')
  if (path === '') return '.'
  const absolute = path.startsWith('/')
  const body = segmentsOf(path, !absolute)
  const tail = path.endsWith('/') && body !== '' ? '/' : ''
  if (absolute) return `/${body}${tail}`
  return body === '' ? (path.endsWith('/') ? './' : '.') : body + tail
}

export function join(...parts: string[]): string {
  for (const part of parts) assertString(part, 'path')
  return normalize(parts.filter((part) => part !== '').join('/'))
}

export function resolve(...parts: string[]): string {
  let path = ''
  for (let i = parts.length - 1; i >= 0 && !path.startsWith('/'); i--) {
    const part = parts[i]
    assertString(part, `paths[${i}]`)
    if (part !== '') path = path === '' ? part : `${part}/${path}`
  }
  if (!path.startsWith('/')) path = `${currentDirectory()}/${path}`
  return `/${segmentsOf(path, false)}`
}

export function relative(from: string, to: string): string {
  const source = resolve(from).split('/').filter(Boolean)
  const target = resolve(to).split('/').filter(Boolean)
  let shared = 0
  while (shared < source.length && source[shared] === target[shared]) shared++
  return [...source.slice(shared).map(() => '..'), ...target.slice(shared)].join('/')
}

export function dirname(path: string): string {
  assertString(path, 'path')
  const trimmed = path.replace(/\/+$/, '')
  const slash = trimmed.lastIndexOf('/')
  if (slash === -1) return path.startsWith('/') ? '/' : '.'
  return trimmed.slice(0, slash).replace(/\/+$/, '') || '/'
}

export function basename(path: string, suffix = ''): string {
  assertString(path, 'path')
  const trimmed = path.replace(/\/+$/, '')
  const name = trimmed.slice(trimmed.lastIndexOf('/') + 1)
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
}

export function extname(path: string): string {
  const name = basename(path)
  const dot = name.lastIndexOf('.')
  return dot <= 0 || name === '..' ? '' : name.slice(dot)
}

export interface ParsedPath {
  root: string
  dir: string
  base: string
  ext: string
  name: string
}

export function parse(path: string): ParsedPath {
  assertString(path, 'path')
  const root = path.startsWith('/') ? '/' : ''
  const base = basename(path)
  const ext = extname(path)
  const trimmed = path.replace(/\/+$/, '')
  const dir = trimmed.includes('/') ? dirname(path) : trimmed === '' ? root : ''
  return { root, dir, base, ext, name: ext === '' ? base : base.slice(0, -ext.length) }
}

export function format(path: Partial<ParsedPath>): string {
  const dir = path.dir || path.root || ''
  const ext = path.ext && !path.ext.startsWith('.') ? `.${path.ext}` : (path.ext ?? '')
  const base = path.base || `${path.name ?? ''}${ext}`
  if (dir === '') return base
  return dir === path.root ? dir + base : `${dir}/${base}`
}

export const toNamespacedPath = (path: string) => path

/** The module object that `require('path')` answers with. */
export function createPathModule(): Record<string, unknown> {
  const module: Record<string, unknown> = {
    basename,
    delimiter,
    dirname,
    extname,
    format,
    isAbsolute,
    join,
    normalize,
    parse,
    relative,
    resolve,
    sep,
    toNamespacedPath,
  }
  module.posix = module
  return module
}
