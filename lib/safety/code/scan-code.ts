import type { CodeFinding } from '../code-finding'
import { scanSecrets } from '../secrets/scan-secrets'
import { codeRules } from './rules'
import { type SourceView, viewSource } from './source-view'

const script = /\.(?:[cm]?[jt]sx?|vue|svelte|html?)$/i
const markup = /\.(?:[jt]sx|vue|svelte|html?)$/i
const generated = /(?:^|\/)(?:node_modules|dist|build|coverage|vendor)\/|\.min\.js$|(?:^|\/)package-lock\.json$/
/** Files in which secrets belong; they are protected in other ways. */
const secretStore = /(?:^|\/)\.env(?:\.[\w-]+)?$/
const maxChars = 1_000_000
/** Places one rule looks at in one file. */
const maxCandidates = 500
const bidi = /[\u202a-\u202e\u2066-\u2069]/g

/**
 * Places in a file that invite attacks, each with what to do instead. Rules look at tokens, not at data flow:
 * few false alarms first, completeness second. Never a proof that code is safe.
 */
export function scanCode(path: string, text: string): CodeFinding[] {
  if (generated.test(path) || text.length > maxChars) return []
  const found = [...secretFindings(path, text), ...bidiFindings(path, text)]
  if (script.test(path)) {
    const view = viewSource(text)
    found.push(...ruleFindings(path, text, view))
    if (markup.test(path)) found.push(...targetBlankFindings(path, text))
  }
  return found.sort((a, b) => a.line - b.line || a.column - b.column)
}

function ruleFindings(path: string, text: string, view: SourceView): CodeFinding[] {
  return codeRules.flatMap((rule) => {
    if (rule.needs && !rule.needs.test(view.code)) return []
    return [...view.program.matchAll(rule.find)]
      .slice(0, maxCandidates)
      .filter((match) => {
        const end = match.index + match[0].length
        return rule.accept?.({ view, match, end, line: lineAround(view.code, match.index) }) ?? true
      })
      .map((match) => ({
        path,
        ...position(text, match.index),
        severity: rule.severity,
        rule: rule.id,
        message: rule.message,
      }))
  })
}

function secretFindings(path: string, text: string): CodeFinding[] {
  if (secretStore.test(path)) return []
  return scanSecrets(text).map(({ rule, start }) => ({
    path,
    ...position(text, start),
    severity: 'high',
    rule: 'no-secret',
    message: `Holds a secret (${rule}): read it from the environment, and replace it where it was used.`,
  }))
}

function bidiFindings(path: string, text: string): CodeFinding[] {
  return [...text.matchAll(bidi)].slice(0, 1).map((match) => ({
    path,
    ...position(text, match.index),
    severity: 'high',
    rule: 'no-bidi',
    message: 'An invisible character reorders this text, so it reads differently from what runs: delete it.',
  }))
}

function targetBlankFindings(path: string, text: string): CodeFinding[] {
  return [...text.matchAll(/<a\b[^<>]*\btarget\s*=\s*["'{]+_blank["'}]+[^<>]*>/g)]
    .filter(
      ([tag]) =>
        /\bhref\s*=\s*(?:\{|["']\s*(?:https?:)?\/\/)/.test(tag) &&
        !/\brel\s*=\s*[^>]*\bno(?:opener|referrer)\b/.test(tag),
    )
    .map((match) => ({
      path,
      ...position(text, match.index),
      severity: 'low',
      rule: 'no-target-blank',
      message: 'The opened page can reach this one in old browsers: add rel="noopener".',
    }))
}

function position(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: index - lineStart + 1 }
}

function lineAround(text: string, index: number): string {
  const end = text.indexOf('\n', index)
  return text.slice(text.lastIndexOf('\n', index) + 1, end === -1 ? undefined : end)
}
