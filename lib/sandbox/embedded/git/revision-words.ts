import type { Options } from '../options'
import type { GitContext } from './context'
import type { Repository } from './repository'
import { requireCommit, resolveRevision } from './revision'

/** Words before the first that is no revision are revisions; the rest are paths. */
export async function splitWords(context: GitContext, repository: Repository, options: Options) {
  const revisions: string[] = []
  const paths: string[] = [...(options.paths ?? [])]
  const words = [...options.words]
  while (words.length > 0) {
    const word = words[0] ?? ''
    const isRange = word.includes('..')
    const isRevision = isRange || (await resolveRevision(repository, word.replace(/^\^/, ''))) !== null
    if (!isRevision) break
    revisions.push(words.shift() ?? '')
  }
  if (options.paths !== null && words.length > 0) await requireCommit(repository, words[0] ?? '')
  for (const word of words) {
    const full = word.startsWith('/') ? word : `${context.cwd}/${word}`
    if (!context.host.fs.exists(full) && !/[*?[:]/.test(word)) await requireCommit(repository, word)
    paths.push(word)
  }
  return { revisions, paths }
}
