import { type SecretFinding, scanSecrets } from '@/lib/safety'
import type { FileMap } from '@/lib/workspace'

/** Asked before a link is made: a link cannot be called back. Binary files are not looked into. */
export function findSecretsInProject(files: FileMap): (SecretFinding & { path: string })[] {
  return [...files].flatMap(([path, data]) =>
    typeof data === 'string' ? scanSecrets(data).map((finding) => ({ path, ...finding })) : [],
  )
}
