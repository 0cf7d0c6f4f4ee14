import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'playwright/test'
import { serveSandbox } from '../../testing/serve-sandbox'

/** The practice folder of Exercism's Python track; see `npm run exercism:python`. */
const track = process.env.VITRINE_EXERCISM_PYTHON
/** Only exercises whose names begin so; all by default. */
const prefix = process.env.VITRINE_EXERCISM_ONLY ?? ''

interface Exercise {
  name: string
  files: Record<string, string>
  suite: string
}

test.describe('Exercism’s Python track', () => {
  test.skip(!track, 'run it with npm run exercism:python')

  test('passes here whatever passes in native Python', async ({ browser }) => {
    test.setTimeout(3_600_000)
    const exercises = await readExercises(track ?? '')
    const server = await serveSandbox('lib/sandbox/testing/contract-page.ts')
    const page = await browser.newPage()
    await page.goto(server.origin)
    await page.evaluate(async () => {
      Object.assign(window, { sandbox: await window.createEmbeddedSandbox() })
    })
    const failures: string[] = []
    const timings: number[] = []
    let native = 0
    let here = 0
    for (const exercise of exercises) {
      const isNative = await runNatively(exercise)
      const { exitCode, output, ms } = await page.evaluate(async ({ files, suite }) => {
        const sandbox: Awaited<ReturnType<typeof window.createEmbeddedSandbox>> = Reflect.get(window, 'sandbox')
        await sandbox.mount(new Map(Object.entries(files)))
        const command = `python3 -m pytest -q ${suite}`
        const result = await window.runCommand(sandbox, command, { stdin: '', timeoutMs: 120_000 })
        return { exitCode: result.exitCode, output: result.stdout, ms: result.durationMs }
      }, exercise)
      timings.push(ms)
      if (isNative) native += 1
      if (exitCode === 0) here += 1
      if (isNative && exitCode !== 0) failures.push(`${exercise.name}: exit code ${exitCode}\n${output.slice(-1500)}`)
    }
    timings.sort((a, b) => a - b)
    const median = Math.round(timings[timings.length >> 1] ?? 0)
    console.log(
      `${exercises.length} suites: ${native} pass natively, ${here} here; median ${median} ms with the interpreter’s start`,
    )
    await page.close()
    await server.close()
    expect(failures).toEqual([])
    expect(here).toBeGreaterThanOrEqual(native)
  })
})

/** Each exercise with its example solution in place of the stub. */
async function readExercises(folder: string): Promise<Exercise[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix)).sort()
  return Promise.all(
    names.map(async (name) => {
      const own = join(folder, name)
      const config: { files: { solution: string[]; test: string[]; example: string[] } } = JSON.parse(
        await readFile(join(own, '.meta/config.json'), 'utf8'),
      )
      const files: Record<string, string> = {}
      for (const path of (await readdir(own)).filter((file) => file.endsWith('.py'))) {
        files[path] = await readFile(join(own, path), 'utf8')
      }
      const [example, solution, suite] = [config.files.example[0], config.files.solution[0], config.files.test[0]]
      if (!example || !solution || !suite) throw new Error(`${name} has no example, stub or suite.`)
      files[solution] = await readFile(join(own, example), 'utf8')
      for (const extra of (await readdir(join(own, '.meta'))).filter((file) => file.endsWith('.py'))) {
        if (!extra.startsWith('example')) files[extra] = await readFile(join(own, '.meta', extra), 'utf8')
      }
      return { name, files, suite }
    }),
  )
}

async function runNatively({ name, files, suite }: Exercise): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'exercism-python-'))
  try {
    await cp(join(track ?? '', name), folder, { recursive: true })
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)
    await promisify(execFile)('python3', ['-m', 'unittest', '-q', suite.replace(/\.py$/, '')], {
      cwd: folder,
      timeout: 60_000,
    })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw error
    return false
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
