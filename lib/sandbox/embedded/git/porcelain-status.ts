import type { GitContext } from './context'
import type { FileEntry } from './repository'
import { conflictCode, type StatusFacts } from './status-facts'
import { distanceTo, trackedBy } from './upstream'

/** `git status --porcelain=v2`, which tools read. */
export async function porcelainStatus(
  context: GitContext,
  { head, staged, unstaged, conflicts, untracked, ignored }: StatusFacts,
  { isBranch, end }: { isBranch: boolean; end: string },
): Promise<string> {
  const repository = context.repository()
  const lines: string[] = []
  if (isBranch)
    lines.push(`# branch.oid ${head ?? '(initial)'}`, `# branch.head ${repository.branch() ?? '(detached)'}`)
  const tracked = isBranch && head !== null ? trackedBy(context, repository.branch()) : null
  const distance = tracked && head !== null ? await distanceTo(repository, head, tracked.name) : null
  if (tracked) lines.push(`# branch.upstream ${tracked.name}`)
  if (distance) lines.push(`# branch.ab +${distance.ahead} -${distance.behind}`)
  const worked = new Map(unstaged.map((change) => [change.path, change]))
  const paths = new Set([...staged, ...unstaged].map(({ path }) => path))
  for (const path of [...paths].sort()) {
    const inIndex = staged.find((change) => change.path === path)
    const inTree = worked.get(path)
    const indexed = (inIndex ? inIndex.after : inTree?.before) ?? null
    const committed = inIndex ? inIndex.before : indexed
    const present = inTree ? inTree.after : indexed
    const modes = [committed, indexed, present].map(octal).join(' ')
    const ids = `${idOf(committed)} ${idOf(indexed)}`
    const facts = `${inIndex?.status ?? '.'}${inTree?.status ?? '.'} N... ${modes} ${ids}`
    if (inIndex?.from === undefined) lines.push(`1 ${facts} ${path}`)
    else lines.push(`2 ${facts} R${inIndex.similarity} ${path}${end === '\0' ? end : '\t'}${inIndex.from}`)
  }
  for (const [path, sides] of conflicts) {
    const entries = [sides[1], sides[2], sides[3]].map((side) => side ?? null)
    const present = worked.get(path)?.after ?? sides[2] ?? sides[3] ?? null
    const modes = [...entries, present].map(octal).join(' ')
    lines.push(`u ${conflictCode(sides)} N... ${modes} ${entries.map(idOf).join(' ')} ${path}`)
  }
  lines.push(...untracked.map((path) => `? ${path}`), ...ignored.map((path) => `! ${path}`))
  return lines.map((line) => line + end).join('')
}

const octal = (entry: FileEntry | null) => (entry?.mode ?? 0).toString(8).padStart(6, '0')
const idOf = (entry: FileEntry | null) => entry?.oid ?? '0'.repeat(40)
