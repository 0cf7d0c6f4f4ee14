import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { pathProblem } from '@/lib/base'
import { findTemplate, templates } from './index'

const folders: string[] = []

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function writeProject(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'template-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  return folder
}

/** Runs Node outside of this test run's own environment; resolves whatever the exit code. */
function runNode(folder: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, NODE_ENV: 'test' as const }
  return new Promise((done) => execFile(process.execPath, args, { cwd: folder, env }, (_, stdout) => done(stdout)))
}

/** What vitest itself says about a project. */
async function testProject(files: Record<string, string>): Promise<{ passed: number; failed: number; suites: number }> {
  const folder = writeProject(files)
  await runNode(folder, 'node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=report.json')
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
  return { passed: report.numPassedTests, failed: report.numFailedTests, suites: report.testResults.length }
}

function filesOf(name: string): Record<string, string> {
  return findTemplate(name)?.files ?? {}
}

describe('every template', () => {
  test.each(templates)('$name has good paths, readable JSON and a file to open', ({ files, openFile, name }) => {
    expect(Object.keys(files).map(pathProblem).filter(Boolean)).toEqual([])
    expect(files[openFile]).toBeDefined()
    for (const [path, text] of Object.entries(files)) {
      expect(text.endsWith('\n')).toBe(true)
      if (path.endsWith('.json')) expect(() => JSON.parse(text)).not.toThrow()
    }
    expect(findTemplate(name)?.files).toBe(files)
  })
})

describe('the demo project', () => {
  const files = filesOf('demo')
  const withMoney = {
    ...files,
    'src/money.ts': files['src/money.ts']?.replace('cents % 100', "String(cents % 100).padStart(2, '0')") ?? '',
  }
  const withBoth = {
    ...withMoney,
    'src/receipt.ts': files['src/receipt.ts']?.replace('cents - percent', 'cents * (1 - percent / 100)') ?? '',
  }

  test('fails 2 of 6 tests, then 1 after the first fix and none after the second', async () => {
    const runs = await Promise.all([files, withMoney, withBoth].map(testProject))
    expect(runs).toEqual([
      { passed: 4, failed: 2, suites: 2 },
      { passed: 5, failed: 1, suites: 2 },
      { passed: 6, failed: 0, suites: 2 },
    ])
  }, 60_000)
})

describe('the other projects', () => {
  test('the TypeScript one passes its test', async () => {
    expect(await testProject(filesOf('typescript'))).toEqual({ passed: 1, failed: 0, suites: 1 })
  }, 60_000)

  test('the JavaScript one runs and passes its tests under Node itself', async () => {
    const folder = writeProject(filesOf('node-test'))
    const report = await runNode(folder, '--test', '--test-reporter=tap')
    expect(report).toContain('# pass 2')
    expect(report).toContain('# fail 0')
    expect(await runNode(folder, 'src/main.js')).not.toBe('')
  }, 60_000)
})
