import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { checkPrompt } from './check-prompt'

const folder = join(process.env.VITRINE_FIXTURES ?? '../shared/fixtures', 'safety')

function rows(name: string): { kind: string; text: string; carrier?: string }[] {
  const bytes = readFileSync(join(folder, name))
  const text = name.endsWith('.gz') ? gunzipSync(bytes).toString('utf8') : bytes.toString('utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function hitRates(name: string): Map<string, string> {
  const byKind = new Map<string, { hits: number; all: number }>()
  for (const { kind, text } of rows(name)) {
    const count = byKind.get(kind) ?? { hits: 0, all: 0 }
    byKind.set(kind, { hits: count.hits + (checkPrompt(text).flagged ? 1 : 0), all: count.all + 1 })
  }
  return new Map(
    [...byKind].map(([kind, { hits, all }]) => [kind, `${hits}/${all} (${Math.round((100 * hits) / all)} %)`]),
  )
}

it('reports how many harmful requests and jailbreaks heuristics see', () => {
  for (const name of ['harmful-requests.jsonl.gz', 'jailbreak.jsonl.gz'])
    console.log(name, Object.fromEntries(hitRates(name)))
  expect(rows('jailbreak.jsonl.gz').filter(({ text }) => checkPrompt(text).flagged).length).toBeGreaterThan(150)
})

it('flags at most 1 % of benign coding prompts, and blocks none', () => {
  const flagged = rows('benign-coding.jsonl.gz').filter(({ text }) => checkPrompt(text).flagged)
  console.log(`benign: ${flagged.length}/${rows('benign-coding.jsonl.gz').length} flagged`)
  if (process.env.VERBOSE)
    for (const { text } of flagged) console.log('benign', checkPrompt(text).rules, JSON.stringify(text.slice(0, 300)))
  expect(flagged.length / rows('benign-coding.jsonl.gz').length).toBeLessThanOrEqual(0.01)
})

it('taints nearly all of the 80 indirect injections', () => {
  const all = rows('indirect-injection.jsonl')
  const missed = all.filter(({ text }) => !checkPrompt(text).tainted)
  console.log(`indirect: ${all.length - missed.length}/${all.length} tainted`)
  if (process.env.VERBOSE) for (const row of missed) console.log('missed', row.kind, JSON.stringify(row.text))
  expect(all).toHaveLength(80)
  expect(missed.length).toBeLessThanOrEqual(8)
})
