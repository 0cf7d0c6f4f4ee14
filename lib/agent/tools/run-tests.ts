import * as z from 'zod'
import type { ToolResult, Verification } from '../events'
import { truncateOutput } from '../truncate'
import { passes } from '../verify/verify'
import { describeFailures, describeSlower, summarizeTests } from '../verify/verify-text'
import { jsonTool } from './json-tool'
import { missingPath, toProjectPath } from './paths'

const timeoutMs = 60_000

export const runTests = jsonTool({
  name: 'run_tests',
  description:
    'Runs the project’s tests: all of them, or only some files, or only those whose full name contains the filter.',
  arguments: z.object({ files: z.array(z.string()).optional(), filter: z.string().optional() }),
  parallel: true,
  describe: ({ files = [], filter }) => ({
    title: files.length > 0 ? `Run tests in ${files.join(', ')}` : 'Run all tests',
    detail: filter ? `only “${filter}”` : '',
  }),
  // Tests run in the sandbox as often as the IDE likes: after each change they do so unasked.
  effect: () => null,
  async execute({ files, filter }, context): Promise<ToolResult> {
    const paths = files?.map((file) => toProjectPath(file) ?? file)
    const missing = paths?.find((path) => !context.workspace.files.has(path))
    if (missing !== undefined)
      return { ok: false, output: missingPath(context.workspace.files, missing), summary: 'not found' }
    const sandbox = await context.sandbox()
    await context.synced()
    const { signal } = context
    const report = await sandbox.test({
      ...(paths ? { files: paths } : {}),
      ...(filter ? { filter } : {}),
      timeoutMs,
      signal,
    })
    const seconds = `${(report.durationMs / 1000).toFixed(2)} s`
    const summary = report.suites.length === 0 ? 'no tests found' : summarizeTests(report)
    const isWhole = paths === undefined && filter === undefined && report.passed + report.failed > 0
    return {
      ok: report.suites.length > 0 && passes(report, null, []),
      output: truncateOutput(
        [`${summary}, ${seconds}`, ...describeFailures(report), ...describeSlower(report)].join('\n'),
      ),
      summary,
      ...(isWhole ? { verification: testsOnly(report) } : {}),
    }
  },
})

/** A run of all tests says whether the work holds, also when a command and not a patch changed it. */
function testsOnly(tests: Verification['tests'] & object): Verification {
  const why = 'only the tests were run'
  return {
    verified: passes(tests, null, []),
    tests,
    affected: null,
    types: null,
    findings: null,
    notChecked: [
      { what: 'types', why },
      { what: 'scan', why },
    ],
    durationMs: tests.durationMs,
  }
}
