import { compareFiles } from '../changes'
import { chooseHunks, resultOf } from '../choose-hunks'
import type { GitCommand, GitContext } from '../context'
import { fatal, GitFailure } from '../failure'
import { type IgnoreRules, parentOf, readIgnoreRules } from '../ignore-rules'
import { readIndex, writeIndex } from '../index-file'
import { parseOptions } from '../options'
import { createPathFilter, toRepositoryPath } from '../pathspec'
import { comparePaths } from '../repository'
import {
  indexFiles,
  listUntracked,
  readFileEntry,
  readTracked,
  removeFile,
  stageFile,
  stageResult,
  standing,
  trackedPaths,
} from '../working-tree'

export const add: GitCommand = async (context) => {
  const { args, cwd, out, err, repository: open } = context
  const options = parseOptions(args, {
    flags: {
      '--all': ['-A', '--no-ignore-removal'],
      '--update': ['-u'],
      '--force': ['-f'],
      '--verbose': ['-v'],
      '--dry-run': ['-n'],
      '--intent-to-add': ['-N'],
      '--patch': ['-p'],
      '--interactive': ['-i'],
    },
  })
  const repository = open()
  const words = [...options.words, ...(options.paths ?? [])]
  if (options.has('--intent-to-add')) fatal('--intent-to-add is not available here; use git add')
  if (options.has('--interactive')) fatal('the menu of git add -i is not available here; git add -p asks for each hunk')
  if (options.has('--patch')) return stageHunks(context, words)
  if (words.length === 0 && !options.has('--all') && !options.has('--update')) {
    throw new GitFailure(
      'Nothing specified, nothing added.\nhint: Maybe you wanted to say \'git add .\'?\nhint: Turn this message off by running\nhint: "git config advice.addEmptyPathspec false"',
      0,
    )
  }
  const index = readIndex(repository)
  const filter = createPathFilter(repository, cwd, words)
  const tracked = await readTracked(repository, index)
  const unknown = listUntracked(repository, index, { withIgnored: options.has('--force') })
  const all = [...unknown.visible, ...unknown.ignored].sort(comparePaths)
  const known = trackedPaths(index)
  const rules = readIgnoreRules(repository)
  const ignored = new Set<string>()
  for (const word of words) {
    const matches = createPathFilter(repository, cwd, [word])
    if ([...known, ...all].some(matches)) continue
    const path = toRepositoryPath(repository, cwd, word)
    const full = `${repository.root}/${path}`
    const present = standing(repository.fs, full)
    if (!present) fatal(`pathspec '${word}' did not match any files`)
    if (path !== '' && rules.isIgnored(path, present.kind === 'directory')) ignored.add(topmostIgnored(rules, path))
  }
  const isDry = options.has('--dry-run')
  const say = (text: string) => (options.has('--verbose') || isDry) && out(`${text}\n`)
  const indexed = indexFiles(index)
  for (const path of known.filter(filter).sort(comparePaths)) {
    const present = tracked.get(path)
    const before = indexed.get(path)
    if (!present) {
      say(`remove '${path}'`)
      if (!isDry) index.entries.delete(path)
    } else {
      if (present.oid === before?.oid && present.mode === before.mode && !index.conflicts.has(path)) continue
      say(`add '${path}'`)
      if (!isDry) index.entries.set(path, await stageFile(repository, path))
    }
    index.conflicts.delete(path)
  }
  if (!options.has('--update')) {
    for (const path of all.filter(filter)) {
      if (path.endsWith('/')) {
        err(`warning: ${path} is a repository of its own; those are not added here\n`)
        continue
      }
      say(`add '${path}'`)
      if (!isDry) index.entries.set(path, await stageFile(repository, path))
    }
  }
  if (!isDry) await writeIndex(repository, index)
  if (ignored.size === 0) return 0
  throw new GitFailure(
    `The following paths are ignored by one of your .gitignore files:\n${[...ignored].sort(comparePaths).join('\n')}\nhint: Use -f if you really want to add them.\nhint: Turn this message off by running\nhint: "git config advice.addIgnoredFile false"`,
    1,
  )
}

/** `git add -p` */
export async function stageHunks(context: GitContext, words: readonly string[]): Promise<number> {
  const repository = context.repository()
  const index = readIndex(repository)
  const filter = createPathFilter(repository, context.cwd, words)
  const tracked = await readTracked(repository, index)
  const changes = compareFiles(indexFiles(index), tracked).filter(
    ({ path }) => filter(path) && !index.conflicts.has(path),
  )
  return chooseHunks(context, { changes, question: { verb: 'Stage', isReverse: false } }, async (choice) => {
    await stageResult(repository, index, choice.change.path, resultOf(choice, false))
    await writeIndex(repository, index)
  })
}

/** The path itself, or the ignored folder that it is in. */
function topmostIgnored(rules: IgnoreRules, path: string): string {
  const parent = parentOf(path)
  return parent !== '' && rules.isIgnored(parent, true) ? topmostIgnored(rules, parent) : path
}

export const rm: GitCommand = async ({ args, cwd, out, repository: open }) => {
  const options = parseOptions(args, {
    flags: {
      '--cached': [],
      '--force': ['-f'],
      '-r': [],
      '--quiet': ['-q'],
      '--ignore-unmatch': [],
      '--dry-run': ['-n'],
    },
  })
  const repository = open()
  const index = readIndex(repository)
  const committed = await repository.files(await repository.head())
  const chosen: string[] = []
  for (const word of [...options.words, ...(options.paths ?? [])]) {
    const path = toRepositoryPath(repository, cwd, word)
    const known = [...index.entries.keys(), ...index.conflicts.keys()]
    const matches = known.filter(createPathFilter(repository, cwd, [word]))
    if (matches.length === 0 && !options.has('--ignore-unmatch')) fatal(`pathspec '${word}' did not match any files`)
    if (matches.some((match) => match !== path) && !options.has('-r') && !/[*?[]/.test(word)) {
      fatal(`not removing '${word}' recursively without -r`)
    }
    chosen.push(...matches)
  }
  if (chosen.length === 0 && !options.has('--ignore-unmatch'))
    fatal('No pathspec was given. Which files should I remove?')
  const paths = [...new Set(chosen)].sort(comparePaths)
  if (!options.has('--force')) {
    for (const path of paths) {
      const staged = index.entries.get(path)
      const present = await readFileEntry(repository, path, index)
      const isStagedNew = staged !== undefined && staged.oid !== committed.get(path)?.oid
      const isChanged = present !== null && staged !== undefined && present.oid !== staged.oid
      if (isStagedNew && isChanged)
        refuse(path, 'staged content different from both the\nfile and the HEAD', '-f to force removal')
      if (isStagedNew && !options.has('--cached')) {
        refuse(path, 'changes staged in the index', '--cached to keep the file, or -f to force removal')
      }
      if (isChanged && !options.has('--cached')) {
        refuse(path, 'local modifications', '--cached to keep the file, or -f to force removal')
      }
    }
  }
  if (!options.has('--quiet')) out(paths.map((path) => `rm '${path}'\n`).join(''))
  if (options.has('--dry-run')) return 0
  for (const path of paths) {
    index.entries.delete(path)
    index.conflicts.delete(path)
    if (!options.has('--cached')) removeFile(repository, path)
  }
  await writeIndex(repository, index)
  return 0
}

function refuse(path: string, reason: string, advice: string): never {
  throw new GitFailure(`error: the following file has ${reason}:\n    ${path}\n(use ${advice})`, 1)
}

export const mv: GitCommand = async ({ args, cwd, out, repository: open }) => {
  const options = parseOptions(args, { flags: { '--force': ['-f'], '--verbose': ['-v'], '-k': [] } })
  const repository = open()
  const { fs, root } = repository
  const words = [...options.words, ...(options.paths ?? [])]
  const last = words.pop()
  if (last === undefined || words.length === 0) fatal('usage: git mv <source>... <destination>')
  const target = toRepositoryPath(repository, cwd, last)
  const isFolder =
    target === '' || (fs.exists(`${root}/${target}`) && fs.stat(`${root}/${target}`).kind === 'directory')
  if (words.length > 1 && !isFolder) fatal(`destination '${last}' is not a directory`)
  const index = readIndex(repository)
  // All are judged before the first is moved.
  const moves = words.flatMap((word) => {
    const source = toRepositoryPath(repository, cwd, word)
    const name = source.slice(source.lastIndexOf('/') + 1)
    const goal = isFolder ? [target, name].filter(Boolean).join('/') : target
    const problem = problemOfMove({ source, goal })
    if (problem === null) return [{ source, goal }]
    if (options.has('-k')) return []
    return fatal(`${problem}, source=${source}, destination=${goal}`)
  })
  for (const { source, goal } of moves) {
    const folder = `${root}/${goal}`.replace(/\/[^/]*$/, '')
    if (!fs.exists(folder)) fatal(`renaming '${source}' failed: No such file or directory`)
    fs.rename(`${root}/${source}`, `${root}/${goal}`)
    for (const [path, entry] of index.entries) {
      if (path !== source && !path.startsWith(`${source}/`)) continue
      index.entries.delete(path)
      index.entries.set(goal + path.slice(source.length), entry)
    }
    // A file and a folder of one name cannot both be tracked.
    for (const path of index.entries.keys())
      if (goal.startsWith(`${path}/`) || (index.entries.has(goal) && path.startsWith(`${goal}/`)))
        index.entries.delete(path)
    await writeIndex(repository, index)
    if (options.has('--verbose')) out(`Renaming ${source} to ${goal}\n`)
  }
  return 0

  function problemOfMove({ source, goal }: { source: string; goal: string }): string | null {
    const isBelow = (path: string) => path === source || path.startsWith(`${source}/`)
    if (!standing(fs, `${root}/${source}`)) return 'bad source'
    if (`${goal}/`.startsWith(`${source}/`)) return 'can not move directory into itself'
    if ([...index.conflicts.keys()].some(isBelow)) return 'conflicted'
    if (![...index.entries.keys()].some(isBelow)) return 'not under version control'
    const there = standing(fs, `${root}/${goal}`)
    if (there && (there.kind === 'directory' || !options.has('--force'))) return 'destination exists'
    return null
  }
}
