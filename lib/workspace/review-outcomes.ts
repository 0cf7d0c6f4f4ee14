import type { ReviewHunk } from './review-hunks'

/** What the user did with a change of the agent, for the agent to hear. */
export interface ReviewOutcome {
  /** Path and hunk, and the line once it is judged; a second outcome for the same place takes the place of the first. */
  id: string
  path: string
  /** `commented`: not judged yet. `reopened`: an outcome that was told before is taken back. */
  outcome: 'kept' | 'undone' | 'edited' | 'commented' | 'reopened'
  /** 1-based, in the file as it was after the outcome; null for a whole file. */
  lines: { start: number; end: number } | null
  comment?: string | undefined
  /** The lines before and after the agent's change, cut; absent for a whole file. */
  before?: string | undefined
  after?: string | undefined
}

const maxExcerpt = 600

export function outcomeId(path: string, hunkId?: string): string {
  return hunkId === undefined ? path : `${path}#${hunkId}`
}

export function hunkOutcome(
  path: string,
  hunk: ReviewHunk,
  { outcome, lines }: { outcome: Exclude<ReviewOutcome['outcome'], 'reopened'>; lines: readonly string[] },
): ReviewOutcome {
  const start = hunk.afterStart + 1
  return {
    id: outcomeId(path, hunk.id),
    path,
    outcome,
    lines: { start, end: Math.max(start, hunk.afterStart + lines.length) },
    before: cut(hunk.removed.join('')),
    after: cut((outcome === 'edited' ? lines : hunk.added).join('')),
  }
}

export function fileOutcome(path: string, outcome: ReviewOutcome['outcome']): ReviewOutcome {
  return { id: outcomeId(path), path, outcome, lines: null }
}

/** A hunk that is judged leaves its name to others with the same lines; what became of each is told. */
function judgedId({ id, lines }: ReviewOutcome): string {
  return lines === null ? id : `${id}@${lines.start}`
}

/** Adds what was judged; what was commented keeps its comment. */
export function withOutcomes(list: readonly ReviewOutcome[], added: readonly ReviewOutcome[]): ReviewOutcome[] {
  const byId = new Map(list.map((each) => [each.id, each]))
  for (const outcome of added) {
    const id = judgedId(outcome)
    const { comment = byId.get(outcome.id)?.comment ?? byId.get(id)?.comment } = outcome
    byId.delete(outcome.id)
    byId.set(id, { ...outcome, id, ...(comment !== undefined && { comment }) })
  }
  return [...byId.values()]
}

/** What waits to be told once a judgement is taken back. What was told already cannot be untold: it is open again. */
export function withoutJudgement(
  list: readonly ReviewOutcome[],
  { outcomes, outcomesBefore }: { outcomes: readonly ReviewOutcome[]; outcomesBefore: readonly ReviewOutcome[] },
): ReviewOutcome[] {
  const judgedAs = ({ id }: ReviewOutcome) => outcomes.find((each) => each.id === id || judgedId(each) === id)
  const waits = (judged: ReviewOutcome) => list.some(({ id }) => id === judgedId(judged))
  const waited = (each: ReviewOutcome) => {
    const judged = judgedAs(each)
    return judged !== undefined && waits(judged)
  }
  return [
    ...list.filter((each) => judgedAs(each) === undefined),
    ...outcomesBefore.filter(waited),
    ...outcomes.filter((each) => !waits(each)).map((each) => ({ ...each, outcome: 'reopened' as const })),
  ]
}

function cut(text: string): string {
  return text.length > maxExcerpt ? `${text.slice(0, maxExcerpt)}…` : text
}

/** What storage gave, as far as it has the shape. */
export function parseOutcomes(saved: unknown): ReviewOutcome[] {
  return Array.isArray(saved) ? saved.filter(isOutcome) : []
}

const known = new Set<unknown>([
  'kept',
  'undone',
  'edited',
  'commented',
  'reopened',
] satisfies ReviewOutcome['outcome'][])

function isOutcome(value: unknown): value is ReviewOutcome {
  if (typeof value !== 'object' || value === null) return false
  const { id, path, outcome, lines, comment, before, after } = value as Record<string, unknown>
  const isRange = (range: unknown) =>
    typeof range === 'object' && range !== null && 'start' in range && 'end' in range && typeof range.start === 'number'
  const isOptionalText = (text: unknown) => text === undefined || typeof text === 'string'
  return (
    typeof id === 'string' &&
    typeof path === 'string' &&
    known.has(outcome) &&
    (lines === null || isRange(lines)) &&
    [comment, before, after].every(isOptionalText)
  )
}
