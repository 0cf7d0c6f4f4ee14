import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from 'playwright/test'
import { newProject } from './support/workbench'

const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { colorScheme, width: 1440, height: 900 },
  { colorScheme, width: 390, height: 844 },
])

test('the start page has no violation of WCAG A and AA', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('link', { name: /Try the demo/ })).toBeVisible()
  await expectNoViolations(page)
})

test('the workbench has no violation of WCAG A and AA', async ({ page }) => {
  await newProject(page, 'demo')
  await page.getByRole('button', { name: /^Explain a file/ }).click()
  await expect(page.getByText('It offers', { exact: true })).toBeVisible({ timeout: 30_000 })
  await expectNoViolations(page)
})

/** In each look, which the page changes to while it stands. */
async function expectNoViolations(page: Page): Promise<void> {
  for (const { colorScheme, width, height } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height })
    await expect(page.locator('html')).toHaveCSS('color-scheme', colorScheme)
    expect(await violations(page), `${colorScheme}, ${width} px`).toEqual([])
  }
}

async function violations(page: Page) {
  // Monaco and xterm draw their own text and say so to assistive technology in other ways.
  const builder = new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .exclude('.monaco-editor')
    .exclude('.xterm')
  const { violations: found } = await builder.analyze()
  return found.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }))
}
