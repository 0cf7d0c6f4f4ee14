import type { FileMap } from '@/lib/workspace'
import { searchedTexts } from './search-files'

/** Every text that a replacement changes, also beyond what a search shows. */
export function replaceInFiles(files: FileMap, pattern: RegExp, by: Replacement) {
  let count = 0
  const changes = searchedTexts(files).flatMap(([path, before]) => {
    const result = replaceInText(before, pattern, by)
    count += result.count
    return result.text === before ? [] : [{ path, before, after: result.text }]
  })
  return { count, changes }
}

interface Replacement {
  replacement: string
  /** Whether `$1`, `$<name>` and `$&` stand for what was found. */
  expands: boolean
}

/** The text with each match replaced, line by line as the search finds them. */
export function replaceInText(
  text: string,
  pattern: RegExp,
  { replacement, expands }: Replacement,
): { text: string; count: number } {
  let count = 0
  const parts = text.split(/(\r\n|\n|\r)/).map((part, index) => {
    // Every second part is a line end.
    if (index % 2 === 1) return part
    let out = ''
    let at = 0
    for (const match of part.matchAll(pattern)) {
      if (match[0] === '') continue
      out += part.slice(at, match.index) + (expands ? expand(replacement, match) : replacement)
      at = match.index + match[0].length
      count += 1
    }
    return out + part.slice(at)
  })
  return { text: parts.join(''), count }
}

function expand(replacement: string, match: RegExpExecArray): string {
  return replacement.replaceAll(/\$(?:(\$)|(&)|<([^>]*)>|(\d{1,2}))/g, (all, dollar, whole, name, number) => {
    if (dollar !== undefined) return '$'
    if (whole !== undefined) return match[0]
    if (name !== undefined) return match.groups?.[name] ?? ''
    return Number(number) > 0 && Number(number) < match.length ? (match[Number(number)] ?? '') : all
  })
}
