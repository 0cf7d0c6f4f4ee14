import type { GitCommand } from '../context'
import { fatal, GitFailure } from '../failure'
import { readIgnoreRules } from '../ignore-rules'
import { readIndex } from '../index-file'
import { parseOptions } from '../options'
import { createPathFilter, relativeTo } from '../pathspec'
import { formatIdentity } from '../reflog'
import { comparePaths } from '../repository'
import { peel, requireCommit, resolveRevision } from '../revision'
import { foldUntracked, indexFiles, listUntracked, readTracked, trackedPaths } from '../working-tree'

export const revParse: GitCommand = async (context) => {
  const repository = context.repository()
  const words = [...context.args]
  let short = 0
  let isAbbreviated = false
  let isVerify = false
  for (const word of words) {
    const length = /^--short(?:=(\d+))?$/.exec(word)
    if (length) short = Number(length[1] ?? 7)
    else if (word === '--abbrev-ref') isAbbreviated = true
    else if (word === '--verify' || word === '-q' || word === '--quiet') isVerify = true
    else if (word === '--show-toplevel') context.out(`${repository.root}\n`)
    else if (word === '--git-dir') context.out(context.cwd === repository.root ? '.git\n' : `${repository.gitdir}\n`)
    else if (word === '--is-inside-work-tree') context.out('true\n')
    else if (word === '--is-bare-repository') context.out('false\n')
    else if (word === '--show-prefix') {
      const prefix = context.cwd.slice(repository.root.length + 1)
      context.out(prefix === '' ? '\n' : `${prefix}/\n`)
    } else if (isAbbreviated) {
      const name = word === 'HEAD' || word === '@' ? (repository.branch() ?? 'HEAD') : word
      if ((await resolveRevision(repository, word)) === null) await requireCommit(repository, word)
      context.out(`${name}\n`)
    } else {
      const oid = await resolveRevision(repository, word)
      if (oid === null && isVerify) fatal('Needed a single revision')
      if (oid === null) {
        context.out(`${word}\n`)
        await requireCommit(repository, word)
      }
      context.out(`${short > 0 ? oid?.slice(0, short) : oid}\n`)
    }
  }
  return 0
}

export const lsFiles: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--cached': ['-c'],
      '--modified': ['-m'],
      '--deleted': ['-d'],
      '--others': ['-o'],
      '--stage': ['-s'],
      '--unmerged': ['-u'],
      '--exclude-standard': [],
      '--error-unmatch': [],
      '--ignored': ['-i'],
      '--directory': [],
      '-z': [],
    },
    values: { '--exclude': ['-x'] },
  })
  const repository = context.repository()
  const index = readIndex(repository)
  const words = [...options.words, ...(options.paths ?? [])]
  const filter = createPathFilter(repository, context.cwd, words.length > 0 ? words : ['.'])
  const show = (path: string) =>
    context.out(`${relativeTo(repository, context.cwd, path)}${options.has('-z') ? '\0' : '\n'}`)
  if (options.has('--stage') || options.has('--unmerged')) {
    const rows = options.has('--unmerged') ? [] : [...index.entries].map(([path, entry]) => ({ path, stage: 0, entry }))
    for (const [path, sides] of index.conflicts) {
      for (const stage of [1, 2, 3] as const) {
        const entry = sides[stage]
        if (entry) rows.push({ path, stage, entry: { ...entry, size: 0, mtimeMs: 0 } })
      }
    }
    rows.sort((a, b) => comparePaths(a.path, b.path) || a.stage - b.stage)
    for (const { path, stage, entry } of rows.filter((row) => filter(row.path))) {
      context.out(`${entry.mode.toString(8)} ${entry.oid} ${stage}\t${relativeTo(repository, context.cwd, path)}\n`)
    }
    return 0
  }
  const isIgnoredOnly = options.has('--ignored')
  const patterns = { patterns: options.all('--exclude'), patternsOnly: !options.has('--exclude-standard') }
  if (isIgnoredOnly && patterns.patternsOnly && patterns.patterns.length === 0)
    fatal('ls-files --ignored needs some exclude pattern')
  if (isIgnoredOnly && !options.has('--others') && !options.has('--cached'))
    fatal('ls-files -i must be used with either -o or -c')
  const found = new Set<string>()
  const tracked = await readTracked(repository, index)
  if (options.has('--others')) {
    const { visible, ignored } = listUntracked(repository, index, { withIgnored: true, ...patterns })
    const [chosen, others] = isIgnoredOnly ? [ignored, visible] : [visible, []]
    const folded = options.has('--directory') ? foldUntracked(chosen, [...trackedPaths(index), ...others]) : chosen
    for (const path of folded) found.add(path)
  }
  if (options.has('--deleted') || options.has('--modified')) {
    for (const path of index.entries.keys()) if (!tracked.has(path)) found.add(path)
  }
  if (options.has('--modified')) {
    for (const [path, entry] of indexFiles(index)) if (tracked.get(path)?.oid !== entry.oid) found.add(path)
  }
  const isPlain = !['--others', '--deleted', '--modified'].some((name) => options.has(name))
  if (isPlain || options.has('--cached')) {
    const rules = isIgnoredOnly ? readIgnoreRules(repository, patterns) : null
    for (const path of trackedPaths(index)) if (!rules || rules.isIgnored(path, false)) found.add(path)
  }
  const shown = [...found].filter(filter).sort(comparePaths)
  if (shown.length === 0 && options.has('--error-unmatch')) {
    throw new GitFailure(`error: pathspec '${words[0]}' did not match any file(s) known to git`, 1)
  }
  shown.forEach(show)
  return 0
}

export const catFile: GitCommand = async (context) => {
  const options = parseOptions(context.args, { flags: { '-p': [], '-t': [], '-s': [], '-e': [] } })
  const repository = context.repository()
  const [name = '', second] = options.words
  const oid = await resolveRevision(repository, second ?? name)
  if (oid === null) fatal(`Not a valid object name ${second ?? name}`)
  const type = await repository.objectType(oid)
  if (options.has('-e')) return 0
  if (options.has('-t')) context.out(`${type}\n`)
  else if (type === 'blob') {
    const bytes = await repository.blob(oid)
    if (options.has('-s')) context.out(`${bytes.byteLength}\n`)
    else context.host.stdout(bytes)
  } else if (type === 'tree') {
    for (const { mode, oid: id, path, type: kind } of await repository.treeEntries(oid)) {
      context.out(`${mode.padStart(6, '0')} ${kind} ${id}\t${path}\n`)
    }
  } else {
    const { tree, parents, author, committer, message } = await repository.commit(await peel(repository, oid))
    const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`)]
    context.out(
      `${lines.join('\n')}\nauthor ${formatIdentity(author)}\ncommitter ${formatIdentity(committer)}\n\n${message}`,
    )
  }
  return 0
}

export const mergeBase: GitCommand = async (context) => {
  const words = context.args.filter((word) => !word.startsWith('-'))
  const repository = context.repository()
  const [a, b] = [
    await requireCommit(repository, words[0] ?? 'HEAD'),
    await requireCommit(repository, words[1] ?? 'HEAD'),
  ]
  const base = await repository.mergeBase(a, b)
  if (context.args.includes('--is-ancestor')) return base === a ? 0 : 1
  if (base === null) return 1
  context.out(`${base}\n`)
  return 0
}
