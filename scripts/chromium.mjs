// Finds a Chromium for the browser tests, or installs one. Used by `npm test`, the Playwright configuration and scripts.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fail, run, runBin, say } from './setup.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const wellKnown = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The path of a Chromium on this machine, or null. CHROMIUM_PATH wins, then PATH, then Playwright's own. */
export async function findChromium() {
  const asked = process.env.CHROMIUM_PATH
  if (asked) {
    if (!existsSync(asked)) fail(`CHROMIUM_PATH names “${asked}”, which does not exist.`)
    return asked
  }
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name + suffix)))
  const { chromium } = await import('playwright')
  return [...onPath, chromium.executablePath(), ...wellKnown].find((path) => existsSync(path)) ?? null
}

export async function ensureChromium() {
  const found = await findChromium()
  if (found) return found
  say('No Chromium found; installing Playwright’s \u2026')
  await runBin('playwright/cli.js', ['install', 'chromium'], { timeout: 300_000 })
  const installed = await findChromium()
  if (installed) return installed
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Playwright’s download failed; installing Debian’s package \u2026')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-qq'], { env })
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env })
    const packaged = await findChromium()
    if (packaged) return packaged
  }
  return fail(
    'The browser tests need Chromium and none could be installed. Install Chromium or Chrome, or run ' +
      '“npx playwright install chromium”, or set CHROMIUM_PATH to a Chromium program; then run the command again.',
  )
}

export async function launchChromium(...args) {
  const executablePath = await ensureChromium()
  const { chromium } = await import('playwright')
  // As root, as in containers, Chromium has no sandbox of its own.
  return chromium.launch({ executablePath, args: [...args, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])] })
}
