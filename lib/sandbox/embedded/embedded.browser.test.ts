import { expect, type Page, test } from 'playwright/test'
import { sandboxContract } from '../sandbox.contract'
import { serveSandbox, type TestServer } from '../testing/serve-sandbox'

let server: TestServer
let page: Page

/** A page that is not cross-origin isolated has no SharedArrayBuffer; some browsers grant none at all. */
const pages = { '': '/', ' without SharedArrayBuffer': '/plain' }
const plainPage = '<!doctype html><title>Test</title><body></body><script src="/test.js"></script>'

for (const [without, path] of Object.entries(pages)) {
  test.describe(`the embedded sandbox${without}`, () => {
    test.beforeAll(async ({ browser }) => {
      server = await serveSandbox('lib/sandbox/testing/contract-page.ts', plainPage)
      page = await browser.newPage()
      await page.goto(server.origin + path)
      expect(await page.evaluate(() => 'SharedArrayBuffer' in window)).toBe(without === '')
    })
    test.afterAll(async () => {
      await page.close()
      await server.close()
    })

    for (const [claim] of sandboxContract) {
      test(claim, async () => {
        await page.evaluate((name) => window.runContractCase(name), claim)
        expect(await page.locator('iframe').count()).toBe(0)
      })
    }

    test('ends every call and process when the frame is gone', async () => {
      const outcome = await page.evaluate(async () => {
        const sandbox = await window.createEmbeddedSandbox({
          files: new Map([['w.mjs', 'setInterval(() => {}, 1000)']]),
        })
        const child = await sandbox.spawn('node w.mjs')
        document.querySelector('iframe')?.remove()
        const { exitCode } = await child.exit
        const message = await sandbox.snapshot().then(String, (error: Error) => error.message)
        await sandbox.dispose()
        return { exitCode, message }
      })
      expect(outcome).toEqual({ exitCode: 137, message: 'The sandbox has crashed.' })
    })
  })
}
