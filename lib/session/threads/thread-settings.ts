import type { AgentEvent, ThreadSettings } from '@/lib/agent'
import { readLimits } from '@/lib/agent/limits/limits'
import { reasoningEfforts, verbosities } from '@/lib/models'
import type { AgentState } from '../types'

/** How a thread asks its model: as stored, else as its last turn did (in a fork or a link), else by default. */
export function readSettings(stored: unknown, events: readonly AgentEvent[]): ThreadSettings {
  const last = events.findLast((event) => event.type === 'turn-start')
  const found = typeof stored === 'object' && stored !== null ? stored : (last ?? {})
  const value = (name: string): unknown => (name in found ? found[name as keyof typeof found] : undefined)
  return {
    effort: reasoningEfforts.find((each) => each === value('effort')),
    verbosity: verbosities.find((each) => each === value('verbosity')),
    limits: readLimits(value('limits')),
  }
}

/** Kept for the thread, and for threads that begin after it. */
export function rememberSettings(
  now: AgentState,
  before: AgentState,
  remember: (key: string, value: unknown) => void,
): void {
  const { effort, verbosity, limits } = now
  if (now.id !== before.id) return
  if (effort === before.effort && verbosity === before.verbosity && limits === before.limits) return
  remember(`settings:${now.id}`, { effort, verbosity, limits })
  remember('settings', { effort, verbosity, limits })
}
