import { basename } from '@/lib/base'

/** The best `limit` paths for what was typed: its letters in order, better in the name, at word starts and together. */
export function rankFiles(paths: Iterable<string>, typed: string, limit = 50): string[] {
  const wanted = typed.toLowerCase().replace(/\s+/g, '')
  const scored: { path: string; score: number }[] = []
  for (const path of paths) {
    const score = wanted === '' ? 0 : Math.max(scoreOf(basename(path), wanted) + 20, scoreOf(path, wanted))
    if (score > -Infinity) scored.push({ path, score: score - path.length / 100 })
  }
  return scored
    .sort((a, b) => b.score - a.score || a.path.localeCompare(b.path))
    .slice(0, limit)
    .map(({ path }) => path)
}

function scoreOf(text: string, wanted: string): number {
  const lower = text.toLowerCase()
  const whole = lower.indexOf(wanted)
  if (whole !== -1) return 100 + (whole === 0 ? 30 : 0) + (isWordStart(text, whole) ? 10 : 0)
  let score = 0
  let at = -1
  for (const letter of wanted) {
    const next = lower.indexOf(letter, at + 1)
    if (next === -1) return -Infinity
    score += next === at + 1 ? 4 : isWordStart(text, next) ? 3 : 0
    at = next
  }
  return score
}

function isWordStart(text: string, index: number): boolean {
  return index === 0 || /[/._\-\s]/.test(text[index - 1] ?? '') || /[A-Z]/.test(text[index] ?? '')
}
