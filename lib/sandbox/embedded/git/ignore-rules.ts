import type { Repository } from './repository'
import { wildmatch } from './wildmatch'

export interface IgnoreRules {
  /** `path` is relative to the root. What is in an ignored folder is ignored, whatever its own rules say. */
  isIgnored(path: string, isFolder: boolean): boolean
}

interface Rule {
  isNegated: boolean
  foldersOnly: boolean
  /** Of a name anywhere below, instead of a path from the file's folder. */
  isName: boolean
  expression: RegExp
}

/** `.gitignore` of every folder and `.git/info/exclude`; the rule nearest to a path decides, the last one of a file. */
export function readIgnoreRules({ fs, root, gitdir }: Repository): IgnoreRules {
  const known = new Map<string, Rule[]>()
  const folders = new Map<string, boolean>([['', false]])

  function rulesOf(file: string): Rule[] {
    const rules = known.get(file) ?? (isFile(file) ? readRules(new TextDecoder().decode(fs.readFile(file))) : [])
    known.set(file, rules)
    return rules
  }
  const isFile = (path: string) => fs.exists(path) && fs.stat(path).kind === 'file'

  function isExcluded(path: string, isFolder: boolean): boolean {
    const segments = path.split('/')
    for (let depth = segments.length - 1; depth >= 0; depth--) {
      const folder = [root, ...segments.slice(0, depth)].join('/')
      const rule = lastMatch(rulesOf(`${folder}/.gitignore`), segments.slice(depth).join('/'), isFolder)
      if (rule) return !rule.isNegated
    }
    return lastMatch(rulesOf(`${gitdir}/info/exclude`), path, isFolder)?.isNegated === false
  }

  function isFolderIgnored(path: string): boolean {
    const isIgnored = folders.get(path) ?? (isFolderIgnored(parentOf(path)) || isExcluded(path, true))
    folders.set(path, isIgnored)
    return isIgnored
  }

  return {
    isIgnored: (path, isFolder) =>
      isFolder ? isFolderIgnored(path) : isFolderIgnored(parentOf(path)) || isExcluded(path, false),
  }
}

const parentOf = (path: string) => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

function lastMatch(rules: readonly Rule[], path: string, isFolder: boolean): Rule | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return rules.findLast(
    ({ foldersOnly, isName, expression }) => (isFolder || !foldersOnly) && expression.test(isName ? name : path),
  )
}

/** gitignore(5). */
export function readRules(text: string): Rule[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line) => {
      if (line.startsWith('#')) return []
      const [, negation, path = '', slash] = /^(!?)(.*?)(\/?)$/.exec(withoutTrailingSpaces(line)) ?? []
      const expression = path === '' ? null : wildmatch(path.replace(/^\//, ''))
      return expression
        ? [{ isNegated: negation === '!', foldersOnly: slash === '/', isName: !path.includes('/'), expression }]
        : []
    })
}

/** A space behind a backslash stays. */
const withoutTrailingSpaces = (line: string) => /^(?:\\.|[^\\])*?(?= *$)/.exec(line)?.[0] ?? line
