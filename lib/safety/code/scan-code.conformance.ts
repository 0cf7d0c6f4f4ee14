import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { scanCode } from './scan-code'

const file = join(process.env.VITRINE_FIXTURES ?? '../shared/fixtures', 'safety/insecure-js.jsonl')
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { rule: string; kind: 'tp' | 'ok'; text: string })

/** Families without a rule of ours: data flow would be needed, or they are taste rather than danger. */
const notCovered = new Set([
  'detect-object-injection',
  'detect-non-literal-fs-filename',
  'detect-non-literal-regexp',
  'no-insecure-url',
  'no-cookies',
  'no-insecure-random',
  'no-inner-html',
  'no-html-method',
])

it('finds what its families cover, with few alarms on code that is fine', () => {
  const families = [...new Set(rows.map((row) => row.rule))]
  let found = 0
  let covered = 0
  let alarms = 0
  for (const family of families) {
    const of = (kind: string) => rows.filter((row) => row.rule === family && row.kind === kind)
    const hits = (kind: string) => of(kind).filter((row) => scanCode('a.tsx', row.text).length > 0)
    console.log(
      `${family}: recall ${hits('tp').length}/${of('tp').length}, alarms ${hits('ok').length}/${of('ok').length}${notCovered.has(family) ? ' (no rule)' : ''}`,
    )
    if (process.env.VERBOSE && !notCovered.has(family)) {
      for (const row of of('tp'))
        if (scanCode('a.tsx', row.text).length === 0) console.log('missed', family, JSON.stringify(row.text))
    }
    if (process.env.VERBOSE)
      for (const row of hits('ok'))
        console.log(
          'alarm',
          family,
          scanCode('a.tsx', row.text).map((f) => f.rule),
          JSON.stringify(row.text),
        )
    alarms += hits('ok').length
    if (notCovered.has(family)) continue
    found += hits('tp').length
    covered += of('tp').length
  }
  const ok = rows.filter((row) => row.kind === 'ok').length
  const all = rows.filter((row) => row.kind === 'tp')
  const overall = all.filter((row) => scanCode('a.tsx', row.text).length > 0).length
  console.log(`covered families: recall ${found}/${covered}; all: ${overall}/${all.length}; alarms ${alarms}/${ok}`)
  expect(found / covered).toBeGreaterThanOrEqual(0.75)
  expect(alarms / ok).toBeLessThanOrEqual(0.1)
})
