import { splitLines } from './diff'
import type { FileData } from './files'
import type { ReviewEntry, ReviewFile } from './review-entries'
import { alignAgents, type ReviewHunk, replaceInAfter, replaceInBefore } from './review-hunks'
import type { Judged } from './review-judgement'
import { fileOutcome, hunkOutcome, outcomeId, type ReviewOutcome } from './review-outcomes'

/** A file under review, as it stands. */
export interface Subject {
  file: ReviewFile
  entry: ReviewEntry
  data: FileData | null
}

/** What a keep, an undo or an edit comes to. `left` are files that were not judged. */
export type Verdict =
  | { ok: true; label: string; files: readonly Judged[]; outcomes: readonly ReviewOutcome[]; left: readonly string[] }
  | { ok: false; reason: string }

export function keepHunk(subject: Subject, hunk: ReviewHunk): Verdict {
  const { path, before, after } = subject.file
  return {
    ok: true,
    label: `Keep a change in ${path}`,
    files: [judged(subject, { before: replaceInBefore(before, hunk, hunk.added), after })],
    outcomes: [hunkOutcome(path, hunk, { outcome: 'kept', lines: hunk.added })],
    left: [],
  }
}

export function undoHunk(subject: Subject, hunk: ReviewHunk): Verdict {
  const { path, before, after } = subject.file
  if (hunk.isShared) return { ok: false, reason: sharedReason(subject.file, hunk) }
  return {
    ok: true,
    label: `Undo a change in ${path}`,
    files: [judged(subject, { before, after: replaceInAfter(after, hunk, hunk.removed) })],
    outcomes: [hunkOutcome(path, hunk, { outcome: 'undone', lines: hunk.removed })],
    left: [],
  }
}

/** Other lines in the hunk's place, on both sides. */
export function editHunk(subject: Subject, hunk: ReviewHunk, text: string): Verdict {
  const { path, before, after } = subject.file
  const isLast = hunk.afterEnd === splitLines(after).length
  const lines = splitLines(text === '' || text.endsWith('\n') || isLast ? text : `${text}\n`)
  const sides = { before: replaceInBefore(before, hunk, lines), after: replaceInAfter(after, hunk, lines) }
  return {
    ok: true,
    label: `Edit a change in ${path}`,
    files: [judged(subject, sides)],
    outcomes: [hunkOutcome(path, hunk, { outcome: 'edited', lines })],
    left: [],
  }
}

/** `commented`: outcomes that wait, so that comments keep their place. */
export function keepFiles(
  subjects: readonly Subject[],
  commented: readonly ReviewOutcome[],
  left: readonly string[],
): Verdict {
  return {
    ok: true,
    label: `Keep ${named(subjects)}`,
    files: subjects.map(({ file, entry, data }) => ({
      path: file.path,
      dataBefore: data,
      dataAfter: data,
      entryBefore: entry,
      entryAfter: null,
    })),
    outcomes: subjects.flatMap(({ file }) => [
      ...commentedHunks(file, commented).map((hunk) =>
        hunkOutcome(file.path, hunk, { outcome: 'kept', lines: hunk.added }),
      ),
      fileOutcome(file.path, 'kept'),
    ]),
    left,
  }
}

/** What the user typed in the agent's lines is never taken along: such hunks, and files without hunks, stay. */
export function undoFiles(subjects: readonly Subject[], commented: readonly ReviewOutcome[]): Verdict {
  const left = subjects.filter(({ file }) => file.isShared)
  const undone = subjects.flatMap((subject) => undoFile(subject, commented))
  if (undone.length === 0 && left[0]) return { ok: false, reason: sharedReason(left[0].file) }
  return {
    ok: true,
    label: `Undo ${named(subjects)}`,
    files: undone.map((each) => each.judged),
    outcomes: undone.flatMap((each) => each.outcomes),
    left: left.map(({ file }) => file.path),
  }
}

function undoFile(
  subject: Subject,
  commented: readonly ReviewOutcome[],
): { judged: Judged; outcomes: ReviewOutcome[] }[] {
  const { file, entry, data } = subject
  const outcomesOf = (hunks: readonly ReviewHunk[]) =>
    hunks.map((hunk) => hunkOutcome(file.path, hunk, { outcome: 'undone', lines: hunk.removed }))
  if (!file.isShared) {
    const whole = { path: file.path, dataBefore: data, dataAfter: entry.baseline, entryBefore: entry, entryAfter: null }
    const outcomes = [...outcomesOf(commentedHunks(file, commented)), fileOutcome(file.path, 'undone')]
    return [{ judged: whole, outcomes }]
  }
  const open = file.hunks.filter(({ isShared }) => !isShared)
  if (open.length === 0) return []
  const after = open.reduceRight((text, hunk) => replaceInAfter(text, hunk, hunk.removed), file.after)
  return [{ judged: judged(subject, { before: file.before, after }), outcomes: outcomesOf(open) }]
}

/** A file of which some hunks have become one on both sides. */
function judged({ file, entry, data }: Subject, sides: { before: string; after: string }): Judged {
  const isNew = entry.baseline === null
  const dataAfter = sides.after === file.after ? data : isNew && sides.after === '' ? null : sides.after
  const known = { path: file.path, dataBefore: data, dataAfter, entryBefore: entry }
  if (sides.before === sides.after) return { ...known, entryAfter: null }
  const agents = typeof entry.agents === 'string' ? entry.agents : sides.after
  const baseline = isNew && sides.before === '' ? null : sides.before
  return { ...known, entryAfter: { baseline, agents: alignAgents(sides.before, sides.after, agents) } }
}

function commentedHunks(file: ReviewFile, outcomes: readonly ReviewOutcome[]): ReviewHunk[] {
  const ids = new Set(outcomes.map(({ id }) => id))
  return file.hunks.filter(({ id }) => ids.has(outcomeId(file.path, id)))
}

function named(subjects: readonly Subject[]): string {
  return subjects.length === 1 ? `the changes in ${subjects[0]?.file.path}` : 'the agent’s changes'
}

function sharedReason({ path, kind }: ReviewFile, hunk?: ReviewHunk): string {
  if (kind === 'add') return `You have changed ${path} since the agent made it. Delete it if you do not want it.`
  const at = hunk ? ` at line ${hunk.afterStart + 1}` : ''
  return `You have changed the agent’s lines in ${path}${at} since, and undoing would lose what you wrote. Change them by hand, or keep them.`
}
