import { expect, test } from 'playwright/test'
import { demoPort } from './support/ports'
import { openFile, readFile, runInTerminal, showPane, typeAtEnd, watchHosts, workspaceReady } from './support/workbench'

const origin = `http://localhost:${demoPort}`
const screens = [
  { name: 'wide, light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'narrow, dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const

for (const { name, viewport, colorScheme } of screens) {
  test.describe(name, () => {
    test.use({ viewport, colorScheme })

    test('a first visit: the agent mends the demo, the user goes on, reloads and shares', async ({
      page,
      browser,
    }, info) => {
      test.setTimeout(180_000)
      const hosts = watchHosts(page)
      const picture = async (title: string) => {
        await page.screenshot({ path: info.outputPath(`${title}.png`) })
      }

      await page.goto('/')
      await expect(page.getByRole('link', { name: /Web page/ })).toBeVisible()
      await picture('1-start')
      await page.getByRole('link', { name: /Try the demo/ }).click()
      await workspaceReady(page)

      await showPane(page, 'Agent')
      await expect(page.getByText('Demo model (scripted)').first()).toBeVisible()
      await picture('2-demo')
      await page.getByRole('button', { name: /^Fix the failing tests/ }).click()
      await expect(page.getByText(/tests 5\/6/).first()).toBeVisible({ timeout: 60_000 })
      await expect(page.getByText(/tests 6\/6 · verified/)).toBeVisible({ timeout: 60_000 })
      await expect(page.getByText(/tokens.*\d+(\.\d+)?\s(ms|s) · \d+\sstep/).first()).toBeVisible()
      await picture('3-verified')

      await page.getByRole('button', { name: /2 files changed/ }).click()
      await page.getByRole('button', { name: 'Show what changed in src/money.ts' }).last().click()
      await expect(page.getByText('padStart').first()).toBeVisible()
      await picture('4-diff')
      await showPane(page, 'Agent')
      await page.getByRole('button', { name: 'Undo src/money.ts' }).click()
      await expect.poll(() => readFile(page, 'src/money.ts')).not.toContain('padStart')
      expect(await readFile(page, 'src/receipt.ts')).toContain('percent / 100')

      await openFile(page, 'main.ts')
      await typeAtEnd(page, "\nconsole.log('typed by hand')\n")
      await expect.poll(() => readFile(page, 'src/main.ts')).toContain('typed by hand')
      await runInTerminal(page, 'npm test', /1 failed/)
      await runInTerminal(page, 'node src/main.ts', 'typed by hand')
      await picture('5-terminal')

      await page.reload()
      await workspaceReady(page)
      await showPane(page, 'Agent')
      await expect(page.getByText(/tests 6\/6 · verified/)).toBeVisible()
      expect(await readFile(page, 'src/main.ts')).toContain('typed by hand')
      await showPane(page, 'Editor')
      await expect(page.getByRole('tab', { name: /main\.ts/ })).toBeVisible()
      await picture('6-reloaded')

      await page.getByRole('button', { name: 'Share' }).click()
      await page.getByRole('checkbox', { name: /conversation/ }).check()
      const link = page.getByRole('textbox', { name: 'Link' })
      await expect(link).toHaveValue(/\/open#v1\./)
      await picture('7-share')
      const url = await link.inputValue()
      hosts.assertOnly(origin)

      const profile = await browser.newContext({ viewport, colorScheme })
      const guest = await profile.newPage()
      const guestHosts = watchHosts(guest)
      await guest.goto(url)
      await workspaceReady(guest)
      expect(await readFile(guest, 'src/main.ts')).toContain('typed by hand')
      await expect(guest.evaluate(() => window.vitrine.run('node src/main.ts'))).rejects.toThrow(/Trust and fork/)
      await guest.screenshot({ path: info.outputPath('8-shared.png') })
      const linked = guest.url()
      await guest.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Trust and fork' }).click()
      await guest.waitForURL((url) => url.href !== linked)
      await workspaceReady(guest)
      await expect
        .poll(
          () => guest.evaluate(() => window.vitrine?.run('node src/main.ts').then(({ stdout }) => stdout, String)),
          {
            timeout: 30_000,
          },
        )
        .toContain('typed by hand')
      guestHosts.assertOnly(origin)
      await profile.close()
    })
  })
}
