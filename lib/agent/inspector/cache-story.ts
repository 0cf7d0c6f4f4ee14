import type { ResponseItem } from '@/lib/models'
import type { AgentEvent } from '../events'
import { foldHistory } from '../history'

/** One request as the provider's cache saw it. */
export interface CacheStep {
  turnId: string
  step: number
  /** Milliseconds since the epoch. */
  at: number
  /** Of the request; null when the server did not say. */
  inputTokens: number | null
  cachedTokens: number | null
  /** Why less than everything sent before was read from the cache; null when nothing stood in the way. */
  broken: string | null
}

/** Providers forget a prefix that nobody used for some minutes. */
const forgottenAfterMs = 5 * 60_000
/** A cache works in blocks, so a little is always paid again. */
const expectedShare = 0.5

/** What each request of a thread could take from the cache, and what broke it. Needs nothing but the journal. */
export function cacheStory(events: readonly AgentEvent[]): CacheStep[] {
  const story: CacheStep[] = []
  let cause: string | null = null
  let model: string | null = null
  let before: CacheStep | null = null
  let open: CacheStep | null = null
  for (const event of events) {
    switch (event.type) {
      case 'turn-start':
        if (model !== null && event.model !== model)
          cause = `The model changed from ${model} to ${event.model}: each has a cache of its own.`
        model = event.model
        break
      case 'compaction':
        cause = 'The conversation was compacted: what follows the first items is new.'
        break
      case 'compaction-undone':
        cause = 'A compaction was undone: what follows the first items is other than before.'
        break
      case 'step-start':
        open = {
          turnId: event.turnId,
          step: event.step,
          at: event.at,
          inputTokens: null,
          cachedTokens: null,
          broken: cause,
        }
        story.push(open)
        cause = null
        break
      case 'step-end':
        if (open !== null && event.usage) {
          open.inputTokens = event.usage.inputTokens
          open.cachedTokens = event.usage.cachedInputTokens
          open.broken ??= unexplained(open, before)
          before = open
        }
        open = null
        break
    }
  }
  return story
}

function unexplained({ at, cachedTokens }: CacheStep, before: CacheStep | null): string | null {
  const sent = before?.inputTokens ?? 0
  if (before === null || cachedTokens === null || sent === 0 || cachedTokens >= sent * expectedShare) return null
  if (at - before.at > forgottenAfterMs)
    return 'More than five minutes had passed: providers forget a prefix after a while.'
  return cachedTokens === 0
    ? 'The server reported nothing from its cache; the prefix was the same.'
    : 'The server reused less than half of the prefix, which was the same.'
}

/** How many of the first items the last request already had: what a cache can hold. */
export function sentItems(events: readonly AgentEvent[], history: readonly ResponseItem[]): number {
  const last = events.findLastIndex((event) => event.type === 'step-start')
  const start = events[last]
  if (start?.type !== 'step-start') return 0
  const rewritten = events.slice(last).some(({ type }) => type === 'compaction' || type === 'compaction-undone')
  return rewritten ? sharedItems(events.slice(0, last), start.items, history) : Math.min(start.items, history.length)
}

/** After a compaction only the items that both histories begin with are left. */
function sharedItems(events: readonly AgentEvent[], sent: number, history: readonly ResponseItem[]): number {
  const before = foldHistory(events).slice(0, sent)
  const differs = before.findIndex((item, index) => JSON.stringify(item) !== JSON.stringify(history[index]))
  return differs === -1 ? Math.min(before.length, history.length) : differs
}
