import AxeBuilder from '@axe-core/playwright'
import { expect, test } from 'playwright/test'
import { newProject, showPane } from './support/workbench'

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    test.describe(`${colorScheme}, ${viewport.width} px`, () => {
      test.use({ colorScheme, viewport })

      test('the start page has no violation of WCAG A and AA', async ({ page }) => {
        await page.goto('/')
        await expect(page.getByRole('link', { name: /Try the demo/ })).toBeVisible()
        expect(await violations(page)).toEqual([])
      })

      test('the workbench has no violation of WCAG A and AA', async ({ page }) => {
        await newProject(page, 'demo')
        await showPane(page, 'Agent')
        await page.getByRole('button', { name: /^Explain a file/ }).click()
        await expect(page.getByText('It offers', { exact: true })).toBeVisible({ timeout: 30_000 })
        expect(await violations(page)).toEqual([])
      })
    })
  }
}

async function violations(page: import('playwright/test').Page) {
  // Monaco and xterm draw their own text and say so to assistive technology in other ways.
  const builder = new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .exclude('.monaco-editor')
    .exclude('.xterm')
  const { violations: found } = await builder.analyze()
  return found.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }))
}
