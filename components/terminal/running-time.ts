import type { RunningJob } from '@/lib/session/runtime/running-processes'

/** Shorter ones come and go with every command. */
const lastingMs = 1000

export function lastingJobs(jobs: readonly RunningJob[], now: number): RunningJob[] {
  return jobs.filter(({ startedAt }) => now - startedAt >= lastingMs)
}

/** `34 s`, `5 min 2 s`, `2 h 13 min`. */
export function runningFor(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
