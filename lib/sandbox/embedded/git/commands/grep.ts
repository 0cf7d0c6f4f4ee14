import { messageOf } from '@/lib/base'
import type { Options } from '../../options'
import { createMatcher, type PatternSyntax } from '../../posix-regex'
import type { GitCommand } from '../context'
import { fatal } from '../failure'
import { readIndex } from '../index-file'
import { parseOptions } from '../options'
import { createPathFilter, relativeTo } from '../pathspec'
import { comparePaths, isBinary } from '../repository'
import { peel, resolveRevision } from '../revision'

/** `git grep`: the tracked files, or those of a commit. */
export const grep: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '-n': ['--line-number'],
      '-i': ['--ignore-case'],
      '-w': ['--word-regexp'],
      '-v': ['--invert-match'],
      '-l': ['--files-with-matches', '--name-only'],
      '-c': ['--count'],
      '-h': [],
      '-H': [],
      '-E': ['--extended-regexp'],
      '-F': ['--fixed-strings'],
      '-P': ['--perl-regexp'],
      '-G': ['--basic-regexp'],
      '-q': ['--quiet'],
      '-I': [],
    },
    values: { '-e': [] },
  })
  const words = [...options.words]
  const patterns = options.has('-e') ? options.all('-e') : words.splice(0, 1)
  if (patterns.length === 0) fatal('no pattern given')
  const matcher = readMatcher(patterns, options)
  const repository = context.repository()
  const named = words[0] === undefined ? null : await resolveRevision(repository, words[0])
  const revision = named === null ? null : words.shift()
  const paths = [...words, ...(options.paths ?? [])]
  const filter = createPathFilter(repository, context.cwd, paths.length > 0 ? paths : ['.'])
  const files = named === null ? readIndex(repository).entries : await repository.files(await peel(repository, named))
  let isFound = false
  for (const path of [...files.keys()].filter(filter).sort(comparePaths)) {
    const full = `${repository.root}/${path}`
    const entry = named === null ? null : files.get(path)
    if (!entry && !repository.fs.exists(full)) continue
    const bytes = entry ? await repository.blob(entry.oid) : repository.fs.readFile(full)
    if (isBinary(bytes)) continue
    const lines = new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n')
    const hits = lines.flatMap((line, index) =>
      (line.search(matcher) !== -1) !== options.has('-v') ? [{ line, number: index + 1 }] : [],
    )
    if (hits.length === 0) continue
    isFound = true
    if (options.has('-q')) return 0
    const name = `${revision === null || revision === undefined ? '' : `${revision}:`}${relativeTo(repository, context.cwd, path)}`
    if (options.has('-l')) context.out(`${name}\n`)
    else if (options.has('-c')) context.out(`${name}:${hits.length}\n`)
    else
      for (const { line, number } of hits)
        context.out(`${options.has('-h') ? '' : `${name}:`}${options.has('-n') ? `${number}:` : ''}${line}\n`)
  }
  return isFound ? 0 : 1
}

function readMatcher(patterns: readonly string[], options: Options): RegExp {
  const syntaxes: Record<string, PatternSyntax> = { '-F': 'fixed', '-E': 'extended', '-P': 'perl' }
  const syntax = Object.entries(syntaxes).find(([name]) => options.has(name))?.[1] ?? 'basic'
  try {
    return createMatcher(patterns, { syntax, ignoresCase: options.has('-i'), whole: options.has('-w') ? 'word' : null })
  } catch (error) {
    fatal(`command line, '${patterns.join(' ')}': ${messageOf(error)}`)
  }
}
