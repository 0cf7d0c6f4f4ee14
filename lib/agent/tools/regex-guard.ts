import { messageOf } from '@/lib/base'

/**
 * Why a pattern must not run here, or null. JavaScript cannot interrupt a regular expression, so what can take exponential
 * time is refused beforehand: a repetition without limit inside another one, and back-references.
 */
export function regexProblem(source: string): string | null {
  try {
    new RegExp(source)
  } catch (error) {
    return messageOf(error)
  }
  if (source.length > 500) return 'it is longer than 500 characters.'
  const plain = source
    .replaceAll(/\\[1-9k]/g, '\u0001')
    .replaceAll(/\\./gs, 'x')
    .replaceAll(/\[(?:[^\]])*\]/g, 'x')
  if (plain.includes('\u0001')) return 'back-references can take exponential time. Search for a simpler pattern.'
  if (nestsRepetition(plain)) {
    return 'a repeated group that itself repeats or has alternatives, such as (a+)+ or (a|b)*, can take exponential time. Search for a simpler pattern.'
  }
  // Each unlimited repetition can multiply the work by the length of the line.
  if ((plain.match(/[*+]|\{\d+,\}/g) ?? []).length > 4)
    return 'it has more than 4 unlimited repetitions. Search for a part of it.'
  return null
}

/** `plain` has no escapes and no classes left. */
function nestsRepetition(plain: string): boolean {
  const risky: boolean[] = []
  for (let i = 0; i < plain.length; i++) {
    const isUnlimited = /^(?:[*+]|\{\d+,\})/.test(plain.slice(i, i + 12))
    if (plain[i] === '(') risky.push(false)
    else if (plain[i] === ')') {
      const inner = risky.pop() ?? false
      const repeats = /^(?:[*+]|\{\d*,?\d*\})/.test(plain.slice(i + 1, i + 13))
      if (inner && repeats) return true
      if (inner && risky.length > 0) risky[risky.length - 1] = true
    } else if ((isUnlimited || plain[i] === '|') && risky.length > 0) risky[risky.length - 1] = true
  }
  return false
}
