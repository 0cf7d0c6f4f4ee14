import { joinPath } from '@/lib/base'
import type { GitContext } from './context'
import { GitFailure } from './failure'
import { Repository } from './repository'

/** A repository that commits are brought from or to. */
export interface Remote {
  /** `origin`; null for one that is named by its place. */
  name: string | null
  /** As the settings or the command line have it. */
  url: string
  repository: Repository
}

/** The URL of each remote that the settings know. */
export function remoteUrls({ configEntries }: GitContext): Map<string, string> {
  return new Map(
    configEntries.flatMap(({ key, value }) => {
      const name = /^remote\.(.+)\.url$/.exec(key)?.[1]
      return name === undefined ? [] : [[name, value] as const]
    }),
  )
}

/** Opens a remote by its name, or by the place of another repository in the sandbox. */
export function openRemote(context: GitContext, word: string): Remote {
  const known = remoteUrls(context).get(word)
  const url = known ?? word
  const isPlace = known !== undefined || /[/.]/.test(word) || isFolder(context, word)
  if (!isPlace) throw unreadable(`fatal: '${word}' does not appear to be a git repository`)
  const base = known === undefined ? context.cwd : context.repository().root
  return { name: known === undefined ? null : word, url, repository: openPlace(context, url, base) }
}

/** The repository at a place; a sentence when it is somewhere else than in the sandbox. */
export function openPlace(context: GitContext, url: string, base: string): Repository {
  assertLocal(url)
  const path = pathOf(url, base)
  const { fs } = context.host
  for (const place of [path, `${path}.git`]) {
    if (fs.exists(`${place}/.git/HEAD`)) return new Repository(fs, place)
    if (fs.exists(`${place}/HEAD`) && fs.exists(`${place}/objects`)) return new Repository(fs, place, place)
  }
  throw unreadable(`fatal: '${url}' does not appear to be a git repository`)
}

export const pathOf = (url: string, base: string) => {
  const path = url.replace(/^file:\/\//, '')
  return `/${joinPath(path.startsWith('/') ? path : `${base}/${path}`) ?? ''}`
}

function isFolder({ host: { fs }, cwd }: GitContext, word: string): boolean {
  return fs.exists(`${cwd}/${word}`)
}

/** Over the network nothing goes. */
export function assertLocal(url: string): void {
  const isElsewhere = (/^[a-z][a-z\d+.-]*:\/\//i.test(url) && !url.startsWith('file://')) || /^[^/]+:(?!\\)/.test(url)
  if (!isElsewhere || url.startsWith('file://')) return
  throw new GitFailure(
    `fatal: unable to access '${url}': the sandbox has no network.\nhint: Repositories in the sandbox work: git clone ../other, git remote add origin ../other.git\nhint: To take the commits along: tar czf repository.tgz .git, then download that file.`,
  )
}

function unreadable(first: string): GitFailure {
  return new GitFailure(
    `${first}\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.`,
  )
}

/** The remote that a command means when none is named. */
export function defaultRemote(context: GitContext): string | null {
  const branch = context.repository().branch()
  const names = [...remoteUrls(context).keys()]
  const followed = branch === null ? undefined : context.config(`branch.${branch}.remote`)
  return followed ?? (names.length === 1 ? (names[0] ?? null) : names.includes('origin') ? 'origin' : null)
}

/** Brings all objects of one repository to another. */
export function copyObjects(from: Repository, to: Repository): void {
  const { fs } = from
  walk('objects')

  function walk(folder: string): void {
    if (!fs.exists(`${from.gitdir}/${folder}`)) return
    for (const name of fs.readdir(`${from.gitdir}/${folder}`)) {
      const path = `${folder}/${name}`
      if (fs.stat(`${from.gitdir}/${path}`).kind === 'directory') walk(path)
      else if (!fs.exists(`${to.gitdir}/${path}`) && !path.startsWith('objects/info/')) {
        fs.mkdir(`${to.gitdir}/${folder}`, { recursive: true })
        fs.writeFile(`${to.gitdir}/${path}`, fs.readFile(`${from.gitdir}/${path}`))
      }
    }
  }
}

/** What a place is called in messages: without the `.git` at its end. */
export const shownPlace = (url: string) => url.replace(/\/+$/, '').replace(/(?<=.)\/?\.git$/, '')

export interface RefLine {
  sign: ' ' | '*' | '+' | '-' | '!' | '='
  summary: string
  from: string
  to: string
  note?: string
}

/** The lines in which `fetch` and `push` tell what became of each ref. */
export function formatRefLines(lines: readonly RefLine[], minimum: number): string {
  const width = Math.max(minimum, ...lines.map(({ from }) => from.length))
  return lines
    .map(({ sign, summary, from, to, note }) => {
      const name = minimum > 0 ? from.padEnd(width) : from
      const target = to === '' ? from : `${name} -> ${to}`
      return ` ${sign} ${summary.padEnd(17)} ${target}${note === undefined ? '' : ` (${note})`}\n`
    })
    .join('')
}

export async function isAncestor(repository: Repository, older: string, newer: string): Promise<boolean> {
  return older === newer || (await repository.mergeBase(older, newer)) === older
}

export async function hasObject(repository: Repository, oid: string): Promise<boolean> {
  try {
    await repository.objectType(oid)
    return true
  } catch {
    return false
  }
}
