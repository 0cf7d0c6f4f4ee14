import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'playwright/test'
import type { ResponsesRequest } from '@/lib/models'
import type { Reply } from '@/lib/models/scripted/reply'
import { readTranscript } from '@/lib/models/scripted/transcript'
import { readSuite } from '../scripts/eval/suite.mjs'
import { evalUpstreamPort } from './support/ports'
import { startUpstream } from './support/upstream'

const suite = join(process.cwd(), 'evals/starter')
const tasks = readSuite(suite)

const tried = ['add-csv-export', 'count-words', 'undo-todos']
const faked = 'count-words'

/** Solves most tasks. In one it leaves the code alone, makes the tests pass instead, and says the same. */
function solve(request: ResponsesRequest): Reply {
  const { userText, calls } = readTranscript(request)
  const task = tasks.find(({ prompt }) => prompt === userText)
  if (!task) throw new Error(`This is no task of the suite: ${userText}`)
  if (calls.length > 0) return { parts: [{ type: 'text', text: 'Done.' }] }
  const passing = Object.fromEntries((task.judge.tests ?? ['check.test.js']).map((path) => [path, emptyTest]))
  const patch = patchOf(task.name === faked ? passing : (task.solution ?? {}))
  return { parts: [{ type: 'function_call', name: 'apply_patch', arguments: { patch } }] }
}

const emptyTest = "import { test } from 'vitest'\ntest('passes', () => {})\n"

function patchOf(files: Record<string, string>): string {
  const added = Object.entries(files).flatMap(([path, text]) => [
    `*** Add File: ${path}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `+${line}`),
  ])
  return ['*** Begin Patch', ...added, '*** End Patch'].join('\n')
}

function runEval(suite: string, args: string[]): Promise<{ code: number | null; output: string }> {
  const env = {
    ...process.env,
    OPENAI_API_KEY: 'eval-key',
    OPENAI_BASE_URL: `http://127.0.0.1:${evalUpstreamPort}/v1`,
    VITRINE_MODELS: '',
  }
  const child = spawn(process.execPath, ['scripts/eval.mjs', suite, ...args], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, output })))
}

test('a suite tells right work from wrong, and shows the model none of what it judges by', async () => {
  test.setTimeout(180_000)
  const folder = mkdtempSync(join(tmpdir(), 'eval-'))
  const upstream = await startUpstream(evalUpstreamPort)
  upstream.answer = solve
  try {
    for (const name of tried) cpSync(join(suite, name), join(folder, 'suite', name), { recursive: true })
    const file = join(folder, 'report.json')
    const { code, output } = await runEval(join(folder, 'suite'), [
      '--model',
      'test-model',
      '--jobs',
      '2',
      '--min-pass',
      '0.7',
      '--json',
      file,
    ])
    expect(output).toMatch(/all +2\/3 67 % +6 /)
    const report = JSON.parse(readFileSync(file, 'utf8'))
    expect(report).toMatchObject({ suite: 'suite', model: 'test-model', passRate: 2 / 3, sum: { steps: 6 } })
    expect(report.tasks.map(({ name }: { name: string }) => name)).toEqual(tried)
    for (const { name, attempts } of report.tasks) {
      const [{ passed, why, status, dollars }] = attempts
      expect([name, passed, why !== '', status]).toEqual([name, name !== faked, name === faked, 'done'])
      expect(dollars).toBeGreaterThan(0)
    }
    expect(code, 'fewer passed than asked for').toBe(1)
    const sent = JSON.stringify(upstream.requests)
    for (const text of tasks.flatMap(({ hidden }) => Object.values(hidden))) {
      expect(sent).not.toContain(JSON.stringify(text).slice(1, 200))
    }
  } finally {
    await upstream.close()
    rmSync(folder, { recursive: true })
  }
})

test('the shipped tasks fail on what they start with and pass on their solutions', async () => {
  test.setTimeout(120_000)
  const { code, output } = await runEval(suite, ['--check', '--jobs', '2'])
  expect(output.match(/^✓ .+$/gm)?.length, output).toBe(tasks.length)
  expect(code).toBe(0)
})
