import { formatDate } from './dates'
import { subjectOf } from './move-head'
import type { Paint } from './paint'
import { formatIdentity } from './reflog'
import type { Commit, Repository } from './repository'

export interface CommitTextOptions {
  /** `oneline`, `short`, `medium`, `full`, `fuller`, `raw`, or `format:…`. */
  format: string
  dateStyle: string
  isAbbreviated: boolean
  /** Oid → names such as `HEAD -> main` and `tag: v1`; empty when not wanted. */
  decorations: ReadonlyMap<string, readonly string[]>
  paint: Paint
}

export function formatCommit(commit: Commit, options: CommitTextOptions): string {
  const { format, paint, isAbbreviated, dateStyle } = options
  const oid = isAbbreviated ? commit.oid.slice(0, 7) : commit.oid
  const names = decorate(options, commit.oid)
  const subject = subjectOf(commit.message)
  if (format === 'oneline') return `${paint.yellow(oid)}${names} ${subject}`
  const custom = /^t?format:([\s\S]*)$/.exec(format)
  if (custom) return expand(custom[1] ?? '', commit, options)
  const lines = [`${paint.yellow(`commit ${oid}`)}${names}`]
  if (commit.parents.length > 1) lines.push(`Merge: ${commit.parents.map((parent) => parent.slice(0, 7)).join(' ')}`)
  const { author, committer } = commit
  if (format === 'raw') {
    const parents = commit.parents.map((parent) => `parent ${parent}`)
    const head = [`${paint.yellow(`commit ${commit.oid}`)}${names}`, `tree ${commit.tree}`, ...parents]
    const people = [`author ${formatIdentity(author)}`, `committer ${formatIdentity(committer)}`]
    return [...head, ...people, '', ...indent(commit.message.trimEnd())].join('\n')
  }
  const person = (label: string, { name, email }: Commit['author']) => `${label}${name} <${email}>`
  if (format === 'fuller') {
    lines.push(person('Author:     ', author), `AuthorDate: ${formatDate(author, dateStyle)}`)
    lines.push(person('Commit:     ', committer), `CommitDate: ${formatDate(committer, dateStyle)}`)
  } else {
    lines.push(person('Author: ', author))
    if (format === 'full') lines.push(person('Commit: ', committer))
    if (format === 'medium') lines.push(`Date:   ${formatDate(author, dateStyle)}`)
  }
  const body = format === 'short' ? subject : commit.message.trimEnd()
  return [...lines, '', ...indent(body)].join('\n')
}

const indent = (text: string) => text.split('\n').map((line) => `    ${withoutTabs(line)}`)

/** Columns stay where they are, whatever stands before them. */
const withoutTabs = (line: string) =>
  line.replaceAll(/([^\t]*)\t/g, (_whole, text: string) => text.padEnd((Math.floor(text.length / 8) + 1) * 8))

function decorate({ decorations, paint }: CommitTextOptions, oid: string): string {
  const names = decorations.get(oid) ?? []
  return names.length === 0 ? '' : ` ${paint.yellow('(')}${names.join(', ')}${paint.yellow(')')}`
}

function expand(template: string, commit: Commit, options: CommitTextOptions): string {
  const { author, committer, oid, tree, parents, message } = commit
  const names = options.decorations.get(oid) ?? []
  const body = message
    .trimEnd()
    .split(/\n\s*\n/)
    .slice(1)
    .join('\n\n')
  const person = (who: Commit['author']): Record<string, string> => ({
    n: who.name,
    e: who.email,
    l: who.email.split('@')[0] ?? '',
    d: formatDate(who, options.dateStyle),
    D: formatDate(who, 'rfc'),
    r: formatDate(who, 'relative'),
    t: String(who.timestamp),
    i: formatDate(who, 'iso'),
    I: formatDate(who, 'iso-strict'),
    s: formatDate(who, 'short'),
  })
  const simple: Record<string, string> = {
    H: oid,
    h: oid.slice(0, 7),
    T: tree,
    t: tree.slice(0, 7),
    P: parents.join(' '),
    p: parents.map((parent) => parent.slice(0, 7)).join(' '),
    s: subjectOf(message),
    f: subjectOf(message).replaceAll(/[^\w.]+/g, '-'),
    b: body === '' ? '' : `${body}\n`,
    B: message,
    d: names.length > 0 ? ` (${names.join(', ')})` : '',
    D: names.join(', '),
    n: '\n',
    '%': '%',
  }
  const colors: Record<string, string> = { red: '31', green: '32', yellow: '33', blue: '34', cyan: '36', reset: '' }
  return template.replaceAll(
    /%(?:x([0-9a-f]{2})|C\(?(?:auto|bold )*(\w*)\)?|a([a-zA-Z])|c([a-zA-Z])|(.))/g,
    (whole, hex: string, color: string, a: string, c: string, other: string) => {
      if (hex) return String.fromCharCode(Number.parseInt(hex, 16))
      if (color !== undefined) return options.paint.red('x') === 'x' ? '' : `\x1b[${colors[color] ?? ''}m`
      if (a) return person(author)[a] ?? whole
      if (c) return person(committer)[c] ?? whole
      return simple[other] ?? whole
    },
  )
}

/** Branches, tags and HEAD by the commit they stand on. */
export async function readDecorations(repository: Repository, paint: Paint): Promise<Map<string, string[]>> {
  const decorations = new Map<string, string[]>()
  const note = (oid: string | null, name: string, isFirst = false) => {
    if (oid === null) return
    const names = decorations.get(oid) ?? []
    if (isFirst) names.unshift(name)
    else names.push(name)
    decorations.set(oid, names)
  }
  for (const tag of (await repository.tags()).toReversed()) {
    const oid = await repository.ref(`refs/tags/${tag}`)
    const isTag = oid !== null && (await repository.objectType(oid)) === 'tag'
    note(isTag ? (await repository.readTag(oid)).object : oid, paint.yellow(`tag: ${tag}`))
  }
  for (const branch of (await repository.refs('refs/remotes')).toReversed())
    note(await repository.ref(`refs/remotes/${branch}`), paint.red(branch))
  const current = repository.branch()
  for (const branch of (await repository.branches()).toReversed()) {
    if (branch !== current) note(await repository.ref(`refs/heads/${branch}`), paint.green(branch))
  }
  const head = await repository.head()
  note(head, current === null ? paint.cyan('HEAD') : `${paint.cyan('HEAD -> ')}${paint.green(current)}`, true)
  return decorations
}
