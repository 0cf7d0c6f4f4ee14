import { encodeUtf8, joinBytes } from '@/lib/base'
import { countLines } from '../changes'
import type { GitCommand } from '../context'
import { formatDate } from '../dates'
import { fatal } from '../failure'
import { bodyOf, encodeHeader } from '../mail-text'
import { subjectOf } from '../move-head'
import { parseOptions } from '../options'
import { createPaint } from '../paint'
import { formatChanges, formatStat, formatSummary } from '../patch-text'
import type { Commit, Repository } from '../repository'
import { parseRange, requireCommit } from '../revision'
import { gitVersion } from '../version'
import { plainCommits } from './cherry'
import { changesOf } from './log'

/** One file for each commit, as mails that `git am` takes. */
export const formatPatch: GitCommand = async (context) => {
  const options = parseOptions(
    context.args.map((word) => word.replace(/^-(\d+)$/, '--max-count=$1')),
    {
      flags: {
        '--stdout': [],
        '--root': [],
        '--numbered': ['-n'],
        '--no-numbered': ['-N'],
        '--keep-subject': ['-k'],
        '--no-signature': [],
        '--signoff': ['-s'],
        '--no-stat': ['-p'],
        '--quiet': ['-q'],
      },
      values: {
        '--output-directory': ['-o'],
        '--max-count': [],
        '--subject-prefix': [],
        '--start-number': [],
        '--signature': [],
        '--reroll-count': ['-v'],
      },
    },
  )
  const repository = context.repository()
  const count = options.value('--max-count')
  const commits = await chosenCommits(repository, options.words, {
    isRoot: options.has('--root'),
    count: count === undefined ? null : Number(count),
  })
  const first = Number(options.value('--start-number') ?? 1)
  const last = first + commits.length - 1
  const isNumbered = !options.has('--no-numbered') && (options.has('--numbered') || commits.length > 1)
  const reroll = options.value('--reroll-count')
  const kind = [options.value('--subject-prefix') ?? 'PATCH', ...(reroll ? [`v${reroll}`] : [])].join(' ')
  const signature = options.has('--no-signature') ? null : (options.value('--signature') ?? gitVersion)
  const signer = options.has('--signoff') ? context.identity('committer') : null
  const folder = options.value('--output-directory')
  for (const [index, commit] of commits.entries()) {
    const number = first + index
    const numbers = isNumbered ? ` ${String(number).padStart(String(last).length, '0')}/${last}` : ''
    const mail = await mailOf(repository, commit, {
      prefix: options.has('--keep-subject') ? '' : `[${kind}${numbers}] `,
      trailer: signer ? `\nSigned-off-by: ${signer.name} <${signer.email}>\n` : '',
      hasStat: !options.has('--no-stat'),
      signature,
    })
    if (options.has('--stdout')) context.host.stdout(index === 0 ? mail : joinBytes([encodeUtf8('\n'), mail]))
    else {
      const start = `${reroll ? `v${reroll}-` : ''}${String(number).padStart(4, '0')}-`
      const name = `${(start + fileNameOf(commit)).slice(0, maxName).replace(/[-.]+$/, '')}.patch`
      const shown = folder === undefined ? name : `${folder.replace(/\/$/, '')}/${name}`
      const path = shown.startsWith('/') ? shown : `${context.cwd}/${shown}`
      repository.fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true })
      repository.fs.writeFile(path, mail)
      if (!options.has('--quiet')) context.out(`${shown}\n`)
    }
  }
  return 0
}

/** `main` means what HEAD has more than main, `-2` the last two, `a..b` a range; the oldest first. */
async function chosenCommits(
  repository: Repository,
  words: readonly string[],
  { isRoot, count }: { isRoot: boolean; count: number | null },
): Promise<Commit[]> {
  const [
    word = count === null && !isRoot ? fatal('which commits? git format-patch main, or -1 for the last one') : 'HEAD',
  ] = words
  const range = word.includes('..') ? await parseRange(repository, [word]) : null
  const isTip = range === null && (count !== null || isRoot)
  const include = range?.include[0] ?? (await requireCommit(repository, isTip ? word : 'HEAD'))
  const exclude = range ? (range.exclude[0] ?? null) : isTip ? null : await requireCommit(repository, word)
  return (await plainCommits(repository, include, exclude)).slice(0, count ?? undefined).reverse()
}

const maxName = 57

/** The subject as part of a file's name. */
function fileNameOf({ message }: Commit): string {
  const plain = subjectOf(message)
    .replaceAll(/[^\w.]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
  return plain
    .replace(/^-/, '')
    .slice(0, 52)
    .replace(/[-.]+$/, '')
}

interface MailStyle {
  prefix: string
  trailer: string
  hasStat: boolean
  signature: string | null
}

async function mailOf(repository: Repository, commit: Commit, style: MailStyle): Promise<Uint8Array> {
  const { author, message, oid } = commit
  const body = bodyOf(message) + style.trailer
  const changes = await changesOf(repository, commit, null)
  const paint = createPaint(false)
  const stat = formatStat(await countLines(repository, changes), { width: 72, paint }) + formatSummary(changes)
  const patch = await formatChanges(repository, changes, { format: 'patch', context: 3, width: 72, paint })
  const isPlain = /^[\0-\x7f]*$/.test(body + message)
  const lines = [
    `From ${oid} Mon Sep 17 00:00:00 2001`,
    `From: ${encodeHeader('From: ', author.name)} <${author.email}>`,
    `Date: ${formatDate(author, 'rfc')}`,
    `Subject: ${encodeHeader('Subject: ', style.prefix + subjectOf(message), style.prefix.length)}`,
    ...(isPlain
      ? []
      : ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=UTF-8', 'Content-Transfer-Encoding: 8bit']),
    '',
    ...(body === '' ? [] : [body.replace(/\n$/, '')]),
    ...(style.hasStat ? ['---', stat] : ['']),
  ]
  const end = style.signature === null ? '' : `-- \n${style.signature}\n\n`
  return encodeUtf8(`${lines.join('\n')}${style.hasStat ? '\n' : ''}${patch}${end}`)
}
