import type { LimitSet } from '@/lib/agent/limits/limits'
import type { ModelInfo, ReasoningEffort, Verbosity } from '@/lib/models'
import { formatTokens } from '../format'

/** Stands for “whatever the model does when nobody says”. */
export const defaultLabel = 'default'

export const effortLabels: Record<ReasoningEffort, string> = {
  none: 'None',
  minimal: 'Minimal',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  xhigh: 'Extra',
}

export const verbosityLabels: Record<Verbosity, string> = { low: 'Short', medium: 'Medium', high: 'Long' }

/** `272k window · $5 in, $0.5 cached, $30 out`: dollars per million tokens. */
export function factsOf({ kind, contextWindow, price, needsDownload }: ModelInfo): string {
  if (kind === 'scripted') return 'Plays a script. No cost.'
  const context = contextWindow === null ? 'window unknown' : `${formatTokens(contextWindow)} window`
  if (kind === 'device') {
    return needsDownload ? 'The browser fetches it once. No cost.' : `${context} · no cost`
  }
  if (!price) return `${context} · price unknown`
  return `${context} · $${price.input} in, $${price.cachedInput} cached, $${price.output} out`
}

/** `60 steps, 10M tokens, 30 min, $5`; what has no limit is left out. */
export function describeLimits({ steps, tokens, seconds, dollars }: LimitSet): string {
  const parts = [
    steps !== null && `${steps} steps`,
    tokens !== null && `${formatTokens(tokens)} tokens`,
    seconds !== null && describeTime(seconds),
    dollars !== null && `$${dollars}`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'no limits' : parts.join(', ')
}

function describeTime(seconds: number): string {
  const minutes = seconds / 60
  if (minutes >= 120) return `${Number((minutes / 60).toFixed(1))} h`
  return `${Number(minutes.toFixed(1))} min`
}
