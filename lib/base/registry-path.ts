/** What can be asked of a package registry: a package's metadata or one of its tarballs. */
export type RegistryPath = { kind: 'metadata'; name: string } | { kind: 'tarball'; name: string; file: string }

const part = '[a-zA-Z0-9_~-][a-zA-Z0-9._~-]*'
const pattern = new RegExp(`^((?:@${part}/)?${part})(?:/-/(${part}\\.tgz))?$`)
const maxLength = 400

/**
 * `lodash`, `@types/node`, `lodash/-/lodash-4.17.21.tgz`; null for every other path. A name holds no percent signs, dots
 * in front or further slashes, so that a path that was let through means the same to everybody who reads it.
 */
export function parseRegistryPath(path: string): RegistryPath | null {
  const [, name, file] = (path.length <= maxLength && pattern.exec(path)) || []
  if (name === undefined || name === 'node_modules') return null
  return file === undefined ? { kind: 'metadata', name } : { kind: 'tarball', name, file }
}
