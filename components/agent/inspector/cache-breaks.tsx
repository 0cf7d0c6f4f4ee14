import type { CacheStep } from '@/lib/agent/inspector/cache-story'
import { plural } from '@/lib/base'
import { formatShare, formatTokens } from '../format'

const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

/** How much came from the provider's cache, and each time that it could not. */
export function CacheBreaks({ story }: { story: readonly CacheStep[] }) {
  const counted = story.filter((step) => step.inputTokens !== null)
  const breaks = story.filter(({ broken }) => broken !== null)
  if (counted.length === 0) {
    return <p className="m-0 text-muted">No request has left yet, so nothing is cached.</p>
  }
  const sent = counted.reduce((sum, { inputTokens }) => sum + (inputTokens ?? 0), 0)
  const cached = counted.reduce((sum, { cachedTokens }) => sum + (cachedTokens ?? 0), 0)
  return (
    <>
      <p className="tabular m-0">
        {`${formatTokens(cached)} of ${formatTokens(sent)} input tokens (${formatShare(cached, sent)}) were read from the cache, over ${plural(counted.length, 'request')}.`}
      </p>
      {breaks.length === 0 ? (
        <p className="m-0 mt-1 text-muted">Nothing broke it: every request began with all of the one before.</p>
      ) : (
        <ul aria-label="What broke the cache" className="m-0 mt-1.5 flex list-none flex-col gap-1 p-0">
          {breaks.map(({ turnId, step, at, broken, inputTokens, cachedTokens }) => (
            <li key={`${turnId} ${step} ${at}`} className="flex gap-2">
              <span className="tabular shrink-0 text-muted">{timeOfDay.format(at)}</span>
              <span>
                {broken}
                {inputTokens !== null && (
                  <span className="tabular text-muted">
                    {` ${formatTokens(cachedTokens ?? 0)} of ${formatTokens(inputTokens)} cached.`}
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
