import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { scanSecrets } from './scan-secrets'

const file = join(process.env.VITRINE_FIXTURES ?? '../shared/fixtures', 'safety/secrets.jsonl.gz')
const rows = gunzipSync(readFileSync(file))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { id: string; kind: 'tp' | 'fp'; src: string; text: string })

function rates(source: string) {
  const of = (kind: string) => rows.filter((row) => row.kind === kind && row.src.startsWith(source))
  const hit = (row: { text: string }) => scanSecrets(row.text).length > 0
  const [positives, negatives] = [of('tp'), of('fp')]
  return {
    recall: positives.filter(hit).length / positives.length,
    falseAlarms: negatives.filter(hit).length / negatives.length,
    missed: positives.filter((row) => !hit(row)),
    alarms: negatives.filter(hit),
  }
}

/** What was measured, less a little: recall must not fall, false alarms must not rise. */
it.each([
  ['gitleaks', 0.97, 0.14],
  ['detect-secrets', 0.5, 0.06],
  ['secretlint', 0.7, 0.19],
])('%s: finds at least %d of the secrets with at most %d false alarms', (source, recall, falseAlarms) => {
  const measured = rates(source)
  console.log(`${source}: recall ${measured.recall.toFixed(3)}, false alarms ${measured.falseAlarms.toFixed(3)}`)
  if (process.env.VERBOSE) {
    for (const row of measured.missed) console.log('missed', row.id, JSON.stringify(row.text.slice(0, 200)))
    for (const row of measured.alarms)
      console.log(
        'alarm',
        row.id,
        JSON.stringify(scanSecrets(row.text).map((f) => [f.rule, row.text.slice(f.start, f.end)])).slice(0, 300),
      )
  }
  expect(measured.recall).toBeGreaterThanOrEqual(recall)
  expect(measured.falseAlarms).toBeLessThanOrEqual(falseAlarms)
})
