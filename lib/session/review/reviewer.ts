import type { AgentEvent, Thread } from '@/lib/agent'
import { limitError } from '@/lib/agent/limits/limit-error'
import type { LimitHit } from '@/lib/agent/limits/limits'
import type { Finding, ReviewerUse } from '@/lib/agent/reviewer'
import { emptyThread, foldThread } from '@/lib/agent/view/thread-view'
import { createId, createStore, messageOf, plural, type StoreApi, VitrineError } from '@/lib/base'
import type { Model, ModelInfo } from '@/lib/models'
import { costOf } from '@/lib/models/catalog/cost'
import type { FileChange, FileMap } from '@/lib/workspace'
import type { Checkpoints } from '../checkpoints'

/** `turn`: since the last turn that changed files began. `project`: since the first checkpoint. */
export type ReviewScope = 'turn' | 'project'

export interface ShownFinding extends Finding {
  /** It was sent to the agent to be mended. */
  isSent: boolean
}

/** What the last review came to. */
export interface ReviewerResult {
  /** What was looked at, for people: “The last turn: 3 files”. */
  of: string
  model: string
  at: number
  overview: string
  /** What the user has not dismissed. */
  findings: readonly ShownFinding[]
  /** Findings about places that the project does not have; they were left out. */
  strays: number
  /** Files whose changes were not sent: too long, binary, secret, written by programs. */
  omitted: readonly string[]
  tokens: number
  /** US dollars; null when it is not known. */
  cost?: number | null
  durationMs: number
}

export interface ReviewerState {
  /** Set while a review runs. */
  running: { of: string; doing: string; startedAt: number } | null
  /** Why the last review came to nothing; a stopped one says nothing. */
  error: string | null
  result: ReviewerResult | null
}

/** An isolated reviewer of changes; see `lib/agent/reviewer`. */
export interface Reviewer {
  state: StoreApi<ReviewerState>
  /** Reviews the last turn's changes, or the project's when that changed nothing. Resolves when it is done, stopped or failed. */
  start(scope?: ReviewScope): Promise<void>
  cancel(): void
  dismiss(findingId: string): void
  /** Sends a finding to the agent as an attachment; waits for the running turn if there is one. */
  fix(findingId: string): Promise<void>
}

export interface ReviewerOptions {
  files: () => FileMap
  checkpoints: Pick<Checkpoints, 'state' | 'compare'>
  events: () => readonly AgentEvent[]
  callModel: Model
  /** Of the open conversation, which pays for the review. */
  account: () => Pick<Thread, 'limitHit' | 'noteReview'>
  /** The model of the next turn, as people know it. */
  model: () => Promise<Pick<ModelInfo, 'id' | 'label' | 'price'>>
  assertMayRun: () => void
  send: (text: string, finding: Finding) => Promise<unknown>
  remembered: unknown
  remember: (result: ReviewerResult | null) => void
}

export function createReviewer(
  options: ReviewerOptions,
): Reviewer & { recall(remembered: unknown): void; dispose(): void } {
  const state = createStore<ReviewerState>(() => ({
    running: null,
    error: null,
    result: readResult(options.remembered),
  }))
  let controller: AbortController | null = null

  const setFindings = (change: (findings: readonly ShownFinding[]) => readonly ShownFinding[]) => {
    const { result } = state.getState()
    if (result === null) return
    const next = { ...result, findings: change(result.findings) }
    state.setState({ result: next })
    options.remember(next)
  }

  /** What was sent stays sent when another review finds it again. */
  const wasSent = ({ path, title, anchor }: Finding) =>
    state
      .getState()
      .result?.findings.some(
        (each) => each.isSent && each.path === path && each.title === title && each.anchor === anchor,
      ) ?? false

  const review = async (scope: ReviewScope | undefined, signal: AbortSignal): Promise<void> => {
    const startedAt = Date.now()
    state.setState({ running: { of: '', doing: 'Comparing with the checkpoint', startedAt }, error: null })
    const account = options.account()
    const { of, changes } = await changesFor(scope, options)
    signal.throwIfAborted()
    const { id, label, price } = await options.model()
    const reviewId = createId('review_')
    let cost: number | null = 0
    const pay = async ({ usage, ...use }: ReviewerUse) => {
      const paid = costOf(usage, price)
      if (usage !== null) cost = paid === null || cost === null ? null : cost + paid
      await account.noteReview(reviewId, { of, model: id, usage, ...use, ...(paid !== null && { cost: paid }) })
    }
    const doingNow = (doing: string) => state.setState({ running: { of, doing, startedAt } })
    doingNow('Reading the changes')
    const { runReview } = await import('@/lib/agent/reviewer')
    const report = await runReview({
      changes,
      files: options.files(),
      model: options.callModel,
      modelId: id,
      signal,
      onProgress: ({ doing }) => doingNow(doing),
      assertMayGoOn: () => assertWithinLimits(account.limitHit()),
      onUse: pay,
    })
    const result: ReviewerResult = {
      of,
      model: label,
      at: Date.now(),
      overview: report.overview,
      findings: report.findings.map((finding) => ({ ...finding, isSent: wasSent(finding) })),
      strays: report.strays,
      omitted: report.omitted,
      tokens: report.usage.totalTokens,
      cost,
      durationMs: Date.now() - startedAt,
    }
    state.setState({ result })
    options.remember(result)
  }

  return {
    state,
    async start(scope) {
      options.assertMayRun()
      if (controller !== null) return
      const own = new AbortController()
      controller = own
      try {
        await review(scope, own.signal)
      } catch (error) {
        if (!own.signal.aborted) state.setState({ error: messageOf(error) })
      } finally {
        controller = null
        state.setState({ running: null })
      }
    },
    cancel: () => controller?.abort(),
    dismiss: (findingId) => setFindings((findings) => findings.filter(({ id }) => id !== findingId)),
    async fix(findingId) {
      options.assertMayRun()
      const finding = state.getState().result?.findings.find(({ id }) => id === findingId)
      if (!finding) throw new VitrineError('not_found', 'This finding was dismissed.', { param: 'id' })
      setFindings((findings) => findings.map((each) => (each.id === findingId ? { ...each, isSent: true } : each)))
      await options.send('Fix the attached finding of the review. If it is wrong, say why and change nothing.', finding)
    },
    recall: (remembered) => state.setState({ result: readResult(remembered) }),
    dispose: () => controller?.abort(),
  }
}

function assertWithinLimits(hit: LimitHit | null): void {
  if (!hit) return
  const { message } = limitError(hit)
  throw new VitrineError('policy_denied', `${message} A review counts towards it: raise it under /limits.`)
}

/** What is reviewed, and its name. Throws a sentence when there is nothing. */
async function changesFor(
  scope: ReviewScope | undefined,
  { events, checkpoints }: ReviewerOptions,
): Promise<{ of: string; changes: readonly FileChange[] }> {
  const { list } = checkpoints.state.getState()
  const turn = scope === 'project' ? undefined : checkpointOfLastChange(events())
  const first = scope === 'turn' ? undefined : list[0]?.id
  const bases = [
    { id: turn, name: 'The last turn' },
    { id: first, name: 'All since the first checkpoint' },
  ]
  for (const { id, name } of bases) {
    if (id === undefined || !list.some((each) => each.id === id)) continue
    const changes = await checkpoints.compare(id, 'now')
    if (changes.length > 0) return { of: `${name}: ${plural(changes.length, 'file')}`, changes }
  }
  const message =
    list.length === 0
      ? 'There is no checkpoint to compare with yet: each turn of the agent saves one.'
      : 'Nothing has changed since the checkpoint.'
  throw new VitrineError('invalid_request', message)
}

/** The checkpoint before the last turn that changed files. */
function checkpointOfLastChange(events: readonly AgentEvent[]): string | undefined {
  const { turns } = events.reduce(foldThread, emptyThread)
  return (
    turns.findLast(({ changes, checkpointId }) => changes.length > 0 && checkpointId !== null)?.checkpointId ??
    undefined
  )
}

/** What storage gave, as far as it has the shape. */
function readResult(value: unknown): ReviewerResult | null {
  if (typeof value !== 'object' || value === null || !('findings' in value)) return null
  const result = value as ReviewerResult
  const isWhole =
    typeof result.of === 'string' &&
    typeof result.overview === 'string' &&
    Array.isArray(result.omitted) &&
    Array.isArray(result.findings) &&
    result.findings.every(
      ({ id, path, title, startLine }) =>
        [id, path, title].every((each) => typeof each === 'string') && typeof startLine === 'number',
    )
  return isWhole ? result : null
}
