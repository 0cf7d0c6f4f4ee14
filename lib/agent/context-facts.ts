import { currentPack } from '@/lib/prompts'
import type { ContextFacts } from './context'
import type { Turn } from './turn'

/** What the context items of a turn are made from, as it is now. */
export function factsOf(turn: Turn): ContextFacts {
  const { workspace, policy } = turn.dependencies
  return { pack: currentPack, mode: turn.input.mode, policy: policy(), files: workspace.files, now: new Date() }
}
