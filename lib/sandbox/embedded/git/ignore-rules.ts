import { homeRoot, readSetting } from './git-config'
import type { Repository } from './repository'
import { wildmatch } from './wildmatch'

export interface IgnoreRules {
  /** `path` is relative to the root. What is in an ignored folder is ignored, whatever its own rules say. */
  isIgnored(path: string, isFolder: boolean): boolean
  /** The rule that decides about the path: one for a folder above it, or the last one that matches it. */
  find(path: string, isFolder: boolean): IgnoreRule | undefined
}

export interface IgnoreRule {
  /** As written, with its `!` and `/`. */
  pattern: string
  /** Its file, from the root, and line. */
  file: string
  line: number
  isNegated: boolean
  foldersOnly: boolean
  /** Of a name anywhere below, instead of a path from the file's folder. */
  isName: boolean
  matches(path: string): boolean
}

export interface ExtraPatterns {
  /** Of the command line; they decide before all files. */
  patterns?: readonly string[]
  /** No file counts. */
  patternsOnly?: boolean
}

/**
 * `.gitignore` of every folder, `.git/info/exclude` and the user's own `core.excludesFile`; of the files the one nearest
 * to a path decides, of a file its last rule.
 */
export function readIgnoreRules(
  repository: Repository,
  { patterns = [], patternsOnly = false }: ExtraPatterns = {},
): IgnoreRules {
  const { fs, root } = repository
  const given = readRules(patterns.join('\n'), '')
  const known = new Map<string, IgnoreRule[]>()
  const folders = new Map<string, IgnoreRule | undefined>([['', undefined]])
  const userFile = readSetting(repository, 'core.excludesfile') ?? '~/.config/git/ignore'

  function rulesOf(file: string): IgnoreRule[] {
    const full = file.startsWith('/') ? file : `${root}/${file}`
    const rules = known.get(file) ?? (isFile(full) ? readRules(new TextDecoder().decode(fs.readFile(full)), file) : [])
    known.set(file, rules)
    return rules
  }
  // A symbolic link counts as no file: its target may be anything.
  const isFile = (path: string) => fs.exists(path) && fs.lstat(path).kind === 'file'

  function lastMatch(path: string, isFolder: boolean): IgnoreRule | undefined {
    const rule = lastMatchOf(given, path, isFolder)
    if (rule || patternsOnly) return rule
    const segments = path.split('/')
    for (let depth = segments.length - 1; depth >= 0; depth--) {
      const file = [...segments.slice(0, depth), '.gitignore'].join('/')
      const rule = lastMatchOf(rulesOf(file), segments.slice(depth).join('/'), isFolder)
      if (rule) return rule
    }
    return (
      lastMatchOf(rulesOf('.git/info/exclude'), path, isFolder) ??
      lastMatchOf(rulesOf(userFile.replace(/^~(?=\/)/, homeRoot)), path, isFolder)
    )
  }

  /** The rule that ignores the folder. */
  function ignoringFolder(path: string): IgnoreRule | undefined {
    if (folders.has(path)) return folders.get(path)
    const rule = ignoringFolder(parentOf(path)) ?? lastMatch(path, true)
    const found = rule?.isNegated ? undefined : rule
    folders.set(path, found)
    return found
  }

  const find: IgnoreRules['find'] = (path, isFolder) => ignoringFolder(parentOf(path)) ?? lastMatch(path, isFolder)
  return {
    find,
    isIgnored: (path, isFolder) =>
      isFolder ? ignoringFolder(path) !== undefined : find(path, false)?.isNegated === false,
  }
}

export const parentOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

function lastMatchOf(rules: readonly IgnoreRule[], path: string, isFolder: boolean): IgnoreRule | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return rules.findLast(
    ({ foldersOnly, isName, matches }) => (isFolder || !foldersOnly) && matches(isName ? name : path),
  )
}

/** gitignore(5). */
function readRules(text: string, file: string): IgnoreRule[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?(?:\n|$)/)
    .flatMap((line, index) => {
      if (line.startsWith('#')) return []
      const pattern = withoutTrailingSpaces(line)
      const [, negation, path = '', slash] = /^(!?)(.*?)(\/?)$/.exec(pattern) ?? []
      const matches = path === '' ? null : wildmatch(path.replace(/^\//, ''))
      const place = { pattern, file, line: index + 1 }
      return matches
        ? [{ ...place, isNegated: negation === '!', foldersOnly: slash === '/', isName: !path.includes('/'), matches }]
        : []
    })
}

/** A space behind a backslash stays. */
const withoutTrailingSpaces = (line: string) => /^(?:\\.|[^\\])*?(?= *$)/.exec(line)?.[0] ?? line
