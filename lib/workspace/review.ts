import { createStore, type StoreApi } from '@/lib/base'
import { type FileData, sameData } from './files'
import {
  parseEntries,
  type ReviewEntries,
  type ReviewEntry,
  type ReviewFile,
  recordEdit,
  toReviewFile,
} from './review-entries'
import type { ReviewHunk } from './review-hunks'
import { isInverse, type Judged, type Judgement, reopened } from './review-judgement'
import { editHunk, keepFiles, keepHunk, type Subject, undoFiles, undoHunk, type Verdict } from './review-judging'
import { withKeys } from './review-moves'
import { followNotes, type HunkDraft, isThere, parseDrafts } from './review-notes'
import {
  hunkOutcome,
  outcomeId,
  parseOutcomes,
  type ReviewOutcome,
  withOutcomes,
  withoutJudgement,
} from './review-outcomes'
import { packJudgements, unpackJudgements } from './stored-judgements'
import type { EditOrigin, Workspace } from './workspace'

export interface ReviewState {
  files: readonly ReviewFile[]
  /** What the agent has not been told yet. */
  outcomes: readonly ReviewOutcome[]
  /** What the user is writing; it goes along with its hunk. */
  drafts: readonly HunkDraft[]
  /** What `takeBack` would take back, in words; null when there is nothing. */
  last: string | null
}

/** `left` are files that were not judged: each needs an own look. */
export type ReviewResult = { ok: true; left: readonly string[] } | { ok: false; reason: string }

/** Keep forgets the old side, Undo brings it back; for a hunk, a file, or all files. */
export interface Review {
  state: StoreApi<ReviewState>
  /** All at once leaves out the files that need the user; they are in `left`. */
  keep(path?: string, hunkId?: string): ReviewResult
  /** Never takes along what the user typed in the agent's lines: such hunks stay, and a single one is refused. */
  undo(path?: string, hunkId?: string): ReviewResult
  /** Puts other lines in a hunk's place and keeps them. */
  edit(path: string, hunkId: string, text: string): ReviewResult
  /** For the agent to read with the next message; empty takes it back. */
  comment(path: string, hunkId: string, text: string): void
  /** Keeps what the user is writing about a hunk; undefined lets go of it. A comment is saved when its hunk is judged. */
  draft(place: Omit<HunkDraft, 'text'>, text: string | null | undefined): void
  /** Takes the last keep, undo or edit back. */
  takeBack(): ReviewResult
  /** The agent has been told these, or is not to be. */
  delivered(outcomes: readonly Pick<ReviewOutcome, 'id' | 'outcome' | 'comment'>[]): void
  /** To be told once more: the message that told them is sent again. What waits already stays as it is. */
  tellAgain(outcomes: readonly ReviewOutcome[]): void
  /** Looks again at which files need the user. */
  refresh(): void
  /** For storage; hand it to `createReview` again. */
  save(): unknown
  /** What `takeBack` needs, for storage of its own: it is larger, and the same object while it has not changed. */
  saveJudgements(): unknown
  /** Another tab has written meanwhile: what it stored takes the place of all that is known here. */
  recall(saved: unknown, savedJudgements: unknown): void
  dispose(): void
}

export interface ReviewOptions {
  /** From storage; checked, and what it says of files that are as before is dropped. */
  saved?: unknown
  /** As `saveJudgements` gave them. */
  savedJudgements?: unknown
  /** Whether the user has to keep a file by itself. */
  needsYou?: (path: string) => boolean
}

const maxJudgements = 100

export function createReview(workspace: Workspace, options: ReviewOptions = {}): Review {
  const { saved, savedJudgements, needsYou = () => false } = options
  const currentOf = (path: string): FileData | null => workspace.files.get(path) ?? null
  const stored = toStored(saved)
  let entries = parseEntries(stored.entries, currentOf)
  let shown = new Map<string, Shown>()
  let isOwn = false
  let judgements: readonly Judgement[] = unpackJudgements(savedJudgements)
  let packed: { of: readonly Judgement[]; value: unknown } = { of: judgements, value: savedJudgements }
  const state = createStore<ReviewState>(() => ({
    files: list(),
    outcomes: parseOutcomes(stored.outcomes),
    drafts: parseDrafts(stored.drafts),
    last: judgements.at(-1)?.label ?? null,
  }))

  /** Comparing texts is the costly part; what has not changed keeps its object, for React too. */
  function list(): ReviewFile[] {
    const next = new Map<string, Shown>()
    for (const [path, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const current = currentOf(path)
      if (sameData(entry.baseline, current)) continue
      const last = shown.get(path)
      const isSame = last?.entry === entry && last.current === current
      const file = () => {
        const fresh = toReviewFile(path, entry, { current, needsYou: needsYou(path) })
        return { ...fresh, hunks: withKeys(fresh.hunks, last?.file, fresh) }
      }
      next.set(path, isSame ? last : { entry, current, file: file() })
    }
    shown = next
    return [...next.values()].map(({ file }) => file)
  }

  function show(next: ReviewEntries, { judged, open = (notes) => notes, last }: Shift = {}): void {
    if (next.size === 0 && entries.size === 0 && judged === undefined) return
    const { files: before, outcomes, drafts, last: lastBefore } = state.getState()
    entries = next
    const files = list()
    const notes = followNotes({ outcomes: judged ?? outcomes, drafts }, before, files)
    state.setState({
      files,
      outcomes: open(notes.outcomes),
      drafts: notes.drafts,
      last: last === undefined ? lastBefore : last,
    })
  }

  const dispose = workspace.subscribe((edit) => {
    if (isOwn) return
    const last = judgements.at(-1)
    // The project's own undo took the last judgement back.
    if (last && isInverse(edit, last)) reopen(last, (judged) => judged.dataAfter)
    else show(recordEdit(entries, edit))
  })

  /** Own edits are not recorded like those of others: what becomes of the entries is known. */
  function put(files: readonly { path: string; data: FileData | null }[], origin: EditOrigin, label: string): void {
    isOwn = true
    try {
      workspace.apply(
        files.map(({ path, data }) => ({ path, after: data })),
        { origin, label },
      )
    } finally {
      isOwn = false
    }
  }

  function withEntries(files: readonly { path: string; entry: ReviewEntry | null }[]): ReviewEntries {
    const next = new Map(entries)
    for (const { path, entry } of files) {
      if (entry === null || sameData(entry.baseline, currentOf(path))) next.delete(path)
      else next.set(path, entry)
    }
    return next
  }

  function judge(verdict: Verdict, origin: EditOrigin = 'restore'): ReviewResult {
    if (!verdict.ok) return verdict
    const { label, files, outcomes, left } = verdict
    if (files.length === 0) return { ok: true, left }
    const outcomesBefore = state.getState().outcomes
    judgements = [...judgements, { label, files, outcomes, outcomesBefore }].slice(-maxJudgements)
    put(
      files.map(({ path, dataAfter }) => ({ path, data: dataAfter })),
      origin,
      label,
    )
    const next = withEntries(files.map(({ path, entryAfter }) => ({ path, entry: entryAfter })))
    show(next, { judged: withOutcomes(outcomesBefore, outcomes), last: label })
    return { ok: true, left }
  }

  /** `settled`: what both sides of a file are that is not under review. */
  function reopen(
    judgement: Judgement,
    settled: (judged: Judged) => FileData | null = ({ path }) => currentOf(path),
  ): ReviewResult {
    const files = reopened(judgement.files, (judged) => {
      const both = settled(judged)
      return { data: currentOf(judged.path), entry: entries.get(judged.path) ?? { baseline: both, agents: both } }
    })
    if (files === null) {
      return {
        ok: false,
        reason: 'The same lines have changed since. Change them by hand, or go back to a checkpoint.',
      }
    }
    judgements = judgements.filter((each) => each !== judgement)
    put(files, 'undo', `Undo “${judgement.label}”`)
    show(withEntries(files), {
      judged: state.getState().outcomes,
      open: (outcomes) => withoutJudgement(outcomes, judgement),
      last: judgements.at(-1)?.label ?? null,
    })
    return { ok: true, left: [] }
  }

  const subjectsOf = (files: readonly ReviewFile[]): Subject[] =>
    files.map((file) => {
      const data = currentOf(file.path)
      return { file, data, entry: entries.get(file.path) ?? { baseline: data, agents: data } }
    })
  const filesAt = (path?: string) => state.getState().files.filter((file) => path === undefined || file.path === path)

  function judgeHunk(
    path: string,
    hunkId: string,
    verdictOf: (subject: Subject, hunk: ReviewHunk) => Verdict,
  ): Verdict {
    const [subject] = subjectsOf(filesAt(path))
    const hunk = subject?.file.hunks.find(({ id }) => id === hunkId)
    if (subject && hunk) return verdictOf(subject, hunk)
    return { ok: false, reason: `The lines in ${path} have changed meanwhile. Look at them again.` }
  }

  function setDraft(place: Omit<HunkDraft, 'text'>, text: string | null | undefined): void {
    const { drafts } = state.getState()
    const others = drafts.filter((draft) => !isOf(draft, place))
    state.setState({ drafts: text === undefined ? others : [...others, { ...place, text }] })
  }

  /** What was typed about the hunks that are judged now is meant to be said. */
  function saveComments(path?: string, hunkId?: string): void {
    for (const { kind, text, ...place } of state.getState().drafts) {
      const isMeant = (path ?? place.path) === place.path && (hunkId ?? place.hunkId) === place.hunkId
      if (kind === 'comment' && text !== null && isMeant && isThere(place, state.getState().files)) {
        comment(place.path, place.hunkId, text)
      }
    }
  }

  function comment(path: string, hunkId: string, text: string): void {
    const { outcomes, drafts } = state.getState()
    const hunk = filesAt(path)[0]?.hunks.find(({ id }) => id === hunkId)
    const id = outcomeId(path, hunkId)
    const fresh: ReviewOutcome = hunk
      ? hunkOutcome(path, hunk, { outcome: 'commented', lines: hunk.added })
      : { id, path, outcome: 'commented', lines: null }
    const known = outcomes.find((each) => each.id === id) ?? fresh
    const others = outcomes.filter((each) => each.id !== id)
    const said = text.trim() === '' ? undefined : text.trim()
    const isNothing = said === undefined && known.outcome === 'commented'
    state.setState({
      outcomes: isNothing ? others : [...others, { ...known, comment: said }],
      drafts: drafts.filter((draft) => !isOf(draft, { path, hunkId, kind: 'comment' })),
    })
  }

  return {
    state,
    comment,
    keep(path, hunkId) {
      saveComments(path, hunkId)
      if (path !== undefined && hunkId !== undefined) return judge(judgeHunk(path, hunkId, keepHunk))
      const files = filesAt(path)
      const left = path === undefined ? files.filter((file) => file.needsYou) : []
      const kept = subjectsOf(files.filter((file) => !left.includes(file)))
      return judge(
        keepFiles(
          kept,
          state.getState().outcomes,
          left.map((file) => file.path),
        ),
      )
    },
    undo(path, hunkId) {
      saveComments(path, hunkId)
      if (path !== undefined && hunkId !== undefined) return judge(judgeHunk(path, hunkId, undoHunk))
      return judge(undoFiles(subjectsOf(filesAt(path)), state.getState().outcomes))
    },
    edit(path, hunkId, text) {
      saveComments(path, hunkId)
      const place = { path, hunkId, kind: 'edit' } as const
      // Before: afterwards another hunk may have its name.
      setDraft(place, undefined)
      const result = judge(
        judgeHunk(path, hunkId, (subject, hunk) => editHunk(subject, hunk, text)),
        'user',
      )
      if (!result.ok) setDraft(place, text)
      return result
    },
    draft: setDraft,
    takeBack() {
      const last = judgements.at(-1)
      return last ? reopen(last) : { ok: false, reason: 'There is nothing to take back.' }
    },
    delivered(told) {
      const { outcomes } = state.getState()
      // What the user has changed since is still to be told.
      const isTold = (each: ReviewOutcome) =>
        told.some(({ id, outcome, comment }) => id === each.id && outcome === each.outcome && comment === each.comment)
      if (outcomes.some(isTold)) state.setState({ outcomes: outcomes.filter((each) => !isTold(each)) })
    },
    tellAgain(told) {
      const { outcomes } = state.getState()
      const fresh = told.filter(({ id }) => !outcomes.some((each) => each.id === id))
      if (fresh.length > 0) state.setState({ outcomes: [...fresh, ...outcomes] })
    },
    refresh() {
      shown = new Map()
      state.setState({ files: list() })
    },
    save: () => ({
      // The agent's side is nearly always the file as it is, which is stored already.
      entries: [...entries].map(([path, { baseline, agents }]) =>
        sameData(agents, currentOf(path)) ? { path, baseline } : { path, baseline, agents },
      ),
      outcomes: state.getState().outcomes,
      drafts: state.getState().drafts,
    }),
    saveJudgements() {
      if (packed.of !== judgements) packed = { of: judgements, value: packJudgements(judgements) }
      return packed.value
    },
    recall(again, againJudgements) {
      const { entries: known, outcomes, drafts } = toStored(again)
      entries = parseEntries(known, currentOf)
      judgements = unpackJudgements(againJudgements)
      packed = { of: judgements, value: againJudgements }
      state.setState({
        files: list(),
        outcomes: parseOutcomes(outcomes),
        drafts: parseDrafts(drafts),
        last: judgements.at(-1)?.label ?? null,
      })
    },
    dispose,
  }
}

/** What comes with a change of the entries. */
interface Shift {
  /** The outcomes under the names that hunks had before; those that wait by default. */
  judged?: readonly ReviewOutcome[]
  /** Puts back what has the names that hunks have now. */
  open?: (outcomes: readonly ReviewOutcome[]) => readonly ReviewOutcome[]
  last?: string | null
}

function isOf(draft: HunkDraft, { path, hunkId, kind }: Omit<HunkDraft, 'text'>): boolean {
  return draft.path === path && draft.hunkId === hunkId && draft.kind === kind
}

interface Shown {
  entry: ReviewEntry
  current: FileData | null
  file: ReviewFile
}

/** A list alone is what versions before outcomes stored. */
function toStored(saved: unknown): { entries?: unknown; outcomes?: unknown; drafts?: unknown } {
  if (Array.isArray(saved)) return { entries: saved }
  return typeof saved === 'object' && saved !== null ? saved : {}
}
