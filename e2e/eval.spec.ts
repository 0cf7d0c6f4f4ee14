import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

/** Solves a task at its first attempt. At the second it leaves the code alone and makes the tests pass instead. */
function createSolver() {
  const begun = new Map<string, number>()
  return (request: ResponsesRequest): Reply => {
    const { userText, calls } = readTranscript(request)
    const task = tasks.find(({ prompt }) => prompt === userText)
    if (!task) throw new Error(`This is no task of the suite: ${userText}`)
    if (calls.length > 0) return { parts: [{ type: 'text', text: 'Done.' }] }
    const attempt = (begun.get(task.name) ?? 0) + 1
    begun.set(task.name, attempt)
    const faked = Object.fromEntries((task.judge.tests ?? ['notes.js']).map((path) => [path, emptyTest]))
    return {
      parts: [
        {
          type: 'function_call',
          name: 'apply_patch',
          arguments: { patch: patchOf(attempt === 1 ? (task.solution ?? {}) : faked) },
        },
      ],
    }
  }
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

function runEval(args: string[]): Promise<{ code: number | null; output: string }> {
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
  test.setTimeout(240_000)
  const folder = mkdtempSync(join(tmpdir(), 'eval-'))
  const upstream = await startUpstream(evalUpstreamPort)
  upstream.answer = createSolver()
  try {
    const file = join(folder, 'report.json')
    const options = ['--model', 'test-model', '--attempts', '2', '--jobs', '2', '--min-pass', '0.6', '--json', file]
    const { code, output } = await runEval(options)
    expect(output).toMatch(/all +5\/10 50 % /)
    const report = JSON.parse(readFileSync(file, 'utf8'))
    expect(report).toMatchObject({ suite: 'starter', model: 'test-model', passRate: 0.5, sum: { steps: 20 } })
    for (const { name, sum, attempts } of report.tasks) {
      const failure = attempts.find(({ passed }: { passed: boolean }) => !passed)?.why
      expect([name, sum.passed, sum.attempts], output).toEqual([name, 1, 2])
      expect(failure, name).not.toBe('')
      expect(sum.dollars).toBeGreaterThan(0)
    }
    expect(code).toBe(1)
    const sent = JSON.stringify(upstream.requests)
    for (const { hidden } of tasks)
      for (const text of Object.values(hidden)) expect(sent).not.toContain(JSON.stringify(text).slice(1, 60))
  } finally {
    await upstream.close()
    rmSync(folder, { recursive: true })
  }
})
