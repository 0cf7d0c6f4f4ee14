// Drives the app as a user would, in a browser context of its own for each attempt and for each judgement.
import { withHidden } from './suite.mjs'

const judgeTimeoutMs = 120_000
/** Beyond a task's seconds, which the turn itself keeps to between its steps. */
const graceSeconds = 60
export const defaultLimits = { steps: 30, seconds: 300 }

/**
 * Lets the agent work on the task, then judges what it left, in a sandbox that it never saw.
 * @param {{ browser: import('playwright').Browser, origin: string }} app
 * @param {import('./suite.mjs').Task} task
 */
export async function playTask(app, task) {
  const startedAt = performance.now()
  const { result, files } = await work(app, task)
  const seconds = (performance.now() - startedAt) / 1000
  const verdict = await judge(app, task, files)
  const { status, verified, steps, usage, cost = null, error } = result
  return {
    ...verdict,
    status,
    verified,
    steps,
    tokens: {
      input: usage.inputTokens,
      cached: usage.cachedInputTokens,
      output: usage.outputTokens,
      total: usage.totalTokens,
    },
    dollars: cost,
    seconds,
    ...(error && { error: `${error.message} ${error.action}`.trim() }),
  }
}

function work(app, { prompt, files, limits }) {
  const wanted = { ...defaultLimits, ...limits }
  return withProject(app, files, (page) =>
    page.evaluate(
      async ({ prompt, limits, stopAfterMs }) => {
        const { agent, files } = window.vitrine
        agent.setPolicy('auto')
        agent.setLimits(limits)
        const startedAt = performance.now()
        let refused = null
        agent.send(prompt).catch((error) => {
          refused = error
        })
        for (let stopped = false; ; ) {
          if (refused !== null) throw refused
          const end = agent.events().findLast(({ type }) => type === 'turn-end')
          if (end) return { result: end.result, files: await files.snapshot() }
          const why = 'Nobody is here to agree. Do it without.'
          for (const { id } of await agent.pending()) await agent.approve(id, 'deny', why)
          for (const { id } of await agent.questions()) await agent.answer(id, null)
          if (!stopped && performance.now() - startedAt > stopAfterMs) {
            stopped = true
            void agent.stop()
          }
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      },
      { prompt, limits: wanted, stopAfterMs: (wanted.seconds + graceSeconds) * 1000 },
    ),
  )
}

/**
 * Whether these files do what the task asks; `why` is what failed.
 * @param {import('./suite.mjs').Task} task
 * @returns {Promise<{ passed: boolean, why: string }>}
 */
export async function judge(app, task, files) {
  const why = await withProject(app, withHidden(task, files), (page) =>
    page.evaluate(
      async ({ tests, command, timeoutMs }) => {
        const { vitrine } = window
        const late = (what) =>
          new Promise((resolve) => setTimeout(resolve, timeoutMs, `${what} did not end within ${timeoutMs / 1000} s.`))
        const failures = ({ suites }) =>
          suites.flatMap(({ file, error, tests }) => [
            ...(error === undefined ? [] : [`${file}: ${error}`]),
            ...tests
              .filter(({ status }) => status === 'failed')
              .map(({ name, error }) => `${file} › ${name}: ${error ?? 'failed'}`),
          ])
        const runTests = async () => {
          const report = await vitrine.test({ files: tests })
          const failed = failures(report)
          const ran = new Set(report.suites.filter((suite) => suite.tests.length > 0).map(({ file }) => file))
          const missing = tests.filter((file) => !ran.has(file) && !failed.some((text) => text.startsWith(file)))
          return [...failed, ...missing.map((file) => `${file}: no test of it ran.`)].join('\n')
        }
        const runCommand = async () => {
          const { exitCode, stdout, stderr } = await vitrine.run(command, { timeoutMs })
          return exitCode === 0 ? '' : `“${command}” exited with ${exitCode}: ${(stderr || stdout).trim()}`
        }
        const found = tests ? await Promise.race([runTests(), late('The tests')]) : ''
        return found === '' && command ? await runCommand() : found
      },
      { ...task.judge, timeoutMs: judgeTimeoutMs },
    ),
  )
  return { passed: why === '', why }
}

/** A project with exactly these files, for as long as `use` takes. */
async function withProject({ browser, origin }, files, use) {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(`${origin}/p/new?template=empty`)
    await page.waitForURL(/\/p\/(?!new)/)
    await page.waitForFunction(() => window.vitrine !== undefined)
    await page.evaluate(async (files) => {
      await window.vitrine.ready
      await window.vitrine.files.mount(files, { replace: true })
    }, files)
    return await use(page)
  } finally {
    await context.close()
  }
}
