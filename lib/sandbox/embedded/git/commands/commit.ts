import { compareFiles, countLines, detectRenames } from '../changes'
import { defaultIdentity, type GitCommand, type GitContext, parseDate } from '../context'
import { formatDate } from '../dates'
import { fail, fatal, GitFailure } from '../failure'
import { readIndex, writeIndex } from '../index-file'
import { moveHead, subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { formatSummary, shortstat } from '../patch-text'
import { createPathFilter } from '../pathspec'
import { readInput } from '../read-input'
import type { Commit, Identity, Repository } from '../repository'
import { requireCommit } from '../revision'
import { readStatus } from '../status-facts'
import { sorted } from '../take-in'
import { indexFiles, readFileEntry, setEntries, stageFile, trackedPaths } from '../working-tree'
import { stageHunks } from './add'
import { longStatus } from './status'

export const commit: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--all': ['-a'],
      '--amend': [],
      '--no-edit': [],
      '--allow-empty': [],
      '--allow-empty-message': [],
      '--quiet': ['-q'],
      '--no-verify': ['-n'],
      '--verbose': ['-v'],
      '--signoff': ['-s'],
      '--reset-author': [],
      '--dry-run': [],
      '--patch': ['-p'],
    },
    values: {
      '-m': ['--message'],
      '-F': ['--file'],
      '--author': [],
      '--date': [],
      '-C': ['--reuse-message'],
      '--fixup': [],
      '--squash': [],
    },
  })
  const repository = context.repository()
  const paths = [...options.words, ...(options.paths ?? [])]
  if (options.has('--patch')) await stageHunks(context, paths)
  const index = readIndex(repository)
  const head = await repository.head()
  if (options.has('--amend'))
    for (const [name, kind] of midwayHeads)
      if (repository.readText(name) !== null) fatal(`You are in the middle of a ${kind} -- cannot amend.`)
  const amended = options.has('--amend') ? await requireHead(repository, head) : null
  const isPartial = paths.length > 0 && !options.has('--patch')
  if (isPartial && options.has('--all')) fatal(`paths '${paths[0]} ...' with -a does not make sense`)
  const filter = createPathFilter(repository, context.cwd, paths)
  const committed = await repository.files(head)
  if (isPartial) assertPartial(context, [...trackedPaths(index), ...committed.keys()], paths)
  if (options.has('--all') || isPartial) {
    // A file that is named counts although it was taken out of the index.
    const known = isPartial ? [...trackedPaths(index), ...committed.keys()].filter(filter) : trackedPaths(index)
    for (const path of new Set(known)) {
      if (options.has('--all')) index.conflicts.delete(path)
      if (await readFileEntry(repository, path, index)) index.entries.set(path, await stageFile(repository, path))
      else index.entries.delete(path)
    }
  }
  if (index.conflicts.size > 0) {
    context.out([...index.conflicts.keys()].map((path) => `U\t${path}\n`).join(''))
    throw new GitFailure(
      `error: Committing is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\nfatal: Exiting because of an unresolved conflict.`,
    )
  }
  const mergeHead = repository.readText('MERGE_HEAD')?.trim()
  const parents = amended ? amended.parents : [head, mergeHead].filter((oid) => oid != null)
  const before = await repository.files(parents[0] ?? null)
  const indexed = indexFiles(index)
  // Paths that are named are committed alone; what else is staged stays so.
  const after = isPartial
    ? new Map([...[...committed].filter(([path]) => !filter(path)), ...[...indexed].filter(([path]) => filter(path))])
    : indexed
  const hasChanges = compareFiles(before, after).length > 0
  const isEmptied = !hasChanges && amended !== null && amended.parents.length < 2
  const isMerge = mergeHead !== undefined || (amended !== null && amended.parents.length > 1)
  const shown = { ...index, entries: new Map(index.entries) }
  setEntries(shown, after)
  if (isEmptied && !options.has('--allow-empty') && !options.has('--dry-run')) {
    const { text } = await longStatus(
      context,
      repository,
      await readStatus(repository, { untracked: 'normal', index: shown }),
    )
    context.out(text.replace(/.*\n$/, 'No changes\n'))
    throw new GitFailure(emptied, 1)
  }
  if (options.has('--dry-run') || (!hasChanges && !options.has('--allow-empty') && !isMerge)) {
    const facts = await readStatus(repository, { untracked: 'normal', index: shown })
    context.out((await longStatus(context, repository, facts)).text)
    return options.has('--dry-run') && hasChanges ? 0 : 1
  }
  const message = await readMessage(context, repository, {
    messages: [...(await meldTitles(repository, options)), ...options.all('-m')],
    file: options.value('-F'),
    reuse: options.value('-C') ?? (amended && options.all('-m').length === 0 ? 'HEAD' : undefined),
    isEdited: !options.has('--no-edit'),
  })
  if (message.trim() === '' && !options.has('--allow-empty-message')) {
    throw new GitFailure('Aborting commit due to empty commit message.', 1)
  }
  await writeIndex(repository, index)
  const committer = context.identity('committer')
  const picked = repository.readText('CHERRY_PICK_HEAD')?.trim()
  const kept = amended ?? (picked === undefined ? null : await repository.commit(picked))
  const author = authorOf(context, kept && !options.has('--reset-author') ? kept.author : null, options)
  const signed = options.has('--signoff') ? `\nSigned-off-by: ${committer.name} <${committer.email}>\n` : ''
  const tree = await repository.writeTree(sorted(after))
  const oid = await repository.writeCommit({ tree, parents, author, committer, message: message + signed })
  const kind = amended ? ' (amend)' : mergeHead ? ' (merge)' : head === null ? ' (initial)' : ''
  await moveHead(context, oid, `commit${kind}: ${subjectOf(message)}`)
  forgetMidway(repository)
  if (!options.has('--quiet')) await reportCommit(context, oid, amended ? { withDate: true } : {})
  if (author.email === defaultIdentity.email && author.name === defaultIdentity.name) {
    context.err(
      `The author is “${author.name} <${author.email}>”. Set yours with git config user.name and git config user.email.\n`,
    )
  }
  return 0
}

function assertPartial(context: GitContext, known: readonly string[], paths: readonly string[]): void {
  const repository = context.repository()
  for (const [name, kind] of midwayHeads)
    if (repository.readText(name) !== null) fatal(`cannot do a partial commit during a ${kind}.`)
  for (const word of paths)
    if (!known.some(createPathFilter(repository, context.cwd, [word])))
      fail(`pathspec '${word}' did not match any file(s) known to git`)
}

const emptied = `You asked to amend the most recent commit, but doing so would make
it empty. You can repeat your command with --allow-empty, or you can
remove the commit entirely with "git reset HEAD^".`

const midwayHeads = [
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
] as const

/** `fixup! <subject>`, by which `git rebase --autosquash` knows where the commit belongs. */
async function meldTitles(repository: Repository, options: { value(name: string): string | undefined }) {
  const titles: string[] = []
  for (const kind of ['fixup', 'squash']) {
    const name = options.value(`--${kind}`)
    if (name === undefined) continue
    const { message } = await repository.commit(await requireCommit(repository, name))
    titles.push(`${kind}! ${subjectOf(message)}`)
  }
  return titles
}

async function requireHead(repository: Repository, head: string | null): Promise<Commit> {
  if (head === null) fatal('You have nothing to amend.')
  return repository.commit(head)
}

function authorOf(
  context: GitContext,
  kept: Identity | null,
  options: { value(name: string): string | undefined },
): Identity {
  const author = kept ?? context.identity('author')
  const wanted = options.value('--author')
  const parts = /^\s*(.*?)\s*<(.*)>\s*$/.exec(wanted ?? '')
  if (wanted !== undefined && !parts) fatal(`--author '${wanted}' is not 'Name <email>' and matches no existing author`)
  return {
    ...author,
    ...(parts && { name: parts[1] ?? '', email: parts[2] ?? '' }),
    ...(options.value('--date') && parseDate(options.value('--date'))),
  }
}

interface MessageSource {
  messages: readonly string[]
  file: string | undefined
  reuse: string | undefined
  /** As if an editor had shown the prepared message: its comments go. */
  isEdited: boolean
}

async function readMessage(context: GitContext, repository: Repository, source: MessageSource): Promise<string> {
  if (source.messages.length > 0) return clean(source.messages.map((message) => message.trimEnd()).join('\n\n'))
  if (source.file !== undefined) return clean(await readMessageFile(context, source.file))
  if (source.reuse !== undefined) {
    const oid = await repository.ref(source.reuse)
    if (oid) return (await repository.commit(oid)).message
  }
  const prepared = [repository.readText('SQUASH_MSG'), repository.readText('MERGE_MSG')].filter((text) => text !== null)
  const text = prepared.join('\n')
  if (prepared.length > 0) return clean(source.isEdited ? text.replaceAll(/^#.*\n?/gm, '') : text)
  throw new GitFailure(
    'error: There is no editor for the commit message here.\nPlease supply the message using either -m or -F option.',
    1,
  )
}

/** The text of `-F`. */
export async function readMessageFile(context: GitContext, name: string): Promise<string> {
  if (name === '-') return new TextDecoder().decode(await readInput(context.host))
  const path = name.startsWith('/') ? name : `${context.cwd}/${name}`
  if (!context.host.fs.exists(path)) fatal(`could not read log file '${name}': No such file or directory`)
  return new TextDecoder().decode(context.host.fs.readFile(path))
}

/** Without trailing white space and surplus blank lines; comments stay, as nobody edited them in an editor. */
function clean(message: string): string {
  const lines = message.split('\n').map((line) => line.trimEnd())
  const text = lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/^\n+|\n+$/g, '')
  return text === '' ? '' : `${text}\n`
}

export function forgetMidway(repository: Repository): void {
  for (const name of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'SQUASH_MSG']) {
    repository.remove(name)
  }
}

/** `[main 1a2b3c4] Subject` and what changed; with the date where it is not that of the commit, unless it is said. */
export async function reportCommit(
  context: GitContext,
  oid: string,
  { withDate }: { withDate?: boolean } = {},
): Promise<void> {
  const repository = context.repository()
  const { parents, message, author, committer } = await repository.commit(oid)
  const where = repository.branch() ?? 'detached HEAD'
  const root = parents.length === 0 ? ' (root-commit)' : ''
  let text = `[${where}${root} ${oid.slice(0, 7)}] ${subjectOf(message)}\n`
  const isForeign = author.name !== committer.name || author.email !== committer.email
  if (isForeign) text += ` Author: ${author.name} <${author.email}>\n`
  const isLater = author.timestamp !== committer.timestamp
  if (withDate ?? isLater) text += ` Date: ${formatDate(author, 'default')}\n`
  if (parents.length < 2) {
    const changes = await detectRenames(
      repository,
      compareFiles(await repository.files(parents[0] ?? null), await repository.files(oid)),
    )
    text += shortstat(await countLines(repository, changes)) + formatSummary(changes)
  }
  context.out(text)
}
