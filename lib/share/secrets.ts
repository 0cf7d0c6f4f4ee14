import { plural } from '@/lib/base'
import { type SecretFinding, scanSecrets } from '@/lib/safety'
import type { FileMap } from '@/lib/workspace'

export interface SharedSecret extends SecretFinding {
  path: string
  /** 1-based. */
  line: number
}

/** Asked before a link is made: a link cannot be called back. Binary files are not looked into. */
export function findSecretsInProject(files: FileMap): SharedSecret[] {
  return [...files].flatMap(([path, data]) =>
    typeof data === 'string'
      ? scanSecrets(data).map((finding) => ({
          ...finding,
          path,
          line: data.slice(0, finding.start).split('\n').length,
        }))
      : [],
  )
}

const maxNamed = 5

/** A sentence for the one who shares; never holds the secret itself. */
export function describeSecrets(found: readonly SharedSecret[]): string {
  const places = found.slice(0, maxNamed).map(({ path, line, rule }) => `${path}:${line} (${rule})`)
  const more = found.length > maxNamed ? ` and ${found.length - maxNamed} more` : ''
  return `The project holds ${plural(found.length, 'thing')} that ${found.length === 1 ? 'looks' : 'look'} like a key: ${places.join(', ')}${more}. Whoever gets the link gets them too. Remove them first, or share them knowingly.`
}
