// The suites behind `npm test` and `npm run check`, and the one closing line that sums them up.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runBin, say } from './setup.mjs'

/** Types, lint and unused code count as one test each; unit tests as themselves. */
export async function runChecks() {
  return [
    await runOne('Types', 'next/dist/bin/next', ['typegen'], 'typescript/bin/tsc', ['--noEmit']),
    await runOne('Lint', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings']),
    await runOne('Unused code', 'knip/bin/knip.js', []),
    await runVitest(),
  ]
}

async function runOne(title, ...steps) {
  say(title)
  for (let i = 0; i < steps.length; i += 2) {
    const code = await runBin(steps[i], steps[i + 1], { env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } })
    if (code !== 0) return { title, passed: 0, failed: 1, skipped: 0 }
  }
  return { title, passed: 1, failed: 0, skipped: 0 }
}

/** Runs vitest and counts from its own JSON report. A run that ends badly is a failure whatever was counted. */
export async function runVitest({ title = 'Unit tests', env = {} } = {}) {
  say(title)
  return withReport(title, async (report) => {
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const code = await runBin('vitest/vitest.mjs', args, { env: { ...process.env, ...env } })
    return { code, count: countVitest }
  })
}

export async function runPlaywright() {
  say('Browser tests')
  return withReport('Browser tests', async (report) => {
    const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report }
    const code = await runBin('playwright/cli.js', ['test', '--reporter=list,json'], { env })
    return { code, count: countPlaywright }
  })
}

async function withReport(title, runSuite) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-'))
  try {
    const report = join(folder, 'report.json')
    const { code, count } = await runSuite(report)
    const counts = count(readReport(report))
    if (code !== 0 && counts.failed === 0) counts.failed = 1
    return { title, ...counts }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

function countVitest(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  return {
    passed: report.numPassedTests,
    failed:
      report.numFailedTests +
      report.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0).length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function countPlaywright(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped, flaky }
}

/** Prints each suite and the closing line `N passed, N failed, N skipped`; ends the process. */
export function closeWith(results) {
  console.log()
  for (const { title, passed, failed, skipped, flaky = 0 } of results) {
    const second = flaky > 0 ? ` (${flaky} on the second try)` : ''
    console.log(
      `${failed ? '\u2716' : '\u2714'} ${title}: ${passed} passed${second}, ${failed} failed, ${skipped} skipped`,
    )
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  process.exit(sum('failed') === 0 && sum('passed') > 0 ? 0 : 1)
}
