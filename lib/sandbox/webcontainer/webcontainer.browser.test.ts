import { expect, type Page, test } from 'playwright/test'
import { sandboxContract } from '../sandbox.contract'
import { serveSandbox, type TestServer } from '../testing/serve-sandbox'

/** `npm run e2e:webcontainer` runs the contract on the vendor's own runtime instead. */
const isLive = process.env.VITRINE_SUITE === 'webcontainer'
const kind = isLive ? 'webcontainer' : 'stand-in'
let server: TestServer
let page: Page

test.describe(isLive ? 'WebContainer' : 'the WebContainer adapter, on a stand-in of the published API', () => {
  test.beforeAll(async ({ browser }) => {
    server = await serveSandbox('lib/sandbox/testing/contract-page.ts')
    page = await browser.newPage()
    await page.goto(`${server.origin}/vendor`)
  })
  test.afterAll(async () => {
    await page.close()
    await server.close()
  })

  for (const [claim] of sandboxContract) {
    test(claim, async () => {
      // The vendor's terminal takes input as it is typed; our shell gives its own commands what is there at the start.
      test.skip(!isLive && claim.startsWith('reads standard input'), 'needs a terminal behind the stand-in')
      await page.evaluate(([name, implementation]) => window.runContractCase(name, implementation), [
        claim,
        kind,
      ] as const)
      await expect(page.locator('iframe')).toHaveCount(0)
    })
  }
})
