import { encodeUtf8, fromLatin1, toLatin1 } from '@/lib/base'
import { splitLines } from '@/lib/workspace/diff'
import type { Change } from './changes'
import type { GitContext } from './context'
import { applyHunksTo, fits, type Hunk, readEdited, readHunks, showHunk, splitHunk } from './hunks'
import { createLineReader } from './line-reader'
import { createHeadings, patchHead } from './patch-text'
import { isBinary, type Repository } from './repository'
import { edit, findEditor } from './run-line'

/** What is asked: `Stage this hunk`, `Discard this hunk from worktree`. */
export interface Question {
  verb: 'Stage' | 'Unstage' | 'Stash' | 'Discard' | 'Apply'
  /** Where it happens: ` from worktree`. */
  place?: string
  /** The hunks are taken out of the newer side. */
  isReverse: boolean
  /** `a/` and `b/`, or the other way round when the diff is shown backwards. */
  prefixes?: [string, string]
}

/** One file's hunks that were chosen. */
export interface Choice {
  change: Change
  before: string[]
  after: string[]
  /** `mode` stands for the change of mode, `whole` for a file that comes or goes. */
  taken: (Hunk | 'mode' | 'whole')[]
}

/** A question of yes or no; the end of the input is a no. */
export type Ask = (text: string) => Promise<boolean>

interface Piece {
  hunk: Hunk | 'mode' | 'whole'
  use: boolean | null
}

/** Asks for each hunk of the changes as `git add -p` does; `take` is called for each file with a hunk chosen. */
export async function chooseHunks(
  context: GitContext,
  { changes, question }: { changes: readonly Change[]; question: Question },
  take: (choice: Choice, ask: Ask) => Promise<void>,
): Promise<number> {
  const repository = context.repository()
  const nextLine = createLineReader(context.host)
  const ask: Ask = async (text) => {
    for (;;) {
      context.out(text)
      const answer = await nextLine()
      if (answer === null || /^[yn]/i.test(answer)) return /^y/i.test(answer ?? '')
    }
  }
  const files: Choice[] = []
  for (const change of changes) {
    const texts = await Promise.all([change.before, change.after].map((entry) => bytesOf(repository, entry?.oid)))
    if (change.status === 'T' || texts.some(isBinary)) continue
    const [before = [], after = []] = texts.map((bytes) => splitLines(toLatin1(bytes)))
    files.push({ change, before, after, taken: [] })
  }
  if (files.length === 0) {
    const isNothing = changes.length === 0
    context.err(isNothing ? 'No changes.\n' : 'Only binary files changed.\n')
  }
  for (const file of files) {
    const { pieces, hasQuit } = await askAboutFile({ context, question, file, nextLine, ask })
    const taken = pieces.filter(({ use }) => use).map(({ hunk }) => hunk)
    if (taken.length > 0) await take({ ...file, taken }, ask)
    context.out('\n')
    if (hasQuit) break
  }
  return 0
}

const bytesOf = async (repository: Repository, oid: string | undefined) =>
  oid === undefined ? new Uint8Array() : repository.blob(oid)

/** The file that the choice makes of the one before (or after, taken out); null when it goes. */
export function resultOf({ change, before, after, taken }: Choice, isReverse: boolean) {
  const base = isReverse ? change.after : change.before
  const goal = isReverse ? change.before : change.after
  if (taken.includes('whole')) {
    return goal && { content: fromLatin1((isReverse ? before : after).join('')), mode: goal.mode }
  }
  const hunks = taken.filter((hunk) => typeof hunk !== 'string')
  const lines = applyHunksTo(isReverse ? after : before, hunks, isReverse)
  if (goal === null && lines.length === 0) return null
  const mode = (base === null || taken.includes('mode') ? goal?.mode : base.mode) ?? 0o100644
  return { content: fromLatin1(lines.join('')), mode }
}

interface Asking {
  context: GitContext
  question: Question
  file: Choice
  nextLine: () => Promise<string | null>
  ask: Ask
}

async function askAboutFile({ context, question, file, nextLine, ask }: Asking) {
  const { paint } = context
  const { change, before, after } = file
  const isDeletion = change.after === null
  const hasMode = change.before !== null && change.after !== null && change.before.mode !== change.after.mode
  const hunks = readHunks(before, after, createHeadings(before))
  const head = patchHead(change, hunks.length > 0, question.prefixes)
  const pieces: Piece[] = hunks.map((hunk) => ({ hunk, use: null }))
  if (isDeletion || hunks.length === 0) pieces.splice(0, pieces.length, { hunk: hasMode ? 'mode' : 'whole', use: null })
  else if (hasMode) pieces.unshift({ hunk: 'mode', use: null })
  // The head shows what is no piece of its own.
  const modeLines = head.filter((line) => /^(?:old|new) mode/.test(line))
  const [title = '', ...rest] = hasMode ? head.filter((line) => !modeLines.includes(line)) : head
  const show = (text: string) => context.host.stdout(fromLatin1(text))
  const bold = (lines: readonly string[]) => lines.map((line) => `${paint.bold(toLatin1(encodeUtf8(line)))}\n`).join('')
  const textOf = ({ hunk }: Piece) => {
    if (hunk === 'mode') return bold(modeLines)
    return hunk === 'whole' ? bold(rest) + hunks.map((one) => showHunk(one, paint)).join('') : showHunk(hunk, paint)
  }
  show(bold(pieces[0]?.hunk === 'whole' ? [title] : [title, ...rest]))

  let at = 0
  for (;;) {
    if (at >= pieces.length) at = 0
    const piece = pieces[at] as Piece
    const undecided = (from: number, to: number) => pieces.slice(from, to).map(({ use }) => use === null)
    const previous = undecided(0, at).lastIndexOf(true)
    const following = undecided(at + 1, pieces.length).indexOf(true)
    if (previous === -1 && following === -1 && piece.use !== null) return { pieces, hasQuit: false }
    show(textOf(piece))
    const parts = typeof piece.hunk === 'string' ? [] : splitHunk(piece.hunk)
    const allowed = [
      ...(previous === -1 ? [] : ['k']),
      ...(at === 0 ? [] : ['K']),
      ...(following === -1 ? [] : ['j']),
      ...(at + 1 < pieces.length ? ['J'] : []),
      ...(pieces.length > 1 ? ['g', '/'] : []),
      ...(parts.length > 1 ? ['s'] : []),
      ...(typeof piece.hunk === 'string' ? [] : ['e']),
    ]
    const noun =
      piece.hunk === 'mode'
        ? 'mode change'
        : isDeletion
          ? 'deletion'
          : change.before === null
            ? 'addition'
            : 'this hunk'
    const choices = ['y', 'n', 'q', 'a', 'd', ...allowed, '?'].join(',')
    const prompt = `(${at + 1}/${pieces.length}) ${question.verb} ${noun}${question.place ?? ''} [${choices}]? `
    context.out(paint.blue(prompt))
    const answer = await nextLine()
    if (answer === null) return { pieces, hasQuit: false }
    const key = answer[0] ?? ''
    const decide = (use: boolean) => {
      piece.use = use
      at = following === -1 ? pieces.length : at + 1 + following
    }
    const refuse = (text: string) => context.err(`${paint.red(text)}\n`)
    if (key === '') continue
    if (/[yn]/i.test(key)) decide(/y/i.test(key))
    else if (/[aqd]/i.test(key)) {
      for (const later of pieces.slice(at)) later.use ??= /a/i.test(key)
      if (/q/i.test(key)) return { pieces, hasQuit: true }
      at = pieces.length
    } else if (key === 'K' || key === 'k') {
      if (!allowed.includes(key)) refuse('No previous hunk')
      else at = key === 'K' ? at - 1 : previous
    } else if (key === 'J' || key === 'j') {
      if (!allowed.includes(key)) refuse('No next hunk')
      else at = key === 'J' ? at + 1 : at + 1 + following
    } else if (key === 'g') {
      if (!allowed.includes('g')) refuse('No other hunks to goto')
      else at = (await askForNumber({ context, nextLine, answer: answer.slice(1).trim(), pieces, refuse })) ?? at
    } else if (key === '/') {
      if (!allowed.includes('/')) refuse('No other hunks to search')
      else at = (await search({ context, nextLine, answer: answer.slice(1), pieces, at, textOf, refuse })) ?? at
    } else if (key === 's') {
      if (parts.length < 2) refuse('Sorry, cannot split this hunk')
      else {
        pieces.splice(at, 1, ...parts.map((hunk): Piece => ({ hunk, use: null })))
        context.out(`Split into ${parts.length} hunks.\n`)
      }
    } else if (key === 'e') {
      if (typeof piece.hunk === 'string') refuse('Sorry, cannot edit this hunk')
      else {
        const edited = await editHunk({ context, question, file, ask }, piece.hunk)
        if (edited) {
          piece.hunk = edited
          decide(true)
        }
      }
    } else context.out(paint.red(help(question, allowed)))
  }
}

const helpOf: Record<string, string> = {
  j: 'leave this hunk undecided, see next undecided hunk',
  J: 'leave this hunk undecided, see next hunk',
  k: 'leave this hunk undecided, see previous undecided hunk',
  K: 'leave this hunk undecided, see previous hunk',
  g: 'select a hunk to go to',
  '/': 'search for a hunk matching the given regex',
  s: 'split the current hunk into smaller hunks',
  e: 'manually edit the current hunk',
}

function help({ verb, place = '' }: Question, allowed: readonly string[]): string {
  const act = verb.toLowerCase()
  return [
    `y - ${act} this hunk${place}`,
    `n - do not ${act} this hunk${place}`,
    `q - quit; do not ${act} this hunk or any of the remaining ones`,
    `a - ${act} this hunk and all later hunks in the file`,
    `d - do not ${act} this hunk or any of the later hunks in the file`,
    ...Object.entries(helpOf).flatMap(([key, text]) => (allowed.includes(key) ? [`${key} - ${text}`] : [])),
    '? - print help\n',
  ].join('\n')
}

interface Going extends Pick<Asking, 'context' | 'nextLine'> {
  /** What stood behind the letter. */
  answer: string
  pieces: readonly Piece[]
  refuse(text: string): void
}

async function askForNumber({ context, nextLine, answer, pieces, refuse }: Going): Promise<number | null> {
  let word: string | null = answer
  while (word === '') {
    const rows = pieces.map(({ hunk, use }, index) => {
      const sign = use === null ? ' ' : use ? '+' : '-'
      return `${sign}${String(index + 1).padStart(2)}: ${summaryOf(hunk)}\n`
    })
    context.out(`${rows.join('')}go to which hunk? `)
    word = (await nextLine())?.trim() ?? null
  }
  if (word === null) return null
  if (!/^\d+$/.test(word)) refuse(`Invalid number: '${word}'`)
  else if (Number(word) > 0 && Number(word) <= pieces.length) return Number(word) - 1
  else refuse(`Sorry, only ${pieces.length} hunk${pieces.length === 1 ? '' : 's'} available.`)
  return null
}

function summaryOf(hunk: Piece['hunk']): string {
  if (typeof hunk === 'string') return ''
  const count = (but: string) => hunk.lines.filter(([sign]) => sign !== but).length
  const place = ` -${hunk.start + 1},${count('+')} +${hunk.newStart + 1},${count('-')} `
  const [sign = '', text = ''] = hunk.lines.find(([one]) => one !== ' ') ?? []
  return `${place.padEnd(20)}${sign}${text.trimEnd()}`.slice(0, 80)
}

interface Searching extends Going {
  at: number
  textOf(piece: Piece): string
}

async function search(searching: Searching): Promise<number | null> {
  const { context, nextLine, answer, pieces, at, textOf, refuse } = searching
  let word = answer
  if (word === '') {
    context.out('search for regex? ')
    word = (await nextLine()) ?? ''
    if (word === '') return null
  }
  let pattern: RegExp
  try {
    pattern = new RegExp(word, 'm')
  } catch (error) {
    refuse(`Malformed search regexp ${word}: ${error instanceof Error ? error.message : error}`)
    return null
  }
  for (let step = 0; step < pieces.length; step++) {
    const index = (at + step) % pieces.length
    if (pattern.test(textOf(pieces[index] as Piece))) return index
  }
  refuse('No hunk matches the given pattern')
  return null
}

const gerunds = { Stage: 'staging', Unstage: 'unstaging', Stash: 'stashing', Discard: 'discarding', Apply: 'applying' }

async function editHunk({ context, question, file, ask }: Omit<Asking, 'nextLine'>, hunk: Hunk): Promise<Hunk | null> {
  const editor = findEditor(context)
  if (editor === undefined) {
    context.err(
      'There is no editor to change the hunk with: split it (s), or set one that changes the file by itself, such as GIT_EDITOR="sed -i ...".\n',
    )
    return null
  }
  const plain = { red: String, green: String, cyan: String }
  const [minus, plus] = question.isReverse ? ['+', '-'] : ['-', '+']
  const guide = [
    '---',
    `To remove '${minus}' lines, make them ' ' lines (context).`,
    `To remove '${plus}' lines, delete them.`,
    'Lines starting with # will be removed.',
    `If the patch applies cleanly, the edited hunk will immediately be marked for ${gerunds[question.verb]}.`,
    'If it does not apply cleanly, you will be given an opportunity to',
    'edit again.  If all lines of the hunk are removed, then the edit is',
    'aborted and the hunk is left unchanged.',
  ]
  const name = 'addp-hunk-edit.diff'
  const note = (lines: readonly string[]) => lines.map((line) => `# ${line}\n`).join('')
  const repository = context.repository()
  const text = `${note(['Manual hunk edit mode -- see bottom for a quick guide.'])}${showHunk(hunk, plain)}${note(guide)}`
  repository.fs.writeFile(`${repository.gitdir}/${name}`, fromLatin1(text))
  for (;;) {
    await edit(context, editor, name)
    const written = toLatin1(repository.fs.readFile(`${repository.gitdir}/${name}`))
    const edited = readEdited(hunk, written.replaceAll(/^(?:#|@@ ).*\n?/gm, ''))
    if (!edited || fits(question.isReverse ? file.after : file.before, edited, question.isReverse)) return edited
    if (!(await ask('Your edited hunk does not apply. Edit again (saying "no" discards!) [y/n]? '))) return null
  }
}
