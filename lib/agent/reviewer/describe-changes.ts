import { isSecretFile, maskSecrets, stripHidden } from '@/lib/safety'
import { diffHunks, diffStat, type FileChange, type Hunk } from '@/lib/workspace'
import { harmless } from '../context/harmless'

/** Characters of one file's changes, and of all. */
const maxEach = 24_000
const maxTotal = 120_000

/** Written by programs: nobody reviews them line by line. */
const generated =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|poetry\.lock|uv\.lock)$|\.min\.(?:js|css)$|\.map$/

/** The changes as the reviewer reads them: numbered as the files are now. `omitted` are files whose lines are not in it. */
export function describeChanges(changes: readonly FileChange[]): { text: string; omitted: string[] } {
  const omitted: string[] = []
  let left = maxTotal
  const sections = changes.map((change) => {
    const head = `## ${change.path} (${kindOf(change)})`
    const why = whyNotShown(change)
    const body = why ?? linesOf(change)
    if (why === null && body.length <= Math.min(maxEach, left)) {
      left -= body.length
      return `${head}\n${body}`
    }
    omitted.push(change.path)
    return `${head}\n(${why ?? 'too long to show here; read it with read_file'}; ${statOf(change)})`
  })
  return { text: harmless(maskSecrets(stripHidden(sections.join('\n\n')))), omitted }
}

function kindOf({ before, after }: FileChange): string {
  return before === null ? 'new' : after === null ? 'deleted' : 'changed'
}

function whyNotShown({ path, before, after }: FileChange): string | null {
  if (typeof (before ?? '') !== 'string' || typeof (after ?? '') !== 'string') return 'binary'
  if (isSecretFile(path)) return 'it may hold secrets'
  return generated.test(path) ? 'written by a program' : null
}

function statOf({ before, after }: FileChange): string {
  const { additions, deletions } = diffStat(textOf(before), textOf(after))
  return `+${additions} −${deletions} lines`
}

function linesOf({ before, after }: FileChange): string {
  return diffHunks(textOf(before), textOf(after), 4).map(hunkLines).join('\n⋯\n')
}

/** `12 + text` for added, `13   text` for unchanged lines; removed ones have no number. */
function hunkLines({ newStart, newLines, lines }: Hunk): string {
  let line = newLines === 0 ? newStart + 1 : newStart
  return lines
    .map(({ kind, text }) => {
      if (kind === 'delete') return `     - ${text}`
      return `${String(line++).padStart(4)} ${kind === 'add' ? '+' : ' '} ${text}`
    })
    .join('\n')
}

function textOf(data: FileChange['before']): string {
  return typeof data === 'string' ? data : ''
}
