import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { type BrowserContext, expect, type Page, test } from 'playwright/test'
import type * as entry from './testing/page'

declare const vitrine: typeof entry

let server: Server
let origin = ''

test.beforeAll(async () => {
  const bundle = await build({
    entryPoints: ['lib/workspace/browser-store/testing/page.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'vitrine',
    write: false,
    logLevel: 'error',
  })
  const page = `<!doctype html><title>Test</title><script>${bundle.outputFiles[0]?.text}</script>`
  server = createServer(({ url }, response) =>
    response
      .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
      .end(url === '/empty' ? '<!doctype html>' : page),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})

test.afterAll(() => new Promise((resolve) => server.close(resolve)))

async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(origin)
  return page
}

/** Ends the renderer at once, as a crash does: no event reaches the page. */
async function crash(context: BrowserContext, page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash')
  const session = await context.newCDPSession(page)
  // Never answers: the renderer is gone.
  session.send('Page.crash').catch(() => undefined)
  await crashed
  await page.close()
}

const stored = (page: Page) => page.evaluate(() => vitrine.readStored())

test('a crash while typing loses at most a second of it, and nothing that was acknowledged', async ({ context }) => {
  test.setTimeout(120_000)
  let typed = 0
  let typedAt: number[] = []
  let acknowledged = 0
  await context.exposeFunction('reportTyped', (n: number, at: number) => {
    typed = n
    typedAt[n] = at
  })
  await context.exposeFunction('reportAcknowledged', (n: number) => {
    acknowledged = n
  })
  await (await open(context)).evaluate(() => vitrine.createProject())
  const losses: number[] = []
  for (let run = 0; run < 10; run++) {
    typed = acknowledged = 0
    typedAt = []
    const page = await open(context)
    await page.evaluate(() => vitrine.typeForEver())
    await expect.poll(() => acknowledged).toBeGreaterThan(0)
    await page.waitForTimeout(100 + run * 70)
    await crash(context, page)
    const { text, events } = await stored(await open(context))
    const kept = Number(text.match(/\d+$/)?.[0] ?? 0)
    losses.push((typedAt[typed] ?? 0) - (typedAt[kept] ?? 0))
    expect(events.at(-1)).toBeGreaterThanOrEqual(acknowledged)
    expect(kept).toBeGreaterThanOrEqual(acknowledged)
  }
  console.log(`typing lost to 10 crashes, ms: ${losses.join(' ')}`)
  expect(Math.max(...losses)).toBeLessThanOrEqual(1_000)
})

test('leaving the page saves the last keystroke', async ({ context }) => {
  const page = await open(context)
  await page.evaluate(() => vitrine.createProject())
  for (let run = 0; run < 5; run++) {
    await Promise.all([page.waitForEvent('load'), page.evaluate((n) => vitrine.typeAndReload(n), run)])
    expect((await stored(page)).text).toBe(`last ${run}`)
  }
})

test('a second tab is a reader, follows along, and takes over without losing what was just typed', async ({
  context,
}) => {
  const [first, second] = [await open(context), await open(context)]
  await first.evaluate(() => vitrine.createProject())
  expect(await first.evaluate(() => vitrine.openTab())).toBe('writer')
  expect(await second.evaluate(() => vitrine.openTab())).toBe('reader')
  await first.evaluate(() => vitrine.type('followed'))
  await expect.poll(() => second.evaluate(() => vitrine.text())).toBe('followed')

  await first.evaluate(() => vitrine.type('typed in the last moment'))
  const tookMs = await second.evaluate(() => vitrine.takeOver())
  expect(await second.evaluate(() => vitrine.text())).toBe('typed in the last moment')
  expect(await first.evaluate(() => vitrine.tabState())).toEqual({ lock: 'reader', wasTold: true })
  await second.evaluate(() => vitrine.type('by the second'))
  await expect.poll(async () => (await stored(second)).text).toBe('by the second')
  console.log(`lock handed over in ${tookMs} ms`)
})

test('a hanging tab loses the lock, and can write nothing when it wakes', async ({ context }) => {
  const [first, second] = [await open(context), await open(context)]
  await first.evaluate(() => vitrine.createProject())
  await first.evaluate(() => vitrine.openTab())
  await second.evaluate(() => vitrine.openTab())
  const hanging = first.evaluate(() => vitrine.typeAndHang('too late', 4_000))
  await second.evaluate(() => vitrine.takeOver())
  await second.evaluate(() => vitrine.type('by the second'))
  await hanging
  await expect.poll(() => first.evaluate(() => vitrine.tabState())).toEqual({ lock: 'reader', wasTold: true })
  await first.waitForTimeout(1_000)
  expect((await stored(second)).text).toBe('by the second')
})

test('a crashed tab leaves the lock to the next', async ({ context }) => {
  const first = await open(context)
  await first.evaluate(() => vitrine.createProject())
  await first.evaluate(() => vitrine.openTab())
  await crash(context, first)
  expect(await (await open(context)).evaluate(() => vitrine.openTab())).toBe('writer')
})

test('a full disk is said, loses nothing, and is over when there is room again', async ({ context }) => {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const limit = { origin: origin.slice(0, -1) }
  // Chromium grants room ahead at the first use of storage, so the limit must be there before.
  await page.goto(`${origin}empty`)
  await session.send('Storage.overrideQuotaForOrigin', { ...limit, quotaSize: 1_000_000 })
  await page.goto(origin)
  await page.evaluate(() => vitrine.createProject())
  await page.evaluate(() => vitrine.openTab())
  await page.evaluate(() => vitrine.type(vitrine.noise(3_000_000)))
  await expect.poll(() => page.evaluate(() => vitrine.saving())).toEqual({ state: 'memory', problem: 'quota' })
  await page.evaluate(() => vitrine.type('kept in memory'))
  await page.evaluate(() => vitrine.type(`${vitrine.noise(3_000_000)} to the end`))
  await session.send('Storage.overrideQuotaForOrigin', limit)
  await expect
    .poll(() => page.evaluate(() => vitrine.saving()), { timeout: 15_000 })
    .toEqual({ state: 'saved', problem: null })
  expect((await stored(page)).text.slice(-10)).toBe('to the end')
})

test('5,000 files are stored and opened in seconds, and a keystroke among them is saved in milliseconds', async ({
  context,
}) => {
  const page = await open(context)
  const times = await page.evaluate(() => vitrine.measure(5_000))
  console.log(`5,000 files, ms: ${JSON.stringify(times)}`)
  expect(times.files).toBe(5_000)
})
