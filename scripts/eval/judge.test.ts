import { afterEach, expect, it, vi } from 'vitest'
import { judgeInPage } from './judge.mjs'
import { attemptAt } from './tasks.mjs'

afterEach(() => vi.unstubAllGlobals())

/** Judges in a sandbox whose only test file ends like this. */
function judge(statuses: string[]) {
  const tests = statuses.map((status, index) => ({ name: `case ${index}`, status }))
  const sandbox = { test: async () => ({ suites: [{ file: 'a.test.js', tests }] }), dispose: async () => undefined }
  vi.stubGlobal('window', { createEmbeddedSandbox: async () => sandbox })
  return judgeInPage({ files: {}, tests: ['a.test.js'], command: undefined, timeoutMs: 1000 })
}

it('takes a test file for passed only when a test of it has run', async () => {
  expect(await judge(['passed', 'skipped'])).toBe('')
  expect(await judge(['failed'])).toContain('case 0')
  for (const none of [[], ['skipped', 'todo']]) expect(await judge(none)).toBe('a.test.js: no test of it ran.')
})

it('counts an attempt that could not be played as failed, with the reason', async () => {
  const broken = () => Promise.reject(new Error('The page has crashed.'))
  expect(await attemptAt({}, {}, broken)).toMatchObject({ passed: false, steps: 0, error: 'The page has crashed.' })
})
