import { expect, type Page, test } from 'playwright/test'
import { sandboxContract } from '../sandbox.contract'
import { serveSandbox, type TestServer } from '../testing/serve-sandbox'

let server: TestServer
let page: Page

test.describe('the embedded sandbox', () => {
  test.beforeAll(async ({ browser }) => {
    server = await serveSandbox('lib/sandbox/testing/contract-page.ts')
    page = await browser.newPage()
    await page.goto(server.origin)
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
      const sandbox = await window.createEmbeddedSandbox({ files: new Map([['w.mjs', 'setInterval(() => {}, 1000)']]) })
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
