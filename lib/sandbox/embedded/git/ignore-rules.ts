import ignore, { type Ignore } from 'ignore'
import type { Repository } from './repository'

export interface IgnoreRules {
  /** `path` is relative to the root; folders are asked about before what is in them. */
  isIgnored(path: string, isFolder: boolean): boolean
}

/** `.gitignore` of every folder and `.git/info/exclude`; the rule nearest to a path decides. */
export function readIgnoreRules({ fs, root, gitdir }: Repository): IgnoreRules {
  const known = new Map<string, Ignore | null>()

  function rulesOf(file: string): Ignore | null {
    if (!known.has(file)) {
      const exists = fs.exists(file) && fs.stat(file).kind === 'file'
      known.set(file, exists ? ignore().add(new TextDecoder().decode(fs.readFile(file))) : null)
    }
    return known.get(file) ?? null
  }

  return {
    isIgnored(path, isFolder) {
      const segments = path.split('/')
      const suffix = isFolder ? '/' : ''
      for (let depth = segments.length - 1; depth >= 0; depth--) {
        const folder = [root, ...segments.slice(0, depth)].join('/')
        const result = rulesOf(`${folder}/.gitignore`)?.test(segments.slice(depth).join('/') + suffix)
        if (result?.ignored || result?.unignored) return result.ignored
      }
      return rulesOf(`${gitdir}/info/exclude`)?.test(path + suffix).ignored ?? false
    },
  }
}
