import type { FileMap } from '@/lib/workspace'

export interface SearchMatch {
  /** 1-based. */
  line: number
  column: number
  length: number
  /** The line, cut around the match. */
  before: string
  match: string
  after: string
}

export interface SearchOptions {
  matchCase: boolean
  wholeWord: boolean
  regex: boolean
}

export const maxMatches = 2000
const maxFileCharacters = 1_000_000
const contextCharacters = 60
/** How long it may keep the page from painting. */
const sliceMs = 8

/** The pattern of a query, or why it is none. */
export function searchPattern(query: string, options: SearchOptions): RegExp | { problem: string } {
  const source = options.regex ? query : query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  try {
    return new RegExp(options.wholeWord ? `\\b(?:${source})\\b` : source, options.matchCase ? 'gu' : 'giu')
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: error.message.replace(/^Invalid regular expression: /, '') }
    throw error
  }
}

/** What a search looks into, by path. */
export function searchedTexts(files: FileMap): [path: string, text: string][] {
  return [...files]
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= maxFileCharacters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Yields file by file and lets the page breathe in between; stops at 2,000 matches. */
export async function* searchFiles(
  files: FileMap,
  pattern: RegExp,
  signal: AbortSignal,
): AsyncGenerator<{ path: string; matches: SearchMatch[] }> {
  let left = maxMatches
  let sliceStart = performance.now()
  for (const [path, text] of searchedTexts(files)) {
    const matches = matchesIn(text, pattern, left)
    if (matches.length > 0) yield { path, matches }
    left -= matches.length
    if (left <= 0) return
    if (performance.now() - sliceStart > sliceMs) {
      await new Promise((resolve) => setTimeout(resolve))
      if (signal.aborted) return
      sliceStart = performance.now()
    }
  }
}

function matchesIn(text: string, pattern: RegExp, limit: number): SearchMatch[] {
  const matches: SearchMatch[] = []
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    for (const found of line.matchAll(pattern)) {
      // `a*` matches nothing everywhere.
      if (found[0] === '') continue
      const end = found.index + found[0].length
      matches.push({
        line: index + 1,
        column: found.index + 1,
        length: found[0].length,
        before: line.slice(Math.max(0, found.index - contextCharacters), found.index).trimStart(),
        match: found[0].slice(0, 200),
        after: line.slice(end, end + contextCharacters * 2),
      })
      if (matches.length >= limit) return matches
    }
  }
  return matches
}
