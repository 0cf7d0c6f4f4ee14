import { expect, test } from 'playwright/test'
import { newProject, showPane } from './support/workbench'

test('what the agent is told can be chosen, seen, shortened and brought back', async ({ page }) => {
  test.setTimeout(120_000)
  await page.setViewportSize({ width: 390, height: 844 })
  await newProject(page, 'demo')
  await showPane(page, 'Agent')

  const box = page.getByRole('textbox', { name: 'Message to the agent' })
  await box.click()
  await page.keyboard.type('Explain @mon')
  const list = page.getByRole('listbox', { name: 'Attach to the message' })
  await expect(list.getByRole('option').first()).toHaveText('src/money.ts')
  await expect(list.getByRole('option').first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(list).toBeHidden()
  await expect(box).toHaveValue('Explain `src/money.ts` ')
  await expect(page.getByRole('list', { name: 'Attached' })).toContainText('src/money.ts')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/1\sstep|2\ssteps/).first()).toBeVisible({ timeout: 60_000 })
  const told = await page.evaluate(() => JSON.stringify(window.vitrine.agent.history()))
  expect(told).toContain('<attachments>')
  expect(told).toContain('## src/money.ts, lines 1-')

  for (let turn = 0; turn < 6; turn++) {
    await page.evaluate(() => window.vitrine.agent.send('Explain src/receipt.ts', { mode: 'ask' }))
  }
  const before = await page.evaluate(() => window.vitrine.agent.history().length)
  await page.getByRole('button', { name: /^Context: / }).click()
  const dialog = page.getByRole('dialog', { name: 'Context' })
  await expect(dialog.getByText(/^\d+(\.\d)?k of 128k tokens/)).toBeVisible({ timeout: 30_000 })
  await expect(dialog.getByText(/Nothing broke it/)).toBeVisible()
  await dialog.getByText('Instructions to the agent').click()
  await expect(dialog.getByText('You are the coding agent of Vitrine').first()).toBeVisible()
  await dialog.getByRole('button', { name: 'Compact now' }).click()

  await expect(page.getByText(/^Compacted: .* tokens$/)).toBeVisible()
  const after = await page.evaluate(() => window.vitrine.agent.history().length)
  expect(after).toBeLessThan(before)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page.getByText('Undone: the older steps are back.')).toBeVisible()
  expect(await page.evaluate(() => window.vitrine.agent.history().length)).toBe(before)
})
