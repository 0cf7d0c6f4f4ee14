import { splitLines } from '@/lib/workspace/diff'
import type { Options } from '../../options'
import { type Change, compareFiles, detectRenames, filterKinds } from '../changes'
import { formatCombined } from '../combined-diff'
import { type CommitTextOptions, formatCommit, readDecorations } from '../commit-text'
import type { GitCommand, GitContext } from '../context'
import { formatDate } from '../dates'
import { diffFlags, diffValues, patchOptionsOf } from '../diff-options'
import { fatal } from '../failure'
import { createGraph } from '../graph'
import { type WalkedCommit, walkHistory } from '../history-walk'
import { changedRegions } from '../line-regions'
import { parseOptions } from '../options'
import { formatChanges } from '../patch-text'
import { createPathFilter, type PathFilter, toRepositoryPath } from '../pathspec'
import { readReflog } from '../reflog'
import type { Commit, FileEntry, Repository } from '../repository'
import { parseRange, peel, requireCommit, resolveRevision } from '../revision'
import { splitWords } from '../revision-words'

const logFlags = {
  ...diffFlags,
  '--oneline': [],
  '--graph': [],
  '--all': [],
  '--branches': [],
  '--reverse': [],
  '--merges': [],
  '--no-merges': [],
  '--first-parent': [],
  '--follow': [],
  '--abbrev-commit': [],
  '--no-decorate': [],
  '--topo-order': [],
  '--date-order': [],
  '-i': ['--regexp-ignore-case'],
  '--tags': [],
  '--invert-grep': [],
  '--cc': ['-c'],
} as const
const logValues = {
  ...diffValues,
  '-n': ['--max-count'],
  '--skip': [],
  '--author': [],
  '--grep': [],
  '--since': ['--after'],
  '--until': ['--before'],
  '--date': [],
  '--format': [],
  '-S': [],
  '-G': [],
  '--committer': [],
} as const

export const log: GitCommand = async (context) => {
  const repository = context.repository()
  const args = context.args.map((word) => word.replace(/^-(\d+)$/, '-n$1'))
  const options = parseOptions(args, {
    flags: logFlags,
    values: logValues,
    optional: ['--pretty', '--decorate', '--color', '--stat'],
  })
  const { revisions, paths } = await splitWords(context, repository, options)
  const isAll = options.has('--all')
  if (isAll || options.has('--branches')) revisions.push(...(await repository.branches()))
  if (isAll || options.has('--tags')) revisions.push(...(await repository.tags()))
  const head = await repository.head()
  if (head === null && revisions.length === 0) {
    fatal(`your current branch '${repository.branch()}' does not have any commits yet`)
  }
  if (revisions.length === 0 || (isAll && head !== null)) revisions.unshift('HEAD')
  const filter = paths.length > 0 ? createPathFilter(repository, context.cwd, paths) : null
  const walked = await walkHistory(repository, {
    range: await parseRange(repository, revisions),
    filter: options.has('--follow') ? null : filter,
    isTopological: options.has('--graph') || options.has('--topo-order'),
    firstParent: options.has('--first-parent'),
  })
  const followed: readonly ShownCommit[] = options.has('--follow') ? await followFile(context, walked, paths) : walked
  const matching = followed.filter((commit) => isWanted(commit, options))
  const chosen: readonly ShownCommit[] = await withChanges(repository, matching, options)
  const from = Number(options.value('--skip') ?? 0)
  const limit = options.value('-n')
  const shown = chosen.slice(from, limit === undefined || Number(limit) < 0 ? undefined : from + Number(limit))
  if (options.has('--reverse')) shown.reverse()
  const text = await textOptions(context, repository, options)
  const patch = patchOptionsOf(context, options, 'none')
  const graph = options.has('--graph') ? createGraph() : null
  const isCompact = text.format === 'oneline' || text.format.startsWith('tformat:')
  const separated = text.format.startsWith('format:')
  const hasBoth = patch.format === 'patch-with-stat'
  let isFirst = true
  for (const commit of shown) {
    const isMerge = commit.parents.length > 1 && !options.has('--first-parent')
    const changes =
      patch.format === 'none' || isMerge ? [] : await changesOf(repository, commit, commit.filter ?? filter)
    const diff =
      isMerge && options.has('--cc') && patch.format === 'patch'
        ? await formatMerged(repository, commit, { filter, paint: patch.paint })
        : await formatChanges(repository, filterKinds(changes, options.value('--diff-filter')), patch)
    const entry = entryText(formatCommit(commit, text), diff, { isOneLine: text.format === 'oneline', hasBoth })
    if (graph) {
      const lines = entry.replace(/\n$/, '').split('\n')
      const isSeparated = !isFirst && !isCompact
      const drawn = graph.draw({ oid: commit.oid, parents: commit.shownParents, lines, isSeparated })
      context.out(drawn.map((line) => `${line}\n`).join(''))
    } else context.out(`${!isFirst && !isCompact ? '\n' : ''}${separated ? entry.replace(/\n$/, '') : entry}`)
    isFirst = false
  }
  return 0
}

interface ShownCommit extends WalkedCommit {
  /** The paths of this commit's changes to show, where these are not those of all. */
  filter?: PathFilter
}

/** `--follow`: the commits that changed one file, under the names that it had before too. */
async function followFile(
  context: GitContext,
  commits: readonly WalkedCommit[],
  paths: readonly string[],
): Promise<ShownCommit[]> {
  const [word, ...others] = paths
  if (word === undefined || others.length > 0) fatal('--follow requires exactly one pathspec')
  const repository = context.repository()
  let path = toRepositoryPath(repository, context.cwd, word)
  const kept: ShownCommit[] = []
  for (const commit of commits) {
    if (commit.parents.length > 1) continue
    const change = (await changesOf(repository, commit, null)).find((each) => each.path === path)
    if (!change) continue
    const { path: to, from } = change
    kept.push({ ...commit, filter: (name) => name === to || name === from })
    path = from ?? to
  }
  return kept
}

/** The commits that `-S`, `-G` and `--diff-filter` leave. */
async function withChanges<Entry extends Commit>(
  repository: Repository,
  commits: readonly Entry[],
  options: Options,
): Promise<readonly Entry[]> {
  const [text, pattern, kinds] = [options.value('-S'), options.value('-G'), options.value('--diff-filter')]
  if (text === undefined && pattern === undefined && kinds === undefined) return commits
  const textOf = async (entry: FileEntry | null) => repository.text(entry?.oid ?? null)
  const count = async (entry: FileEntry | null) => (await textOf(entry)).split(text ?? '').length
  const expression = pattern === undefined ? null : new RegExp(pattern)
  const isWantedChange = async ({ before, after }: Change) => {
    if (text !== undefined && (await count(before)) === (await count(after))) return false
    if (!expression) return true
    const lines = [splitLines(await textOf(before)), splitLines(await textOf(after))] as const
    return changedRegions(...lines).some(({ beforeStart, beforeEnd, afterStart, afterEnd }) =>
      [...lines[0].slice(beforeStart, beforeEnd), ...lines[1].slice(afterStart, afterEnd)].some((line) =>
        expression.test(line),
      ),
    )
  }
  const kept: Entry[] = []
  for (const commit of commits) {
    if (commit.parents.length > 1) continue
    for (const change of filterKinds(await changesOf(repository, commit, null), kinds)) {
      if (!(await isWantedChange(change))) continue
      kept.push(commit)
      break
    }
  }
  return kept
}

function entryText(
  text: string,
  diff: string,
  { isOneLine, hasBoth }: { isOneLine: boolean; hasBoth: boolean },
): string {
  if (diff === '') return `${text}\n`
  if (isOneLine) return `${text}\n${diff}`
  return `${text}\n${hasBoth ? '---' : ''}\n${diff}`
}

export async function changesOf(repository: Repository, commit: Commit, filter: PathFilter | null): Promise<Change[]> {
  const before = await repository.files(commit.parents[0] ?? null)
  const changes = compareFiles(before, await repository.files(commit.oid))
  return detectRenames(repository, filter ? changes.filter(({ path }) => filter(path)) : changes)
}

function isWanted(commit: Commit, options: Options): boolean {
  const flags = options.has('-i') ? 'i' : ''
  const matches = (name: string, text: string) =>
    options.all(name).length === 0 || options.all(name).some((pattern) => new RegExp(pattern, flags).test(text))
  const time = (name: string) => {
    const value = options.value(name)
    return value === undefined ? null : parseTime(value)
  }
  const [since, until] = [time('--since'), time('--until')]
  return (
    matches('--author', `${commit.author.name} <${commit.author.email}>`) &&
    matches('--committer', `${commit.committer.name} <${commit.committer.email}>`) &&
    (options.all('--grep').length === 0 || matches('--grep', commit.message) !== options.has('--invert-grep')) &&
    (!options.has('--merges') || commit.parents.length > 1) &&
    (!options.has('--no-merges') || commit.parents.length < 2) &&
    (since === null || commit.committer.timestamp >= since) &&
    (until === null || commit.committer.timestamp <= until)
  )
}

const units: Record<string, number> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86400,
  week: 604800,
  month: 2592000,
  year: 31536000,
}

/** `2 weeks ago`, `yesterday`, or a date. */
function parseTime(text: string): number {
  const now = Date.now() / 1000
  const ago = /^(\d+)[ .](second|minute|hour|day|week|month|year)s?[ .]ago$/.exec(text)
  if (ago) return now - Number(ago[1]) * (units[ago[2] ?? ''] ?? 1)
  if (text === 'yesterday') return now - 86400
  const date = new Date(/^\d+$/.test(text) ? Number(text) * 1000 : text)
  if (Number.isNaN(date.getTime())) fatal(`unknown date '${text}'; use 2024-01-31 or “2 weeks ago”`)
  return date.getTime() / 1000
}

async function textOptions(context: GitContext, repository: Repository, options: Options): Promise<CommitTextOptions> {
  const wanted = options.value('--format') ?? options.value('--pretty')
  const named = wanted !== undefined && /^(oneline|short|medium|full|fuller|raw)$/.test(wanted)
  if (/^(?:email|mboxrd|reference)$/.test(wanted ?? ''))
    fatal(`--pretty=${wanted} is not available here; git format-patch writes mails`)
  const format = options.has('--oneline')
    ? 'oneline'
    : wanted === undefined || wanted === ''
      ? 'medium'
      : named || /^t?format:/.test(wanted)
        ? wanted
        : `tformat:${wanted}`
  const isDecorated =
    (options.has('--decorate') || context.isShown || /%d/i.test(format)) && !options.has('--no-decorate')
  return {
    format,
    dateStyle: options.value('--date') ?? context.config('log.date') ?? 'default',
    isAbbreviated: options.has('--oneline') || options.has('--abbrev-commit'),
    decorations: isDecorated ? await readDecorations(repository, context.paint) : new Map(),
    paint: context.paint,
  }
}

export const show: GitCommand = async (context) => {
  const repository = context.repository()
  const options = parseOptions(context.args, {
    flags: logFlags,
    values: logValues,
    optional: ['--pretty', '--decorate', '--color', '--stat'],
  })
  const { revisions, paths } = await splitWords(context, repository, options)
  const filter = paths.length > 0 ? createPathFilter(repository, context.cwd, paths) : null
  const text = await textOptions(context, repository, options)
  let isFirst = true
  for (const revision of revisions.length > 0 ? revisions : ['HEAD']) {
    const oid = (await resolveRevision(repository, revision)) ?? (await requireCommit(repository, revision))
    if (!isFirst && text.format !== 'oneline' && !text.format.startsWith('tformat:')) context.out('\n')
    isFirst = false
    await showObject(context, repository, { oid, revision, options, text, filter })
  }
  return 0
}

/** `--pretty=` and `--format=` show nothing of the commit itself. */
const isBodyOnly = (options: Options) =>
  (options.value('--format') ?? options.value('--pretty')) === '' &&
  (options.has('--format') || options.has('--pretty')) &&
  !options.has('--oneline')

interface ShowTarget {
  oid: string
  revision: string
  options: Options
  text: CommitTextOptions
  filter: PathFilter | null
}

async function showObject(context: GitContext, repository: Repository, target: ShowTarget): Promise<void> {
  const { oid, revision, options, text, filter } = target
  const type = await repository.objectType(oid)
  if (type === 'blob') return context.host.stdout(await repository.blob(oid))
  if (type === 'tree') {
    const entries = await repository.treeEntries(oid)
    const names = entries.map((entry) => (entry.type === 'tree' ? `${entry.path}/\n` : `${entry.path}\n`))
    return context.out(`tree ${revision}\n\n${names.join('')}`)
  }
  if (type === 'tag') {
    const tag = await repository.readTag(oid)
    const date = formatDate(tag.tagger ?? context.identity('committer'), text.dateStyle)
    context.out(
      `${context.paint.yellow(`tag ${tag.tag}`)}\nTagger: ${tag.tagger?.name} <${tag.tagger?.email}>\nDate:   ${date}\n\n${tag.message.trimEnd()}\n\n`,
    )
    return showObject(context, repository, { ...target, oid: await peel(repository, oid) })
  }
  const commit = await repository.commit(oid)
  const patch = patchOptionsOf(context, options, 'patch')
  const isMergePatch = commit.parents.length > 1 && patch.format === 'patch' && !options.has('--first-parent')
  const changes = isMergePatch ? [] : await changesOf(repository, commit, filter)
  const diff = isMergePatch
    ? await formatMerged(repository, commit, { filter, paint: patch.paint })
    : await formatChanges(repository, filterKinds(changes, options.value('--diff-filter')), patch)
  if (isBodyOnly(options)) return context.out(diff)
  const style = { isOneLine: text.format === 'oneline', hasBoth: patch.format === 'patch-with-stat' }
  context.out(entryText(formatCommit(commit, text), diff, style))
}

/** What a merge made that none of its parents has. */
async function formatMerged(
  repository: Repository,
  { oid, parents }: Commit,
  { filter, paint }: { filter: PathFilter | null; paint: CommitTextOptions['paint'] },
): Promise<string> {
  const files = await repository.files(oid)
  const sides = await Promise.all(
    parents.map(async (parent) => {
      const changes = await detectRenames(repository, compareFiles(await repository.files(parent), files))
      return new Map(changes.map(({ path, before }) => [path, before]))
    }),
  )
  const [first, ...others] = sides
  const texts: string[] = []
  for (const path of first?.keys() ?? []) {
    if (!others.every((side) => side.has(path)) || (filter && !filter(path))) continue
    const before = sides.map((side) => side.get(path) ?? null)
    const combined = { path, parents: before, result: files.get(path) ?? null, isLoose: false }
    texts.push(await formatCombined(repository, combined, paint))
  }
  return texts.join('')
}

export const reflog: GitCommand = async (context) => {
  const repository = context.repository()
  const options = parseOptions(
    context.args.map((word) => word.replace(/^-(\d+)$/, '-n$1')),
    { flags: { '--oneline': [], '--all': [] }, values: { '-n': ['--max-count'] } },
  )
  const words = options.words.filter((word) => word !== 'show')
  const name = words[0] ?? 'HEAD'
  const ref = name === 'HEAD' ? name : `refs/heads/${name}`
  const entries = readReflog(repository, ref).slice(0, Number(options.value('-n') ?? Number.POSITIVE_INFINITY))
  for (const [index, { after, message }] of entries.entries()) {
    context.out(`${context.paint.yellow(after.slice(0, 7))} ${name}@{${index}}: ${message}\n`)
  }
  return 0
}
