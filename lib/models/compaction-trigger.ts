import type { ResponseItem } from './types'

/**
 * As the last item of a request it asks the model's server to shorten what comes before: the answer is one sealed
 * `compaction` item, which only that server can read. Only for models with `serverCompaction`.
 */
export const compactionTrigger = { type: 'compaction_trigger' } as unknown as ResponseItem

export function endsInTrigger(input: readonly ResponseItem[]): boolean {
  return String(input.at(-1)?.type) === 'compaction_trigger'
}

/** What stands for earlier items, and only the model's server can read. */
export function isSealedCompaction(item: ResponseItem): item is SealedCompaction {
  return String(item.type) === 'compaction' && 'encrypted_content' in item
}

type SealedCompaction = Extract<ResponseItem, { type: 'unknown' }> & { encrypted_content: unknown }
