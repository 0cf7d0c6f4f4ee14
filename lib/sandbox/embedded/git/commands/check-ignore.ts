import type { GitCommand } from '../context'
import { fatal } from '../failure'
import { type IgnoreRule, readIgnoreRules } from '../ignore-rules'
import { readIndex } from '../index-file'
import { parseOptions } from '../options'
import { toRepositoryPath } from '../pathspec'
import { readInput } from '../read-input'
import { standing, trackedPaths } from '../working-tree'

/** Says which paths are ignored; with `-v` by which rule of which file. */
export const checkIgnore: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--quiet': ['-q'],
      '--verbose': ['-v'],
      '--non-matching': ['-n'],
      '--no-index': [],
      '--stdin': [],
      '-z': [],
    },
  })
  const isVerbose = options.has('--verbose')
  const separator = options.has('-z') ? '\0' : '\n'
  if (options.has('-z') && !options.has('--stdin')) fatal('-z only makes sense with --stdin')
  if (options.has('--non-matching') && !isVerbose) fatal('--non-matching is only valid with --verbose')
  const given = [...options.words, ...(options.paths ?? [])]
  const words = options.has('--stdin')
    ? new TextDecoder()
        .decode(await readInput(context.host))
        .split(separator)
        .filter(Boolean)
    : given
  if (words.length === 0 && !options.has('--stdin')) fatal('no path specified')
  if (options.has('--quiet') && words.length > 1) fatal('--quiet is only valid with a single pathname')
  const repository = context.repository()
  const rules = readIgnoreRules(repository)
  const tracked = new Set(options.has('--no-index') ? [] : trackedPaths(readIndex(repository)))
  let isAny = false
  for (const word of words) {
    const path = toRepositoryPath(repository, context.cwd, word)
    const isFolder = standing(repository.fs, `${repository.root}/${path}`)?.kind === 'directory'
    const found = path === '' || tracked.has(path) ? undefined : rules.find(path, isFolder)
    // A rule that takes a path back is told of with -v alone.
    const rule = found?.isNegated && !isVerbose ? undefined : found
    if (rule) isAny = true
    if (options.has('--quiet') || (!rule && !options.has('--non-matching'))) continue
    context.out(isVerbose ? line(rule, word, options.has('-z')) : word + separator)
  }
  return isAny ? 0 : 1
}

function line(rule: IgnoreRule | undefined, word: string, isForTools: boolean): string {
  const parts = rule ? [rule.file, String(rule.line), rule.pattern] : ['', '', '']
  return isForTools ? [...parts, word].map((part) => `${part}\0`).join('') : `${parts.join(':')}\t${word}\n`
}
