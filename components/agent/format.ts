/** `950`, `3.1k`, `1.2M`: token counts in a footer. */
export function formatTokens(count: number): string {
  if (count < 1000) return String(count)
  if (count < 999_950) return `${(count / 1000).toFixed(1).replace(/\.0$/, '')}k`
  return `${(count / 1_000_000).toFixed(1).replace(/\.0$/, '')}M`
}

/** `0.2 s`, `8 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`
  if (ms < 2_950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `$0.004`, `$0.13`, `$12.40`: US dollars. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return 'free'
  if (dollars < 0.001) return '< $0.001'
  return `$${dollars.toFixed(dollars < 0.1 ? 3 : 2)}`
}

/** `39 %`. */
export function formatShare(part: number, whole: number): string {
  return `${Math.round((part / Math.max(1, whole)) * 100)} %`
}
