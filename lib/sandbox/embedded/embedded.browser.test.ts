import { expect, test } from 'playwright/test'
import { sandboxContract } from '../sandbox.contract'
import { sandboxPage } from '../testing/sandbox-page'

/** A page that is not cross-origin isolated has no SharedArrayBuffer; some browsers grant none at all. */
const paths = { '': '/', ' without SharedArrayBuffer': '/plain' } as const

for (const [without, path] of Object.entries(paths)) {
  test.describe(`the embedded sandbox${without}`, () => {
    const page = sandboxPage({ path })
    test.beforeAll(async () => {
      expect(await page().evaluate(() => 'SharedArrayBuffer' in window)).toBe(without === '')
    })

    for (const [claim] of sandboxContract) {
      test(claim, async () => {
        await page().evaluate((name) => window.runContractCase(name), claim)
        expect(await page().locator('iframe').count()).toBe(0)
      })
    }

    test('ends every call and process when the frame is gone', async () => {
      const outcome = await page().evaluate(async () => {
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
