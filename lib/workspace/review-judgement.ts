import { type FileData, sameData } from './files'
import { revertData } from './revert'
import type { ReviewEntry } from './review-entries'
import type { ReviewOutcome } from './review-outcomes'
import type { Edit } from './workspace'

/** What a judgement did to one file: to its content, and to what is under review. */
export interface Judged {
  path: string
  dataBefore: FileData | null
  dataAfter: FileData | null
  entryBefore: ReviewEntry
  /** Null: nothing of it is under review any more. */
  entryAfter: ReviewEntry | null
}

/** A keep, an undo or an edit, such that it can be taken back. */
export interface Judgement {
  label: string
  files: readonly Judged[]
  outcomes: readonly ReviewOutcome[]
  /** What waited to be told when it was made. */
  outcomesBefore: readonly ReviewOutcome[]
}

interface Standing {
  data: FileData | null
  entry: ReviewEntry
}

/** Whether an undo of the project's own has just done what taking the judgement back would do to the files. */
export function isInverse({ origin, changes }: Edit, { files }: Judgement): boolean {
  const changed = files.filter(({ dataBefore, dataAfter }) => !sameData(dataBefore, dataAfter))
  return (
    origin === 'undo' &&
    changed.length > 0 &&
    changed.length === changes.length &&
    changed.every(({ path, dataBefore, dataAfter }) =>
      changes.some(
        (each) => each.path === path && sameData(each.before, dataAfter) && sameData(each.after, dataBefore),
      ),
    )
  )
}

/** The files as if the judgement had not been, with all that happened since; null when that cannot be told apart. */
export function reopened(
  files: readonly Judged[],
  now: (judged: Judged) => Standing,
): (Standing & { path: string })[] | null {
  const open: (Standing & { path: string })[] = []
  for (const judged of files) {
    const { path, dataBefore, dataAfter, entryBefore, entryAfter } = judged
    const { data, entry } = now(judged)
    const settled = entryAfter ?? { baseline: dataAfter, agents: dataAfter }
    const before = withoutStep(data, dataAfter, dataBefore)
    const baseline = withoutStep(entry.baseline, settled.baseline, entryBefore.baseline)
    const agents = withoutStep(entry.agents, settled.agents, entryBefore.agents)
    if (before === undefined || baseline === undefined || agents === undefined) return null
    open.push({ path, data: before, entry: { baseline, agents } })
  }
  return open
}

function withoutStep(
  now: FileData | null,
  after: FileData | null,
  before: FileData | null,
): FileData | null | undefined {
  return sameData(after, before) ? now : revertData(now, before, after)
}
