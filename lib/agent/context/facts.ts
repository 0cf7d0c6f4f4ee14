import { currentPack } from '@/lib/prompts'
import type { Turn } from '../turn'
import { noFocus } from './focus'
import type { ContextFacts } from './items'

/** What the context items of a turn are made from, as it is now. */
export function factsOf(turn: Turn): ContextFacts {
  const { workspace, policy, focus, symbols, toolServers } = turn.dependencies
  return {
    pack: currentPack,
    mode: turn.input.mode,
    policy: policy(),
    files: workspace.files,
    focus: focus?.() ?? noFocus,
    symbols: symbols?.(),
    servers: toolServers?.enabled() ?? [],
    now: turn.dependencies.now?.() ?? new Date(),
  }
}
