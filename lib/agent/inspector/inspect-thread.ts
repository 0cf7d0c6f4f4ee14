import { withoutPictures } from '@/lib/models'
import { assumedWindow } from '../compaction'
import { contextItems, factsOf } from '../context'
import type { AgentEvent } from '../events'
import { isCall } from '../history'
import type { TokenCount } from '../tokens'
import { createTurn } from '../turn'
import type { TurnDependencies, TurnInput } from '../types'
import { type CacheStep, cacheStory, sentItems } from './cache-story'
import { describeItem, type ItemFace } from './describe-item'
import { withStepsTaken } from './steps-taken'

/** `sent`: the last request had it at the same place, so a cache can hold it. `next`: joins with the next message. */
export type ItemPlace = 'sent' | 'new' | 'next'

export interface InspectedItem extends Omit<ItemFace, 'kind'> {
  kind: ItemFace['kind'] | 'tools'
  place: ItemPlace
  count: TokenCount
}

/** What the next request of a thread holds, and how the cache fared so far. */
export interface ContextReport {
  items: readonly InspectedItem[]
  total: TokenCount
  contextWindow: number
  /** The model's window is not known, so a usual one is assumed. */
  isWindowAssumed: boolean
  /** What the model's server said of the last request; null before the first or when it does not count. */
  measured: number | null
  story: readonly CacheStep[]
}

export async function inspectThread(
  events: readonly AgentEvent[],
  input: TurnInput,
  dependencies: TurnDependencies,
): Promise<ContextReport> {
  const turn = createTurn(input, dependencies, new AbortController().signal)
  try {
    const { ledger } = turn.compactor
    const history = input.images ? turn.history : turn.history.map(withoutPictures)
    const steps = withStepsTaken(events)
    const tools = turn.tools.map(({ definition }) => definition)
    const joining = contextItems(history, factsOf(turn))
    await ledger.count([...tools, ...history, ...joining])

    const sent = sentItems(steps, history)
    const names = new Map(history.filter(isCall).map((call) => [call.call_id, call.name]))
    const toolOf = (callId: string) => names.get(callId) ?? 'tool'
    const described = [...history, ...joining].map((item, index): InspectedItem => {
      const place = index < sent ? 'sent' : index < history.length ? 'new' : 'next'
      return { ...describeItem(item, index, toolOf), place, count: ledger.tokensOf(item) }
    })
    const toolItem: InspectedItem = {
      kind: 'tools',
      title: tools.map(({ name }) => name).join(', '),
      why: 'What the agent can do. Always all of them in the same order, so that the cache holds.',
      text: JSON.stringify(tools, null, 2),
      place: sent > 0 ? 'sent' : 'new',
      count: ledger.sum(tools),
    }
    const story = cacheStory(steps)
    return {
      items: [toolItem, ...described],
      total: ledger.sum([...tools, ...history, ...joining]),
      contextWindow: input.contextWindow ?? assumedWindow,
      isWindowAssumed: input.contextWindow == null,
      measured: story.at(-1)?.inputTokens ?? null,
      story,
    }
  } finally {
    turn.dispose()
  }
}
