import { dirname } from '../builtins/path'
import { nodeError } from './errors'

/** The little that resolution asks of a file system; implemented over `VirtualFs` and over a `FileMap`. */
export interface ResolverFs {
  isFile(path: string): boolean
  isDirectory(path: string): boolean
  readText(path: string): string
  /** Names in a folder; for hints. */
  list(path: string): string[]
  /** Where symbolic links lead; a module is the file behind them. Absent where there are none. */
  realPath?(path: string): string
  /** Whether links among modules are not followed: what is found is what it is called. */
  keepsLinks?: boolean
  /** For files that are no text. */
  readBytes?(path: string): Uint8Array
}

export interface PackageJson {
  name?: string
  type?: string
  main?: string
  module?: string
  exports?: unknown
  imports?: Record<string, unknown>
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

export interface PackageScope {
  folder: string
  json: PackageJson
}

export interface PackageScopes {
  /** The package.json in exactly this folder. */
  read(folder: string): PackageJson | null
  /** The nearest one at or above a file; never crosses out of `node_modules/<package>`. */
  of(file: string): PackageScope | null
}

export function createPackageScopes(fs: ResolverFs): PackageScopes {
  const cache = new Map<string, { text: string; json: PackageJson }>()
  function read(folder: string): PackageJson | null {
    const path = folder === '/' ? '/package.json' : `${folder}/package.json`
    if (!fs.isFile(path)) return null
    const text = fs.readText(path)
    const known = cache.get(path)
    if (known?.text === text) return known.json
    const json = parsePackage(text, path)
    cache.set(path, { text, json })
    return json
  }
  function of(file: string): PackageScope | null {
    if (!file.startsWith('/')) return null
    for (let folder = dirname(file); ; folder = dirname(folder)) {
      if (folder.endsWith('/node_modules')) return null
      const json = read(folder)
      if (json !== null) return { folder, json }
      if (folder === '/') return null
    }
  }
  return { read, of }
}

function parsePackage(text: string, path: string): PackageJson {
  try {
    const json = parseJson(text, path) as PackageJson
    // What a program has put on Object.prototype is in no package.json.
    return typeof json === 'object' && json !== null ? Object.setPrototypeOf(json, null) : json
  } catch (error) {
    const message = `Invalid package config ${path}.\n${error instanceof Error ? error.message : error}`
    throw nodeError('ERR_INVALID_PACKAGE_CONFIG', message)
  }
}

export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SyntaxError(`${path}: ${reason}`, { cause: error })
  }
}

/**
 * The target of `subpath` in an `exports` or `imports` field, or null. `null` targets forbid, as in Node.
 * https://nodejs.org/api/esm.html#resolution-algorithm-specification
 */
export function matchExports(field: unknown, subpath: string, conditions: ReadonlySet<string>): string | null {
  if (!isSubpathMap(field)) return subpath === '.' ? pickTarget(field, '', conditions) : null
  if (Object.hasOwn(field, subpath) && !subpath.includes('*')) return pickTarget(field[subpath], '', conditions)
  let best = { key: '', matched: '' }
  for (const key of Object.keys(field)) {
    const star = key.indexOf('*')
    if (star === -1) continue
    const [head, tail] = [key.slice(0, star), key.slice(star + 1)]
    const fits = subpath.startsWith(head) && subpath !== head && subpath.endsWith(tail) && subpath.length >= key.length
    const bestHead = best.key.indexOf('*')
    if (fits && (head.length > bestHead || (head.length === bestHead && key.length > best.key.length))) {
      best = { key, matched: subpath.slice(star, subpath.length - tail.length) }
    }
  }
  return best.key === '' ? null : pickTarget(field[best.key], best.matched, conditions)
}

function isSubpathMap(field: unknown): field is Record<string, unknown> {
  if (typeof field !== 'object' || field === null || Array.isArray(field)) return false
  return Object.keys(field).some((key) => key.startsWith('.') || key.startsWith('#'))
}

function pickTarget(target: unknown, matched: string, conditions: ReadonlySet<string>): string | null {
  if (typeof target === 'string') return target.replaceAll('*', matched)
  if (typeof target !== 'object' || target === null) return null
  if (Array.isArray(target)) {
    for (const entry of target) {
      const found = pickTarget(entry, matched, conditions)
      // A target that is no path of the package is passed over.
      if (found?.startsWith('./') || found?.startsWith('#')) return found
    }
    return null
  }
  for (const [condition, value] of Object.entries(target)) {
    if (condition !== 'default' && !conditions.has(condition)) continue
    const found = pickTarget(value, matched, conditions)
    if (found !== null || value === null) return found
  }
  return null
}
