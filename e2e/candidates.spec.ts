import AxeBuilder from '@axe-core/playwright'
import { expect, test } from 'playwright/test'
import { newProject, readFile, showPane, workspaceReady } from './support/workbench'

test('four attempts race, the tests pick the right one, and the user takes it', async ({ page }, info) => {
  test.setTimeout(180_000)
  const picture = (title: string) => page.screenshot({ path: info.outputPath(`${title}.png`) })
  await newProject(page, 'demo')
  const before = await readFile(page, 'src/receipt.ts')
  await page.getByRole('button', { name: /^Race four attempts/ }).click()
  const attempts = page.getByRole('region', { name: 'Attempts' })
  await expect(attempts.getByText(/4 attempts side by side/)).toBeVisible({ timeout: 30_000 })
  await picture('1-racing')

  const take = attempts.getByRole('button', { name: 'Take attempt 3' })
  await expect(take).toBeVisible({ timeout: 120_000 })
  await expect(attempts.getByText('Nothing has changed in your project yet', { exact: false })).toBeVisible()
  expect(await readFile(page, 'src/receipt.ts')).toBe(before)
  await picture('2-choosing')

  await attempts.getByRole('button', { name: /^Attempt 1, plain/ }).click()
  await expect(
    page.getByRole('dialog', { name: /Attempt 1/ }).getByText('leading zero', { exact: false }),
  ).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCSS('opacity', '1')
  await picture('3-conversation')
  await page.keyboard.press('Escape')

  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await showPane(page, 'Agent')

  await attempts.getByRole('button', { name: 'Compare and choose' }).click()
  const compare = page.getByRole('dialog', { name: /Compare the attempts/ })
  await expect(compare.getByRole('heading', { name: /^3 · tests first/ })).toBeVisible()
  await expect(compare).toHaveCSS('opacity', '1')
  await picture('4-compare')
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  await compare.getByRole('button', { name: 'Take attempt 3' }).click()

  await expect(page.getByText(/tests 6\/6 · verified/)).toBeVisible({ timeout: 60_000 })
  expect(await readFile(page, 'src/receipt.ts')).toContain('cents * (1 - percent / 100)')
  await expect(page.getByRole('button', { name: /2 files changed/ })).toBeVisible()
  await picture('5-taken')

  await page.getByRole('button', { name: 'Check the tests' }).click()
  await expect(page.getByText(/The tests notice \d+ of \d+ ways to break the change/)).toBeVisible({
    timeout: 60_000,
  })
  await picture('6-tests-checked')

  await page.reload()
  await workspaceReady(page)
  await showPane(page, 'Agent')
  await expect(attempts.getByText(/Attempt 3 of 4 taken by you/)).toBeVisible()
})

test('in auto mode the page API takes the best by itself, and history holds only its items', async ({ page }) => {
  test.setTimeout(180_000)
  await newProject(page, 'demo')
  const outcome = await page.evaluate(async () => {
    const { agent } = window.vitrine
    agent.setPolicy('auto')
    const result = await agent.send('Some tests fail. Try four ways to fix them, and let the tests choose.', {
      candidates: 4,
    })
    return { result, history: JSON.stringify(agent.history()), events: agent.events() }
  })
  expect(outcome.result).toMatchObject({ status: 'done', verified: true })
  expect(outcome.history).toContain('Two tests fail for two reasons')
  expect(outcome.history).not.toContain('looks like the whole problem')
  expect(outcome.events.filter(({ type }) => type === 'candidates-picked')).toMatchObject([{ index: 2, by: 'rank' }])
  expect(await readFile(page, 'src/receipt.ts')).toContain('percent / 100')
})

test('a reload in the middle of a race asks what to do and applies nothing twice', async ({ page }) => {
  test.setTimeout(180_000)
  await newProject(page, 'demo')
  await showPane(page, 'Agent')
  await page.getByRole('button', { name: /^Race four attempts/ }).click()
  await expect
    .poll(
      () => page.evaluate(() => window.vitrine.agent.events().filter(({ type }) => type === 'candidate-end').length),
      {
        timeout: 60_000,
      },
    )
    .toBeGreaterThan(0)
  await page.reload()
  await workspaceReady(page)
  await showPane(page, 'Agent')
  await page.getByRole('button', { name: 'Continue' }).click()
  const attempts = page.getByRole('region', { name: 'Attempts' })
  await attempts.getByRole('button', { name: 'Run the unfinished again' }).click({ timeout: 30_000 })
  await attempts.getByRole('button', { name: 'Take attempt 3' }).click({ timeout: 120_000 })
  await expect(page.getByText(/tests 6\/6 · verified/)).toBeVisible({ timeout: 60_000 })
  const picks = await page.evaluate(
    () => window.vitrine.agent.events().filter(({ type }) => type === 'candidates-picked').length,
  )
  expect(picks).toBe(1)
})
