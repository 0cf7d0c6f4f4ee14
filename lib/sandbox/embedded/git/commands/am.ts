import { applyChanges, readFileChanges, writeChanges } from '../apply-patch'
import { compareFiles } from '../changes'
import { type GitCommand, type GitContext, parseDate } from '../context'
import { fail, fatal, GitFailure } from '../failure'
import { readIndex } from '../index-file'
import { type PatchMail, readMails } from '../mail-text'
import { moveHead } from '../move-head'
import { parseOptions } from '../options'
import { indexFiles, readTracked } from '../working-tree'
import { readPatch, stageResults } from './apply'

/** Makes a commit of each mail that `git format-patch` has written. */
export const am: GitCommand = async (context) => {
  const options = parseOptions(context.args, {
    flags: {
      '--signoff': ['-s'],
      '--quiet': ['-q'],
      '--3way': ['-3'],
      '--abort': [],
      '--continue': ['-r', '--resolved'],
      '--skip': [],
      '--quit': [],
    },
  })
  if (['--abort', '--continue', '--skip', '--quit'].some((name) => options.has(name)))
    fatal('Resolve operation not in progress, we are not resuming.')
  if (options.has('--3way'))
    fatal('--3way is not available here; git cherry-pick merges a commit that is in this repository')
  const repository = context.repository()
  const words = [...options.words, ...(options.paths ?? [])]
  const names = words.length > 0 ? words : ['-']
  const boxes = await Promise.all(names.map((name) => readPatch(context.host, context.cwd, name)))
  const mails = boxes.flatMap(readMails)
  if (mails.length === 0) fatal('Patch format detection failed.')
  const index = readIndex(repository)
  const committed = await repository.files(await repository.head())
  const staged = compareFiles(committed, indexFiles(index))
  if (staged.length > 0)
    fail(`your index has changes that are not committed: ${staged.map(({ path }) => path).join(', ')}`, 128)
  for (const [number, mail] of mails.entries()) {
    if (!options.has('--quiet')) context.out(`Applying: ${mail.subject}\n`)
    await applyMail(context, { mail, number: number + 1, isSigned: options.has('--signoff') })
  }
  return 0
}

interface Mailed {
  mail: PatchMail
  number: number
  isSigned: boolean
}

async function applyMail(context: GitContext, { mail, number, isSigned }: Mailed): Promise<void> {
  const repository = context.repository()
  const { fs, root } = repository
  const changes = readFileChanges(mail.patch)
  const { results, problems } = applyChanges(fs, root, changes)
  const index = readIndex(repository)
  const tracked = await readTracked(repository, index)
  for (const path of results.keys())
    if (index.entries.get(path)?.oid !== tracked.get(path)?.oid) problems.push(`error: ${path}: does not match index`)
  if (changes.length === 0) problems.push('error: the mail holds no patch')
  if (problems.length > 0) {
    context.err(`${problems.join('\n')}\n`)
    const before = number > 1 ? `The ${number - 1} before it ${number === 2 ? 'is' : 'are'} committed. ` : ''
    context.out(`Patch failed at ${String(number).padStart(4, '0')} ${mail.subject}\n`)
    throw new GitFailure(
      `hint: ${before}Nothing of this one was applied, and nothing waits to be continued:\nhint: mend the patch or the files, then git am the rest.`,
    )
  }
  writeChanges(fs, root, results)
  await stageResults(repository, root, results)
  const head = await repository.head()
  const committer = context.identity('committer')
  const { name, email, date, subject, body } = mail
  const signed = isSigned ? `\nSigned-off-by: ${committer.name} <${committer.email}>\n` : ''
  const oid = await repository.writeCommit({
    tree: await repository.writeTree(indexFiles(readIndex(repository))),
    parents: head === null ? [] : [head],
    author: { name, email, ...parseMailDate(date) },
    committer,
    message: `${subject}\n${body === '' ? '' : `\n${body}`}${signed}`,
  })
  await moveHead(context, oid, `am: ${subject}`)
}

/** The time zone of a mail's date is kept. */
function parseMailDate(text: string) {
  const zone = /([+-])(\d\d)(\d\d)\s*$/.exec(text)
  const seconds = Date.parse(text) / 1000
  return Number.isNaN(seconds)
    ? parseDate(undefined)
    : parseDate(`${seconds} ${zone ? `${zone[1]}${zone[2]}${zone[3]}` : '+0000'}`)
}
