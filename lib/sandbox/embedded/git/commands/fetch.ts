import type { GitCommand, GitContext } from '../context'
import { fatal } from '../failure'
import { parseOptions } from '../options'
import { appendReflog } from '../reflog'
import {
  copyObjects,
  defaultRemote,
  formatRefLines,
  isAncestor,
  openRemote,
  type RefLine,
  type Remote,
  remoteUrls,
  shownPlace,
} from '../remotes'
import { comparePaths, type Repository } from '../repository'
import { trackedBy } from '../upstream'

export const fetchFlags = {
  '--all': [],
  '--prune': ['-p'],
  '--tags': ['-t'],
  '--no-tags': [],
  '--quiet': ['-q'],
  '--verbose': ['-v'],
  '--force': ['-f'],
} as const

export const fetch: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: { ...fetchFlags, '--unshallow': [], '--dry-run': [], '--multiple': [] },
    values: { '--depth': [] },
  })
  if (options.has('--dry-run')) fatal('--dry-run is not available here; git ls-remote shows what a remote has.')
  const [named, ...refspecs] = options.words
  const isAll = options.has('--all') || named === '--all'
  const names = isAll ? [...remoteUrls(context).keys()] : [named ?? defaultRemote(context)]
  for (const name of names) {
    if (name === null)
      fatal(
        'No remote repository specified.  Please, specify either a URL or a\nremote name from which new revisions should be fetched.',
      )
    await fetchFrom(context, openRemote(context, name), {
      refspecs,
      prunes: options.has('--prune') || context.config('fetch.prune') === 'true',
      withTags: !options.has('--no-tags'),
      isQuiet: options.has('--quiet'),
    })
  }
  return 0
}

export interface FetchOptions {
  refspecs: readonly string[]
  prunes: boolean
  withTags: boolean
  isQuiet: boolean
}

/** Brings the remote's commits here; answers those that were asked for, or that the current branch follows. */
export async function fetchFrom(context: GitContext, remote: Remote, options: FetchOptions): Promise<Fetched[]> {
  const repository = context.repository()
  const wanted = await wantedRefs(remote, options.refspecs)
  copyObjects(remote.repository, repository)
  const lines: RefLine[] = []
  for (const { ref, to, isForced } of wanted) {
    const name = shortRef(ref)
    if (to !== null) lines.push(...(await update(context, { ref: to, oid: await oidOf(remote, ref), name, isForced })))
    if (options.refspecs.length > 0 && remote.name !== null && ref.startsWith('refs/heads/')) {
      const own = `refs/remotes/${remote.name}/${name}`
      const moved = await update(context, { ref: own, oid: await oidOf(remote, ref), name, isForced: true })
      if (to === null) lines.push({ sign: '*', summary: 'branch', from: name, to: 'FETCH_HEAD' })
      lines.push(...moved)
    } else if (to === null)
      lines.push({ sign: '*', summary: ref.startsWith('refs/tags/') ? 'tag' : 'branch', from: name, to: 'FETCH_HEAD' })
  }
  if (options.withTags && remote.name !== null) lines.push(...(await bringTags(context, remote)))
  if (options.prunes && remote.name !== null) lines.unshift(...(await prune(repository, remote, remote.name)))
  const place = shownPlace(remote.url)
  if (lines.length > 0 && !options.isQuiet) context.err(`From ${place}\n${formatRefLines(lines, 10)}`)
  return noteFetched(context, { remote, wanted, place, isNamed: options.refspecs.length > 0 })
}

interface Wanted {
  ref: string
  /** The ref here; null for none but FETCH_HEAD. */
  to: string | null
  isForced: boolean
}

async function wantedRefs(remote: Remote, refspecs: readonly string[]): Promise<Wanted[]> {
  const { repository, name } = remote
  if (refspecs.length === 0) {
    if (name === null) return [{ ref: 'HEAD', to: null, isForced: false }]
    return (await repository.branches()).map((branch) => ({
      ref: `refs/heads/${branch}`,
      to: `refs/remotes/${name}/${branch}`,
      isForced: true,
    }))
  }
  return Promise.all(
    refspecs.map(async (refspec) => {
      const [, plus, from = '', to] = /^(\+?)([^:]+)(?::(.*))?$/.exec(refspec) ?? []
      const ref = await findRef(repository, from)
      if (ref === null) fatal(`couldn't find remote ref ${from}`)
      const target = to === undefined || to === '' ? null : to.startsWith('refs/') ? to : `refs/heads/${to}`
      return { ref, to: target, isForced: plus === '+' }
    }),
  )
}

async function findRef(repository: Repository, name: string): Promise<string | null> {
  if (name === 'HEAD') return name
  for (const ref of name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`])
    if ((await repository.ref(ref)) !== null) return ref
  return null
}

async function oidOf({ repository }: Remote, ref: string): Promise<string> {
  return (await repository.ref(ref)) ?? fatal(`couldn't find remote ref ${ref}`)
}

const shortRef = (ref: string) => ref.replace(/^refs\/(?:heads|tags|remotes)\//, '')

interface RefUpdate {
  ref: string
  oid: string
  /** What the remote calls it. */
  name: string
  isForced: boolean
}

async function update(context: GitContext, { ref, oid, name, isForced }: RefUpdate): Promise<RefLine[]> {
  const repository = context.repository()
  const before = await repository.ref(ref)
  if (before === oid) return []
  const to = shortRef(ref)
  const isForward = before !== null && (await isAncestor(repository, before, oid))
  if (before !== null && !isForward && !isForced)
    return [{ sign: '!', summary: '[rejected]', from: name, to, note: 'non-fast-forward' }]
  await repository.writeRef(ref, oid)
  const how = before === null ? 'storing head' : isForward ? 'fast-forward' : 'forced-update'
  appendReflog(repository, [ref], {
    before,
    after: oid,
    message: `fetch: ${how}`,
    identity: context.identity('committer'),
  })
  if (before === null) return [{ sign: '*', summary: '[new branch]', from: name, to }]
  const [old, now] = [before.slice(0, 7), oid.slice(0, 7)]
  return isForward
    ? [{ sign: ' ', summary: `${old}..${now}`, from: name, to }]
    : [{ sign: '+', summary: `${old}...${now}`, from: name, to, note: 'forced update' }]
}

/** Tags that are not here yet. */
async function bringTags(context: GitContext, { repository: theirs }: Remote): Promise<RefLine[]> {
  const ours = context.repository()
  const lines: RefLine[] = []
  for (const tag of await theirs.tags()) {
    const oid = await theirs.ref(`refs/tags/${tag}`)
    if (oid === null || (await ours.ref(`refs/tags/${tag}`)) !== null) continue
    await ours.writeRef(`refs/tags/${tag}`, oid)
    lines.push({ sign: '*', summary: '[new tag]', from: tag, to: tag })
  }
  return lines
}

async function prune(repository: Repository, remote: Remote, name: string): Promise<RefLine[]> {
  const there = await remote.repository.branches()
  const gone = (await repository.remoteBranches(name)).filter((branch) => branch !== 'HEAD' && !there.includes(branch))
  for (const branch of gone) await repository.deleteRef(`refs/remotes/${name}/${branch}`)
  return gone.map((branch) => ({ sign: '-', summary: '[deleted]', from: '(none)', to: `${name}/${branch}` }))
}

export interface Fetched {
  oid: string
  /** `branch 'main' of ../other`, as merges name it. */
  label: string
}

async function noteFetched(
  context: GitContext,
  { remote, wanted, place, isNamed }: { remote: Remote; wanted: readonly Wanted[]; place: string; isNamed: boolean },
): Promise<Fetched[]> {
  const repository = context.repository()
  const followed = trackedBy(context, repository.branch())
  const rows = await Promise.all(
    wanted.map(async ({ ref }) => {
      const name = shortRef(ref)
      const kind = ref.startsWith('refs/tags/') ? 'tag' : 'branch'
      const isTaken = isNamed || ref === 'HEAD' || (followed?.remote === remote.name && followed?.branch === name)
      return { oid: await oidOf(remote, ref), label: ref === 'HEAD' ? place : `${kind} '${name}' of ${place}`, isTaken }
    }),
  )
  rows.sort((a, b) => Number(b.isTaken) - Number(a.isTaken) || comparePaths(a.label, b.label))
  const text = rows.map(({ oid, label, isTaken }) => `${oid}\t${isTaken ? '' : 'not-for-merge'}\t${label}\n`)
  repository.writeText('FETCH_HEAD', text.join(''))
  return rows.filter(({ isTaken }) => isTaken)
}
