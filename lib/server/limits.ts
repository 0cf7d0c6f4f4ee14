import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { VitrineError } from '@/lib/base'

const windowSeconds = 60
const maxConcurrent = 64

/** Limits of one process, in memory: requests per minute and requests at a time, per caller. */
export function createLimits() {
  const limiters = new Map<number, RateLimiterMemory>()
  const running = new Map<string, number>()

  const limiterOf = (points: number): RateLimiterMemory => {
    const known = limiters.get(points) ?? new RateLimiterMemory({ points, duration: windowSeconds })
    limiters.set(points, known)
    return known
  }

  async function spend(key: string, requestsPerMinute: number, requests: number): Promise<void> {
    await limiterOf(requestsPerMinute)
      .consume(key, requests)
      .catch((refusal: unknown) => {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw tooMany(`More than ${requestsPerMinute} requests a minute.`, refusal.msBeforeNext)
      })
  }

  return {
    /** Counts what a request asks of others as requests of its own. Throws `rate_limit_exceeded`. */
    spend,
    /** Throws `rate_limit_exceeded` when the caller has to wait. Returns what to call when the request has ended. */
    async enter(key: string, requestsPerMinute: number): Promise<() => void> {
      await spend(key, requestsPerMinute, 1)
      const current = running.get(key) ?? 0
      if (current >= maxConcurrent) throw tooMany(`More than ${maxConcurrent} requests at a time.`, 1000)
      running.set(key, current + 1)
      let hasLeft = false
      return () => {
        if (hasLeft) return
        hasLeft = true
        const left = (running.get(key) ?? 1) - 1
        if (left > 0) running.set(key, left)
        else running.delete(key)
      }
    },
  }
}

function tooMany(message: string, retryAfterMs: number): VitrineError {
  return new VitrineError('rate_limit_exceeded', message, { retryAfterMs })
}
