import { serveSandbox } from '../serve-sandbox.mjs'
import { withHidden } from './suite.mjs'

const timeoutMs = 120_000

/**
 * Judges work in sandboxes of its own, on a page that is not the app's: nothing of where it was done is left.
 * @param {import('playwright').Browser} browser
 */
export async function openJudge(browser) {
  const site = await serveSandbox('contract-page.ts')
  const page = await browser.newPage()
  await page.goto(site.origin)
  await page.waitForFunction(() => window.createEmbeddedSandbox)
  return {
    /**
     * Whether these files do what the task asks; `why` is what failed.
     * @param {import('./suite.mjs').Task} task
     * @param {Record<string, string>} files
     * @returns {Promise<{ passed: boolean, why: string }>}
     */
    async judge(task, files) {
      const why = await page.evaluate(judgeInPage, { files: withHidden(task, files), ...task.judge, timeoutMs })
      return { passed: why === '', why }
    },
    close: () => Promise.all([page.close(), site.close()]),
  }
}

/** Runs in the page; resolves to what failed, or to nothing. */
export async function judgeInPage({ files, tests, command, timeoutMs }) {
  const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(files)) })
  try {
    const failed = tests ? await Promise.race([runTests(), late()]) : ''
    return failed === '' && command ? await runCommand() : failed
  } finally {
    await sandbox.dispose()
  }

  async function runTests() {
    const { suites } = await sandbox.test({ files: tests })
    const failures = suites.flatMap(({ file, error, tests: cases }) => [
      ...(error === undefined ? [] : [`${file}: ${error}`]),
      ...cases
        .filter(({ status }) => status === 'failed')
        .map(({ name, error: said }) => `${file} › ${name}: ${said ?? 'failed'}`),
    ])
    // A configuration that the agent wrote may leave them out.
    const empty = tests.filter((path) => {
      const suite = suites.find(({ file }) => file === path)
      const ran = suite?.tests.some(({ status }) => status === 'passed' || status === 'failed')
      return !ran && suite?.error === undefined
    })
    return [...failures, ...empty.map((path) => `${path}: no test of it ran.`)].join('\n')
  }

  async function runCommand() {
    const { exitCode, stdout, stderr, timedOut } = await window.runCommand(sandbox, command, { timeoutMs })
    if (timedOut) return `“${command}” did not end within ${timeoutMs / 1000} s.`
    return exitCode === 0 ? '' : `“${command}” exited with ${exitCode}: ${(stderr || stdout).trim()}`
  }

  function late() {
    return new Promise((resolve) =>
      setTimeout(resolve, timeoutMs, `The tests did not end within ${timeoutMs / 1000} s.`),
    )
  }
}
