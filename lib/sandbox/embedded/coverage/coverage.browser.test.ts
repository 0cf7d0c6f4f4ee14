import { expect, test } from 'playwright/test'
import { sandboxPage } from '../../testing/sandbox-page'

const page = sandboxPage()

const files = {
  'package.json': '{ "type": "module", "devDependencies": { "vitest": "*" } }',
  'src/math.ts': `export function sign(n: number): string {\n  if (n < 0) {\n    return 'minus'\n  }\n  return n > 0 ? 'plus' : 'zero'\n}\n\nexport const unused = () => {\n  return 1\n}\n`,
  'src/other.ts': `export const other = 1\n`,
  'src/math.test.ts': `import { expect, test } from 'vitest'\nimport { sign } from './math'\ntest('plus', () => expect(sign(1)).toBe('plus'))\n`,
}

test('coverage is measured on the lines of the source, and reported in files and structure', async () => {
  const result = await page().evaluate(async (project) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(project)) })
    const report = await sandbox.test({ coverage: true })
    const { exitCode, stdout, stderr } = await window.runCommand(
      sandbox,
      'vitest run --coverage --coverage.include="src/**" --coverage.thresholds.lines=90',
    )
    const plain = await sandbox.test()
    const after = await sandbox.snapshot()
    const read = (path: string) => String(after.get(path) ?? '')
    return {
      coverage: report.coverage,
      plain: plain.coverage ?? null,
      text: stdout + stderr,
      exitCode,
      lcov: read('coverage/lcov.info'),
      summary: read('coverage/coverage-summary.json'),
    }
  }, files)
  expect(result.plain).toBe(null)
  expect(result.coverage?.files).toEqual([
    { file: 'src/math.ts', pct: 60, covered: [2, 5, 8], uncovered: [3, 9], partial: [2, 5] },
  ])
  expect(result.exitCode).toBe(1)
  expect(result.text).toContain('% Coverage report from istanbul')
  expect(result.text).toMatch(/ math\.ts +\| +60 \| +50 \| +50 \| +60 \| 3,9/)
  expect(result.text).toMatch(/ other\.ts +\| +0 \|/)
  expect(result.text).toContain('ERROR: Coverage for lines (50%) does not meet global threshold (90%)')
  expect(result.lcov).toContain('SF:src/math.ts')
  expect(result.lcov).toContain('DA:3,0')
  expect(JSON.parse(result.summary)).toMatchObject({ total: { lines: { pct: 50 } } })
})
