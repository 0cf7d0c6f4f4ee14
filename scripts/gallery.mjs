// `npm run gallery -- [state…]`: a picture of every state of the agent pane, light and dark, wide and on a phone, and what
// axe finds in them. They go to `test-results/gallery`. Exits with 1 when a state throws or breaks a rule of WCAG A or AA.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium } from './chromium.mjs'
import { fail, root, say } from './setup.mjs'

const wanted = process.argv.slice(2)
const port = Number(process.env.PORT ?? 3417)
const address = `http://localhost:${port}/gallery/agent`
const folder = join(root, 'test-results/gallery')
const screens = [
  { name: 'wide-light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'wide-dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { name: 'phone-light', viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, isMobile: true },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
]
/** The first request compiles the page. */
const compileTimeoutMs = 300_000
/** Until Monaco has coloured the lines of a review. */
const settleMs = 1500

const { AxeBuilder } = await import('@axe-core/playwright')
const browser = await launchChromium('--disable-gpu')
// The gallery is no part of a production build. A group of its own, to end all of it.
const server = spawn(process.execPath, [join(root, 'scripts/dev.mjs')], {
  env: { ...process.env, PORT: String(port) },
  stdio: 'ignore',
  detached: true,
})
server.on('exit', (code) => code !== null && fail(`The development server did not start on port ${port}.`))
const problems = []
try {
  for (const { name, ...options } of screens) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' })
    const page = await context.newPage()
    const states = wanted.length > 0 ? wanted : await statesOf(page)
    mkdirSync(join(folder, name), { recursive: true })
    for (const state of states) {
      const found = await picture(page, { state, path: join(folder, name, `${state.replace(/\W+/g, '-')}.png`) })
      problems.push(...found.map((problem) => `${name}, ${state}: ${problem}`))
    }
    say(`${name}: ${states.length} states`)
    await context.close()
  }
} finally {
  await browser.close()
  process.kill(-server.pid)
}
for (const problem of problems) say(problem)
process.exitCode = problems.length > 0 ? 1 : 0

async function statesOf(page) {
  await open(page, address)
  const names = page.locator('main > figure > figcaption')
  await names.first().waitFor()
  return names.allTextContents()
}

async function open(page, url) {
  const giveUpAt = Date.now() + compileTimeoutMs
  while (true) {
    try {
      return await page.goto(url, { timeout: compileTimeoutMs })
    } catch (error) {
      // The server is not up yet.
      if (Date.now() > giveUpAt || !String(error).includes('ERR_CONNECTION_REFUSED')) throw error
      await page.waitForTimeout(500)
    }
  }
}

async function picture(page, { state, path }) {
  const thrown = []
  const note = (error) => thrown.push(error.message)
  page.on('pageerror', note)
  await open(page, `${address}?state=${encodeURIComponent(state)}`)
  await page.locator('.agent-pane').first().waitFor({ state: 'attached' })
  if ((await page.locator('main > figure').count()) > 0) return ['There is no such state.']
  await page.addStyleTag({ content: 'nextjs-portal { display: none }' })
  await page.waitForTimeout(settleMs)
  await page.screenshot({ path })
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .exclude('nextjs-portal')
    .analyze()
  page.off('pageerror', note)
  return [...thrown, ...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html.slice(0, 160)}`))]
}
