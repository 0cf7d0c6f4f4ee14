import npa, { type PackageSpec } from 'npm-package-arg'
import type { Want } from './want'

/** What a line of `dependencies` asks of the registry, by another name perhaps; null when it is for somebody else. */
export function wantOf(name: string, range: string): Want | null {
  try {
    return registryWant(npa.resolve(name, range))
  } catch {
    return null
  }
}

/** The same of a word on npm's command line. */
export function wantOfWord(word: string): Want | null {
  try {
    return registryWant(npa(word))
  } catch {
    return null
  }
}

export function registryWant(spec: PackageSpec): Want | null {
  const { registry, name, fetchSpec } = spec.type === 'alias' && spec.subSpec ? spec.subSpec : spec
  return registry && name ? { name, wanted: fetchSpec || '*' } : null
}
