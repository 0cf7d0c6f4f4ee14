import { findAssignedSecrets } from './assignment'
import { entropy, isBlankedOut, isJwt, isPlaceholderPassword } from './plausible'
import { type SecretRule, tokenRules } from './rules'

export interface SecretFinding {
  /** Rule id, e.g. `github-pat`. */
  rule: string
  /** Where the secret itself stands, in UTF-16 units; `end` is exclusive. */
  start: number
  end: number
}

/** Secrets in a text, in order and without overlaps. The findings never hold the secret itself. */
export function scanSecrets(text: string): SecretFinding[] {
  const lower = text.toLowerCase()
  const found: SecretFinding[] = []
  for (const rule of tokenRules) {
    if (!rule.keywords.some((keyword) => lower.includes(keyword))) continue
    for (const match of text.matchAll(rule.pattern)) {
      const secret = match[1] ?? match[0]
      if (!isPlausible(rule, secret)) continue
      const start = match.index + match[0].lastIndexOf(secret)
      found.push({ rule: rule.id, start, end: start + secret.length })
    }
  }
  for (const { start, end } of findAssignedSecrets(text)) found.push({ rule: 'generic-secret', start, end })
  return withoutOverlaps(found)
}

/** Replaces each secret by `«secret:<rule>»`. */
export function maskSecrets(text: string): string {
  return maskFindings(text, scanSecrets(text))
}

export function maskFindings(text: string, findings: readonly SecretFinding[]): string {
  let masked = ''
  let at = 0
  for (const { rule, start, end } of findings) {
    masked += `${text.slice(at, start)}«secret:${rule}»`
    at = end
  }
  return masked + text.slice(at)
}

function isPlausible(rule: SecretRule, secret: string): boolean {
  if (rule.id === 'private-key') return secret.replace(/-----[A-Z0-9 ]+-----/g, '').length > 40
  if (rule.id === 'jwt') return isJwt(secret)
  if (rule.id === 'url-password') return !isPlaceholderPassword(secret)
  if (rule.id === 'stripe-key' || rule.id === 'tailscale-key') return true
  return entropy(secret) >= rule.minEntropy && !isBlankedOut(secret)
}

/** Earlier start wins, then the longer one, then the rule that comes first. */
function withoutOverlaps(found: SecretFinding[]): SecretFinding[] {
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: SecretFinding[] = []
  for (const finding of found) {
    if (finding.start >= (kept.at(-1)?.end ?? 0)) kept.push(finding)
  }
  return kept
}
