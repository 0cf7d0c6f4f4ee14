import type { Verification } from '@/lib/agent'
import { plural } from '@/lib/base'

export type CheckState = 'passed' | 'failed' | 'not-checked'

export interface Check {
  label: string
  state: CheckState
  /** Why it was not checked. */
  why?: string
}

const names = { tests: 'tests', types: 'types', scan: 'scan' } as const

/** A verification as a short list: `tests 5/6`, `types ok`, `scan not checked`. */
export function checksOf({ tests, types, findings, notChecked }: Verification): Check[] {
  const checks: Check[] = []
  if (tests !== null) {
    const broken = tests.suites.filter((suite) => suite.error !== undefined).length
    const label = `tests ${tests.passed}/${tests.passed + tests.failed}`
    checks.push({
      label: broken === 0 ? label : `${label}, ${plural(broken, 'file')} did not load`,
      state: tests.failed + broken === 0 ? 'passed' : 'failed',
    })
  }
  if (types !== null) {
    const count = types.errors.length
    checks.push({
      label: count === 0 ? 'types ok' : plural(count, 'type error'),
      state: count === 0 ? 'passed' : 'failed',
    })
  }
  if (findings !== null) {
    const count = findings.length
    checks.push({ label: count === 0 ? 'scan ok' : plural(count, 'finding'), state: count === 0 ? 'passed' : 'failed' })
  }
  return [
    ...checks,
    ...notChecked.map(({ what, why }) => ({ label: `${names[what]} not checked`, state: 'not-checked' as const, why })),
  ]
}
