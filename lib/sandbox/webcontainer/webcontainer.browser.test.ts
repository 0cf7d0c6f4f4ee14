import { expect, test } from 'playwright/test'
import { sandboxContract } from '../sandbox.contract'
import { sandboxPage } from '../testing/sandbox-page'

/** `npm run e2e:webcontainer` runs the contract on the vendor's own runtime instead. */
const isLive = process.env.VITRINE_SUITE === 'webcontainer'
const kind = isLive ? 'webcontainer' : 'stand-in'

test.describe(isLive ? 'WebContainer' : 'the WebContainer adapter, on a stand-in of the published API', () => {
  const page = sandboxPage({ path: '/vendor' })

  for (const [claim] of sandboxContract) {
    test(claim, async () => {
      // The vendor's terminal takes input as it is typed; our shell gives its own commands what is there at the start.
      test.skip(!isLive && claim.startsWith('reads standard input'), 'needs a terminal behind the stand-in')
      await page().evaluate(([name, implementation]) => window.runContractCase(name, implementation), [
        claim,
        kind,
      ] as const)
      await expect(page().locator('iframe')).toHaveCount(0)
    })
  }
})
