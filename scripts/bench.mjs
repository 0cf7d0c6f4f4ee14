// `npm run bench [name…]`: measures the production build; prints one JSON object a line:
// {"bench","value","unit","baseline","ratio"}; `baseline` and `ratio` are null where there is nothing to compare with.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ensureChromium } from './chromium.mjs'
import { checkNode, ensureBuilt, ensureInstalled, fail, root, runBin } from './setup.mjs'

const port = 3421
const origin = `http://localhost:${port}`
const repeats = 5
const benches = { 'first-load': firstLoad, 'test-speed': testSpeed }

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !(name in benches))
if (unknown) fail(`There is no bench “${unknown}”. There are: ${Object.keys(benches).join(', ')}.`)

checkNode()
await ensureInstalled()
const executablePath = await ensureChromium()
await ensureBuilt()
const { chromium } = await import('playwright')
const server = await startServer()
const browser = await chromium.launch({
  executablePath,
  args: ['--disable-gpu', '--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
})
try {
  for (const [name, bench] of Object.entries(benches)) if (wanted.length === 0 || wanted.includes(name)) await bench()
} finally {
  await browser.close()
  server.kill()
}

/** What an open project loads, the time until a letter typed is in the file, and the time until Monaco stands; cold cache. */
async function firstLoad() {
  const times = []
  const stood = []
  let ownBytes = 0
  let allBytes = 0
  for (let i = 0; i < repeats; i++) {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
    await page.goto(`${origin}/p/new?template=typescript`)
    await page.waitForURL(/\/p\/[0-9a-f-]{36}/)
    await page.waitForFunction(() => window.vitrine)
    const address = page.url()
    await page.goto('about:blank')
    const client = await page.context().newCDPSession(page)
    await client.send('Network.enable')
    await client.send('Network.clearBrowserCache')
    const scripts = new Map()
    page.on('response', (response) => {
      // Workers run beside the page and are not counted.
      const isOwn = response.request().resourceType() === 'script' && response.url().startsWith(`${origin}/_next/`)
      if (isOwn && !response.url().includes('worker'))
        scripts.set(
          new URL(response.url()).pathname,
          response.body().catch(() => Buffer.alloc(0)),
        )
    })
    await page.goto(address, { waitUntil: 'commit' })
    times.push(await untilTypingWorks(page))
    await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: 60_000 })
    stood.push(await page.evaluate(() => performance.now()))
    ownBytes = 0
    allBytes = 0
    for (const response of scripts.values()) {
      const body = await response
      const bytes = gzipSync(body).length
      allBytes += bytes
      if (!body.includes('monaco')) ownBytes += bytes
    }
    await page.context().close()
  }
  print('first-load-js-before-monaco', ownBytes / 1024, 'KB gzip', 600)
  print('first-load-js-with-monaco', allBytes / 1024, 'KB gzip')
  print('first-load-until-typing-works', median(times) / 1000, 's', 2.5)
  print('first-load-until-monaco-stands', median(stood) / 1000, 's')
}

async function untilTypingWorks(page) {
  const editor = page.locator('.first-editor textarea, .monaco-editor .view-line').first()
  await editor.waitFor({ timeout: 60_000 })
  for (;;) {
    await editor.click()
    await page.keyboard.type('§')
    const done = await page.evaluate(async () => {
      const files = Object.values((await window.vitrine?.files.snapshot()) ?? {})
      return files.some((text) => text.includes('§')) ? performance.now() : null
    })
    if (done !== null) return done
  }
}

/** 100 tests: from a saved edit to the result on screen, against `vitest run` in Node on the same files. */
async function testSpeed() {
  const files = suiteOf100()
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto(`${origin}/p/new?template=empty`)
  await page.waitForURL(/\/p\/[0-9a-f-]{36}/)
  await page.waitForFunction(() => window.vitrine)
  await page.evaluate(async (mounted) => {
    await window.vitrine.files.mount(mounted)
    await window.vitrine.sandbox
    await window.vitrine.test()
  }, files)
  await page.getByRole('tab', { name: /^Tests/ }).click()
  const tab = []
  for (let i = 0; i < repeats; i++) {
    tab.push(
      await page.evaluate(async (version) => {
        const startedAt = performance.now()
        await window.vitrine.files.write('src/shared.ts', `export const version = ${version}\n`)
        const report = await window.vitrine.test()
        if (report.passed !== 100)
          throw new Error(`Expected 100 tests to pass, got ${JSON.stringify(report).slice(0, 500)}`)
        const isShown = () =>
          [...document.querySelectorAll('[role=status]')].some(({ textContent }) =>
            /100 passed in (?!.*before the last change)/.test(textContent),
          )
        do await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        while (!isShown())
        return performance.now() - startedAt
      }, i),
    )
  }
  await page.context().close()
  const native = await nativeRuns(files)
  print('test-speed-100-tests', median(tab), 'ms', median(native))
}

async function nativeRuns(files) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine bench '))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const times = []
    for (let i = 0; i < repeats; i++) {
      const startedAt = performance.now()
      const code = await runBin('vitest/vitest.mjs', ['run', '--root', folder], { cwd: folder, stdio: 'ignore' })
      if (code !== 0) fail('vitest in Node failed on the generated suite.')
      times.push(performance.now() - startedAt)
    }
    return times
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Ten exercises of ten tests each, all importing one shared module. */
function suiteOf100() {
  const files = {
    'package.json': '{ "name": "suite", "type": "module", "private": true }\n',
    'src/shared.ts': 'export const version = 0\n',
  }
  for (let i = 0; i < 10; i++) {
    files[`src/exercise-${i}.ts`] =
      `import { version } from './shared'\nexport function rotate<T>(list: T[], by: number): T[] {\n  const at = ((by % list.length) + list.length) % list.length\n  return [...list.slice(at), ...list.slice(0, at)]\n}\nexport const label = (n: number): string => \`${i}-\${n}-\${version >= 0}\`\n`
    const tests = Array.from(
      { length: 10 },
      (_, n) =>
        `  it('rotates by ${n}', () => {\n    expect(rotate([1, 2, 3, 4, 5], ${n})[0]).toBe(${(n % 5) + 1})\n    expect(label(${n})).toMatch(/${i}-${n}-true/)\n  })\n`,
    )
    files[`src/exercise-${i}.test.ts`] =
      `import { describe, expect, it } from 'vitest'\nimport { label, rotate } from './exercise-${i}'\n\ndescribe('exercise ${i}', () => {\n${tests.join('')}})\n`
  }
  return files
}

function startServer() {
  return new Promise((resolve) => {
    const env = { ...process.env, PORT: String(port), OPENAI_API_KEY: '', OPENAI_BASE_URL: '' }
    const child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.on('data', (data) => String(data).includes('Vitrine ready') && resolve(child))
    child.on('exit', (code) => code && fail('The server did not start.'))
  })
}

function print(bench, value, unit, baseline = null) {
  const round = (number) => (number === null ? null : Math.round(number * 1000) / 1000)
  console.log(
    JSON.stringify({
      bench,
      value: round(value),
      unit,
      baseline: round(baseline),
      ratio: baseline === null ? null : round(value / baseline),
    }),
  )
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
