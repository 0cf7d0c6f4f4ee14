import type { ResponseItem, ToolDefinition, Usage } from '@/lib/models'
import { type CountTexts, createTokenLedger, type TokenLedger } from '../tokens'
import type { Summary } from './summarise'

/** Shares of the window: a summary is begun in the background, and the history is shortened. */
const prepareAt = 0.75
const compactAt = 0.9
/** After a compaction failed or was undone, this share of the window more has to fill before the next try. */
const patience = 0.03

/** A summary of the first `covers` items, made ahead of need. */
export interface Preparation {
  covers: number
  /** The last item covered: tells whether the history still is the one that was summarised. */
  last: ResponseItem | undefined
  summary: Promise<Summary>
  /** The outcome, once there is one. */
  settled: Summary | null
}

/** How full a thread's window is, and the summary that may be in the making. One a thread; it outlives turns. */
export interface Compactor {
  readonly ledger: TokenLedger
  /** The user asked for it: done before the next step. */
  wanted: boolean
  preparation: Preparation | null
  /** The model's server did not shorten the history when it was asked: the thread asks the model from then on. */
  serverRefused: boolean
  /** Paid for summaries, and told by no event yet. */
  untold: Usage | null
  /** What the model's server says a request weighed: better than any count of ours. */
  measure(input: readonly ResponseItem[], usage: Usage | null): void
  /** Tokens of the next request. */
  used(history: readonly ResponseItem[], tools: readonly ToolDefinition[]): number
  /** What to do before a request of so many tokens leaves. */
  advise(used: number, contextWindow: number): 'nothing' | 'prepare' | 'compact'
  /** Leaves the thread alone until it has grown some more. */
  postpone(used: number, contextWindow: number): void
}

export function createCompactor(countTexts: CountTexts | null = null): Compactor {
  const ledger = createTokenLedger(countTexts)
  let measured: { items: number; last: ResponseItem | undefined; tokens: number } | null = null
  let notBefore = 0
  return {
    ledger,
    wanted: false,
    preparation: null,
    serverRefused: false,
    untold: null,
    measure(input, usage) {
      // Servers that do not count send zeros.
      if (usage && usage.inputTokens > 0)
        measured = { items: input.length, last: input.at(-1), tokens: usage.inputTokens }
    },
    used(history, tools) {
      void ledger.count([...tools, ...history])
      const isSame = measured !== null && history[measured.items - 1] === measured.last
      return measured !== null && isSame
        ? measured.tokens + ledger.sum(history.slice(measured.items)).tokens
        : ledger.sum(tools).tokens + ledger.sum(history).tokens
    },
    advise(used, contextWindow) {
      const share = used / contextWindow
      if (share >= compactAt) return used >= notBefore ? 'compact' : 'nothing'
      return share >= prepareAt && used >= notBefore ? 'prepare' : 'nothing'
    },
    postpone(used, contextWindow) {
      notBefore = used + contextWindow * patience
    },
  }
}
