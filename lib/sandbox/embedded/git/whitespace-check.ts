import { splitLines } from '@/lib/workspace/diff'
import type { Change } from './changes'
import { changedRegions } from './line-regions'
import { isBinary, type Repository } from './repository'

/** What `git diff --check` finds in the lines that the changes add. */
export async function checkWhitespace(repository: Repository, changes: readonly Change[]): Promise<string> {
  const found: string[] = []
  for (const { path, before, after } of changes) {
    if (!after || isBinary(await repository.blob(after.oid))) continue
    const lines = splitLines(await repository.text(after.oid))
    for (const region of changedRegions(splitLines(await repository.text(before?.oid ?? null)), lines)) {
      for (const [index, line] of lines.slice(region.afterStart, region.afterEnd).entries()) {
        const text = line.replace(/\n$/, '')
        const place = `${path}:${region.afterStart + index + 1}`
        if (/^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/.test(text)) found.push(`${place}: leftover conflict marker\n`)
        const problems = [
          ...(/\s$/.test(text) ? ['trailing whitespace'] : []),
          ...(/^\t* +\t/.test(text) ? ['space before tab in indent'] : []),
        ]
        if (problems.length > 0) found.push(`${place}: ${problems.join(', ')}.\n+${text}\n`)
      }
      const isEnd = region.afterEnd === lines.length && /^\s*$/.test(lines.at(-1) ?? 'x')
      if (isEnd) found.push(`${path}:${firstBlank(lines)}: new blank line at EOF.\n`)
    }
  }
  return found.join('')
}

/** The number of the first of the blank lines at the end. */
function firstBlank(lines: readonly string[]): number {
  return lines.findLastIndex((line) => /\S/.test(line)) + 2
}
