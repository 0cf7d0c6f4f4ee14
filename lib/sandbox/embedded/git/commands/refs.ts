import type { GitCommand } from '../context'
import { fatal } from '../failure'
import { walkHistory } from '../history-walk'
import { subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { comparePaths, type Repository } from '../repository'
import { peel, requireCommit } from '../revision'
import { readStatus } from '../status-facts'

interface Ref {
  name: string
  oid: string
}

/** Branches, those of remotes too, and tags, by name. */
async function listRefs(repository: Repository): Promise<Ref[]> {
  const names = [
    ...(await repository.branches()).map((name) => `refs/heads/${name}`),
    ...(await repository.refs('refs/remotes')).map((name) => `refs/remotes/${name}`),
    ...(await repository.tags()).map((name) => `refs/tags/${name}`),
  ]
  const refs = await Promise.all(
    names.sort(comparePaths).map(async (name) => ({ name, oid: await repository.ref(name) })),
  )
  return refs.flatMap(({ name, oid }) => (oid === null ? [] : [{ name, oid }]))
}

const shortName = (name: string) => name.replace(/^refs\/(?:heads|tags|remotes)\//, '')

export const showRef: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--heads': ['--branches'],
      '--tags': [],
      '--verify': [],
      '--quiet': ['-q'],
      '--hash': ['-s'],
    },
  })
  const wanted = (name: string) =>
    (!options.has('--heads') || name.startsWith('refs/heads/')) &&
    (!options.has('--tags') || name.startsWith('refs/tags/')) &&
    (options.words.length === 0 ||
      options.words.some((word) => name === word || (!options.has('--verify') && name.endsWith(`/${word}`))))
  const refs = (await listRefs(context.repository())).filter(({ name }) => wanted(name))
  if (!options.has('--quiet'))
    context.out(refs.map(({ name, oid }) => (options.has('--hash') ? `${oid}\n` : `${oid} ${name}\n`)).join(''))
  return refs.length > 0 ? 0 : 1
}

export const symbolicRef: GitCommand = async (context) => {
  const options = parseOptions(context.args, { flags: { '--short': [], '--quiet': ['-q'] } })
  const repository = context.repository()
  const [name, target] = options.words
  if (name !== 'HEAD') fatal(`No such ref: ${name ?? ''}`)
  if (target !== undefined) {
    if (!target.startsWith('refs/')) fatal('Refusing to point HEAD outside of refs/')
    repository.setHead(target)
    return 0
  }
  const ref = repository.headRef()
  if (ref === null) fatal('ref HEAD is not a symbolic ref')
  context.out(`${options.has('--short') ? shortName(ref) : ref}\n`)
  return 0
}

export const forEachRef: GitCommand = async (context) => {
  const options = parseOptions(context.args, { values: { '--format': [], '--count': [], '--sort': [] } })
  const repository = context.repository()
  const patterns = options.words.map((word) => word.replace(/\/?\*?$/, ''))
  const rows = []
  for (const ref of await listRefs(repository)) {
    if (patterns.length > 0 && !patterns.some((start) => ref.name === start || ref.name.startsWith(`${start}/`)))
      continue
    const commit = await repository.commit(await peel(repository, ref.oid))
    rows.push({ ...ref, type: await repository.objectType(ref.oid), commit })
  }
  const sort = options.value('--sort') ?? ''
  if (/date$/.test(sort)) rows.sort((a, b) => a.commit.committer.timestamp - b.commit.committer.timestamp)
  if (sort.startsWith('-')) rows.reverse()
  const format = options.value('--format') ?? '%(objectname) %(objecttype)\t%(refname)'
  for (const { name, oid, type, commit } of rows.slice(0, Number(options.value('--count') ?? rows.length))) {
    const fields: Record<string, string> = {
      refname: name,
      'refname:short': shortName(name),
      objectname: oid,
      'objectname:short': oid.slice(0, 7),
      objecttype: type,
      subject: subjectOf(commit.message),
      'contents:subject': subjectOf(commit.message),
      authorname: commit.author.name,
      'committerdate:iso8601': new Date(commit.committer.timestamp * 1000).toISOString(),
      'committerdate:unix': String(commit.committer.timestamp),
      HEAD: name === repository.headRef() ? '*' : ' ',
    }
    const line = format.replaceAll(
      /%\(([^)]*)\)/g,
      (_, field: string) => fields[field] ?? fatal(`unknown field name: ${field}`),
    )
    context.out(`${line}\n`)
  }
  return 0
}

/** The nearest tag behind a commit: `v1.0-3-gabc1234`. */
export const describe: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { '--tags': [], '--always': [], '--long': [], '--exact-match': [] },
    values: { '--abbrev': [] },
    optional: ['--dirty'],
  })
  const repository = context.repository()
  if (options.has('--dirty') && options.words.length > 0)
    fatal("option '--dirty' and commit-ishes cannot be used together")
  const mark = options.has('--dirty') && (await isDirty(repository)) ? options.value('--dirty') || '-dirty' : ''
  const start = await requireCommit(repository, options.words[0] ?? 'HEAD')
  const tags = new Map<string, string>()
  for (const { name, oid } of await listRefs(repository)) {
    if (!name.startsWith('refs/tags/')) continue
    const isAnnotated = (await repository.objectType(oid)) === 'tag'
    const commit = await peel(repository, oid)
    // An annotated tag goes before a plain one.
    if (isAnnotated || (options.has('--tags') && !tags.has(commit))) tags.set(commit, shortName(name))
  }
  const queue = [start]
  const seen = new Set<string>()
  while (queue.length > 0) {
    const oid = queue.shift() ?? ''
    if (seen.has(oid)) continue
    seen.add(oid)
    const tag = tags.get(oid)
    if (tag !== undefined) {
      const isExact = oid === start
      const isPlain = options.value('--abbrev') === '0' || (isExact && !options.has('--long'))
      const distance = isPlain ? '' : `-${await countBetween(repository, start, oid)}-g${start.slice(0, 7)}`
      context.out(`${tag}${distance}${mark}\n`)
      return 0
    }
    if (options.has('--exact-match')) break
    queue.push(...(await repository.commit(oid)).parents)
  }
  if (options.has('--always')) {
    context.out(`${start.slice(0, 7)}${mark}\n`)
    return 0
  }
  if (tags.size === 0 || options.has('--exact-match')) {
    fatal(
      options.has('--exact-match') ? `no tag exactly matches '${start}'` : 'No names found, cannot describe anything.',
    )
  }
  fatal(`No tags can describe '${start}'.`)
}

async function isDirty(repository: Repository): Promise<boolean> {
  const { staged, unstaged, conflicts } = await readStatus(repository, { untracked: 'no' })
  return staged.length + unstaged.length + conflicts.length > 0
}

async function countBetween(repository: Repository, from: string, to: string): Promise<number> {
  const range = { include: [from], exclude: [to] }
  return (await walkHistory(repository, { range, filter: null, isTopological: false })).length
}
