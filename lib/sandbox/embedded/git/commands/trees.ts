import type { GitCommand } from '../context'
import { fatal } from '../failure'
import { walkHistory } from '../history-walk'
import { parseOptions } from '../options'
import { createPathFilter } from '../pathspec'
import { comparePaths } from '../repository'
import { parseRange, peel, resolveRevision } from '../revision'
import { splitWords } from '../revision-words'

export const lsTree: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '-r': [],
      '-d': [],
      '-t': [],
      '--name-only': ['--name-status'],
      '--long': ['-l'],
      '-z': [],
    },
  })
  const repository = context.repository()
  const [name = 'HEAD', ...words] = [...options.words, ...(options.paths ?? [])]
  const oid = await resolveRevision(repository, name)
  if (oid === null) fatal(`Not a valid object name ${name}`)
  const object = await peel(repository, oid)
  const tree = (await repository.objectType(object)) === 'commit' ? (await repository.commit(object)).tree : object
  const filter = createPathFilter(repository, context.cwd, words)
  const leadsTo = (path: string) => words.some((word) => word.startsWith(`${path}/`))
  const end = options.has('-z') ? '\0' : '\n'

  const show = async (at: string, prefix: string): Promise<void> => {
    for (const { mode, oid: id, path: entry, type } of await repository.treeEntries(at)) {
      const path = prefix + entry
      const isTree = type === 'tree'
      const goesIn = isTree && (options.has('-r') || leadsTo(path))
      if (filter(path) && !(goesIn && !options.has('-t')) && !(options.has('-d') && !isTree)) {
        const size = isTree ? '-' : String(options.has('--long') ? (await repository.blob(id)).byteLength : 0)
        const sized = options.has('--long') ? ` ${size.padStart(7)}` : ''
        context.out(
          options.has('--name-only') ? path + end : `${mode.padStart(6, '0')} ${type} ${id}${sized}\t${path}${end}`,
        )
      }
      if (goesIn) await show(id, `${path}/`)
    }
  }
  await show(tree, '')
  return 0
}

export const revList: GitCommand = async (context) => {
  const args = context.args.map((word) => word.replace(/^-(\d+)$/, '-n$1'))
  const options = parseOptions(args, {
    flags: {
      '--count': [],
      '--all': [],
      '--reverse': [],
      '--no-merges': [],
      '--merges': [],
      '--first-parent': [],
      '--parents': [],
    },
    values: { '-n': ['--max-count'], '--skip': [] },
  })
  const repository = context.repository()
  const { revisions, paths } = await splitWords(context, repository, options)
  if (options.has('--all')) revisions.push(...(await repository.branches()), ...(await repository.tags()))
  if (revisions.length === 0) fatal('usage: git rev-list [<options>] <commit>... [--] [<path>...]')
  const walked = await walkHistory(repository, {
    range: await parseRange(repository, revisions),
    filter: paths.length > 0 ? createPathFilter(repository, context.cwd, paths) : null,
    isTopological: false,
    firstParent: options.has('--first-parent'),
  })
  const wanted = walked.filter(
    ({ parents }) =>
      !(options.has('--no-merges') && parents.length > 1) && !(options.has('--merges') && parents.length < 2),
  )
  const from = Number(options.value('--skip') ?? 0)
  const limit = options.value('-n')
  const shown = wanted.slice(from, limit === undefined ? undefined : from + Number(limit))
  if (options.has('--count')) context.out(`${shown.length}\n`)
  else {
    if (options.has('--reverse')) shown.reverse()
    for (const { oid, parents } of shown)
      context.out(`${[oid, ...(options.has('--parents') ? parents : [])].join(' ')}\n`)
  }
  return 0
}

export const shortlog: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '-s': ['--summary'],
      '-n': ['--numbered'],
      '-e': ['--email'],
      '--all': [],
      '-c': ['--committer'],
      '--no-merges': [],
    },
  })
  const repository = context.repository()
  const { revisions } = await splitWords(context, repository, options)
  if (options.has('--all')) revisions.push(...(await repository.branches()))
  const range = await parseRange(repository, revisions.length > 0 ? revisions : ['HEAD'])
  const groups = new Map<string, string[]>()
  for (const commit of await walkHistory(repository, { range, filter: null, isTopological: false })) {
    if (options.has('--no-merges') && commit.parents.length > 1) continue
    const { message } = commit
    const person = options.has('-c') ? commit.committer : commit.author
    const name = options.has('-e') ? `${person.name} <${person.email}>` : person.name
    const subjects = groups.get(name) ?? []
    subjects.push(message.split('\n')[0] ?? '')
    groups.set(name, subjects)
  }
  const rows = [...groups].sort(([a, one], [b, other]) =>
    options.has('-n') && one.length !== other.length ? other.length - one.length : comparePaths(a, b),
  )
  for (const [name, subjects] of rows) {
    if (options.has('-s')) context.out(`${String(subjects.length).padStart(6)}\t${name}\n`)
    else
      context.out(
        `${name} (${subjects.length}):\n${subjects
          .toReversed()
          .map((subject) => `      ${subject}\n`)
          .join('')}\n`,
      )
  }
  return 0
}

export const hashObject: GitCommand = async (context) => {
  const options = parseOptions(context.args, { flags: { '-w': [] } })
  const repository = context.repository()
  for (const name of options.words) {
    const path = name.startsWith('/') ? name : `${context.cwd}/${name}`
    if (!repository.fs.exists(path)) fatal(`could not open '${name}' for reading: No such file or directory`)
    const bytes = repository.fs.readFile(path)
    context.out(`${options.has('-w') ? await repository.writeBlob(bytes) : await repository.hash(bytes)}\n`)
  }
  return 0
}
