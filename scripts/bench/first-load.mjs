import { gzipSync } from 'node:zlib'
import { median, print, repeats } from './report.mjs'

/** What an open project loads, the time until a letter typed is in the file, and the time until Monaco stands; cold cache. */
export async function firstLoad({ browser, origin }) {
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
