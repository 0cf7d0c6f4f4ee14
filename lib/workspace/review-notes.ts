import type { ReviewFile } from './review-entries'
import { followHunks } from './review-moves'
import { hunkOutcome, outcomeId, type ReviewOutcome } from './review-outcomes'

/** What the user writes about a hunk and has not saved: a comment, or lines to stand in its place. */
export interface HunkDraft {
  path: string
  hunkId: string
  kind: 'comment' | 'edit'
  /** Null as long as nothing was typed. */
  text: string | null
}

/** All that the user wrote about hunks that are still open. */
export interface Notes {
  outcomes: readonly ReviewOutcome[]
  drafts: readonly HunkDraft[]
}

/**
 * Comments and drafts after the hunks changed: each goes along with its hunk. One whose hunk is gone stays as it is,
 * without a line; where two hunks became one, so do the texts.
 */
export function followNotes(notes: Notes, before: readonly ReviewFile[], now: readonly ReviewFile[]): Notes {
  if (before === now || (notes.drafts.length === 0 && !notes.outcomes.some(isOpen))) return notes
  const moves = new Map(
    before.map((file) => [
      file.path,
      followHunks(file, now.find(({ path }) => path === file.path) ?? { before: '', hunks: [] }),
    ]),
  )
  const movedTo = (path: string, hunkId: string) => {
    const known = [...(moves.get(path) ?? [])]
    // A name that another hunk has got meanwhile is not that of the one which is gone.
    const isTaken = known.some(([, to]) => to === hunkId)
    return known.find(([from]) => from === hunkId)?.[1] ?? (isTaken ? `${hunkId}~` : hunkId)
  }
  const drafts = notes.drafts.map((draft) => ({ ...draft, hunkId: movedTo(draft.path, draft.hunkId) }))
  return {
    outcomes: joinedComments(
      notes.outcomes.map((each) => {
        if (!isOpen(each)) return each
        const hunkId = movedTo(each.path, each.id.slice(outcomeId(each.path, '').length))
        return asItStands({ ...each, id: outcomeId(each.path, hunkId) }, hunkId, now)
      }),
    ),
    drafts: joinedDrafts(drafts).filter((draft) => draft.text !== null || isThere(draft, now)),
  }
}

export function isThere({ path, hunkId }: Pick<HunkDraft, 'path' | 'hunkId'>, files: readonly ReviewFile[]): boolean {
  return files.some((file) => file.path === path && file.hunks.some(({ id }) => id === hunkId))
}

/** What storage gave, as far as it has the shape. */
export function parseDrafts(saved: unknown): HunkDraft[] {
  return Array.isArray(saved) ? saved.filter(isDraft) : []
}

function isDraft(value: unknown): value is HunkDraft {
  if (typeof value !== 'object' || value === null) return false
  const { path, hunkId, kind, text } = value as Record<string, unknown>
  const isPlace = typeof path === 'string' && typeof hunkId === 'string'
  return isPlace && (kind === 'comment' || kind === 'edit') && (text === null || typeof text === 'string')
}

function isOpen({ outcome, id, path }: ReviewOutcome): boolean {
  return outcome === 'commented' && id !== path
}

/** A comment with the lines as they are now. */
function asItStands(note: ReviewOutcome, hunkId: string, files: readonly ReviewFile[]): ReviewOutcome {
  const hunk = files.find(({ path }) => path === note.path)?.hunks.find(({ id }) => id === hunkId)
  if (!hunk) return { ...note, lines: null }
  return { ...hunkOutcome(note.path, hunk, { outcome: 'commented', lines: hunk.added }), comment: note.comment }
}

function joinedComments(outcomes: readonly ReviewOutcome[]): ReviewOutcome[] {
  const byId = new Map<string, ReviewOutcome>()
  for (const outcome of outcomes) {
    const known = byId.get(outcome.id)
    byId.set(outcome.id, known ? { ...outcome, comment: joined(known.comment, outcome.comment) } : outcome)
  }
  return [...byId.values()]
}

function joinedDrafts(drafts: readonly HunkDraft[]): HunkDraft[] {
  const byPlace = new Map<string, HunkDraft>()
  for (const draft of drafts) {
    const place = JSON.stringify([draft.path, draft.hunkId, draft.kind])
    const known = byPlace.get(place)
    byPlace.set(place, known ? { ...draft, text: joined(known.text, draft.text) ?? null } : draft)
  }
  return [...byPlace.values()]
}

function joined(first: string | null | undefined, second: string | null | undefined): string | undefined {
  const texts = [first, second].filter((text) => text !== null && text !== undefined)
  return texts.length === 0 ? undefined : texts.join('\n\n')
}
