import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from 'playwright/test'
import { newProject, readFile, runCommand, showPane, workspaceReady } from './support/workbench'

const pane = (page: Page) => page.getByRole('region', { name: 'Review', exact: true })
const composer = (page: Page) => page.getByLabel('Message to the agent')

async function say(page: Page, text: string): Promise<void> {
  await showPane(page, 'Agent')
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

async function turnsDone(page: Page, count: number): Promise<void> {
  await showPane(page, 'Agent')
  await expect(page.getByRole('button', { name: 'More for this turn' })).toHaveCount(count, { timeout: 60_000 })
}

/** What the model has been told, item by item. */
function told(page: Page, tag: string): Promise<string[]> {
  return page.evaluate(
    (wanted) =>
      window.vitrine.agent
        .history()
        .map((item) => JSON.stringify(item))
        .filter((item) => item.includes(wanted)),
    tag,
  )
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .include('[data-review-pane]')
    .exclude('.monaco-editor')
    .analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

// What the others show on a phone is among the states of `npm run gallery`.
test.describe('on a phone, dark', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })

  test('the user goes through the changes by keys, comments, undoes, and the agent hears of it once', async ({
    page,
  }, info) => {
    test.setTimeout(180_000)
    const picture = (title: string) => page.screenshot({ path: info.outputPath(`${title}.png`) })
    await newProject(page, 'demo')
    await say(page, 'Some tests fail. Find out why and fix the code.')
    await turnsDone(page, 1)

    await page.keyboard.press('F7')
    const first = pane(page).getByRole('article', { name: /^Change 1 of 2/ })
    await expect(first).toBeFocused()
    await expect(first).toContainText('padStart')
    await first.getByRole('button', { name: 'Comment for the agent' }).click()
    await picture('1-commenting')
    await page.keyboard.type('Say in a comment why two digits.')
    await page.keyboard.press('Control+Enter')
    await expect(first).toContainText('Say in a comment why two digits.')
    expect(await violations(page)).toEqual([])
    await picture('2-changes')

    await page.keyboard.press('Control+Backspace')
    await expect.poll(() => readFile(page, 'src/money.ts')).not.toContain('padStart')
    await page.keyboard.press('Control+z')
    await expect.poll(() => readFile(page, 'src/money.ts')).toContain('padStart')
    await expect(pane(page).getByRole('article', { name: /^Change \d of 2/ })).toHaveCount(1)
    await expect(first).toContainText('Say in a comment why two digits.')
    await page.keyboard.press('F7')
    await expect(pane(page).getByRole('article', { name: /^Change 2 of 2/ })).toBeFocused()
    await page.keyboard.press('Shift+F7')
    await expect(first).toBeFocused()
    await page.keyboard.press('Control+Enter')
    const second = pane(page).getByRole('article', { name: /^Change 1 of 1/ })
    await expect(second).toContainText('percent / 100')

    await second.getByRole('button', { name: 'Edit these lines' }).click()
    await page.getByLabel(/^Your version of/).fill('  return Math.round((cents * (100 - percent)) / 100)')
    await picture('3-editing')
    // What is typed outlives the pane.
    await page.getByRole('button', { name: 'Close the review' }).click()
    await page.keyboard.press('F7')
    await expect(page.getByLabel(/^Your version of/)).toHaveValue(/100 - percent/)
    await page.getByLabel(/^Your version of/).press('Control+Enter')
    await expect(pane(page)).toContainText('Everything is reviewed')
    await page.keyboard.press('Control+z')
    await expect.poll(() => readFile(page, 'src/receipt.ts')).toContain('percent / 100')
    await second.getByRole('button', { name: 'Edit these lines' }).click()
    await page.getByLabel(/^Your version of/).fill('  return Math.round((cents * (100 - percent)) / 100)')
    await page.keyboard.press('Control+Enter')
    await expect(pane(page)).toContainText('Everything is reviewed')
    expect(await readFile(page, 'src/receipt.ts')).toContain('(100 - percent)')
    expect(await readFile(page, 'src/money.ts')).toContain('padStart')
    await picture('4-reviewed')

    await expect(page.getByText('Saved', { exact: true })).toBeVisible()
    await page.reload()
    await workspaceReady(page)
    await showPane(page, 'Agent')
    await expect(page.getByRole('button', { name: /^Your review: 1 kept, 1 edited, 1 comment/ })).toBeVisible()
    await runCommand(page, 'Take back the last keep')
    await expect.poll(() => readFile(page, 'src/receipt.ts')).toContain('percent / 100')
    await page.keyboard.press('F7')
    await second.getByRole('button', { name: 'Edit these lines' }).click()
    await page.getByLabel(/^Your version of/).fill('  return Math.round((cents * (100 - percent)) / 100)')
    await page.keyboard.press('Control+Enter')
    await expect(pane(page)).toContainText('Everything is reviewed')
    await say(page, 'Explain src/money.ts')
    await turnsDone(page, 2)
    const items = await told(page, '<review-outcomes>')
    expect(items).toHaveLength(1)
    expect(items[0]).toContain('Say in a comment why two digits.')
    expect(items[0]).toContain(String.raw`\"outcome\":\"edited\"`)
    const chip = page.getByRole('button', { name: /^Your review: 1 kept, 1 edited, 1 comment/ })
    await expect(chip).toHaveCount(1)
    await chip.click()
    await expect(page.getByRole('list', { name: 'Your review' })).toContainText('src/receipt.ts')
    await picture('5-told')
    await page.keyboard.press('Escape')

    await say(page, 'Explain src/receipt.ts')
    await turnsDone(page, 3)
    expect(await told(page, '<review-outcomes>')).toHaveLength(1)
  })
})

test('a reviewer finds what is wrong, the editor shows it, and the agent mends it', async ({ page }, info) => {
  test.setTimeout(180_000)
  const picture = (title: string) => page.screenshot({ path: info.outputPath(`${title}.png`) })
  await newProject(page, 'demo')
  await say(page, 'Some tests fail. Find out why and fix the code.')
  await turnsDone(page, 1)
  await say(page, '/review')
  await expect(pane(page)).toContainText('No findings.', { timeout: 30_000 })
  await picture('1-nothing')

  await page.evaluate(async () => {
    const text = await window.vitrine.files.read('src/money.ts')
    const marked = text.replace('  const rest', '  debugger\n  console.log(cents)\n  const rest')
    await window.vitrine.files.write('src/money.ts', marked)
  })
  await pane(page).getByRole('button', { name: 'Review again' }).click()
  const findings = pane(page).getByRole('list', { name: 'Findings' })
  await expect(findings.getByRole('listitem')).toHaveCount(2, { timeout: 30_000 })
  await expect(findings.getByRole('listitem').first()).toContainText('A debugger statement is left in the code')
  expect(await violations(page)).toEqual([])
  await picture('2-findings')

  await findings
    .getByRole('button', { name: /^src\/money\.ts:/ })
    .first()
    .click()
  await expect(page.locator('.monaco-editor .finding-title').first()).toContainText('debugger')
  await picture('3-in-the-editor')

  await say(page, '/review')
  await expect(pane(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  await expect(pane(page).getByRole('button', { name: 'Review again' })).toBeVisible({ timeout: 30_000 })
  await expect(findings.getByRole('listitem')).toHaveCount(2)
  await findings.getByRole('button', { name: 'Fix with agent' }).first().click()
  await turnsDone(page, 2)
  await expect.poll(() => readFile(page, 'src/money.ts')).not.toContain('debugger')
  expect(await told(page, 'finding of a review')).toHaveLength(1)
  await picture('4-mended')

  await page.reload()
  await workspaceReady(page)
  await say(page, '/diff checkpoints')
  await page.getByRole('tab', { name: /^Findings/ }).click()
  await expect(findings.getByRole('button', { name: 'Sent to the agent' })).toBeVisible()
  await findings
    .getByRole('button', { name: /^Dismiss/ })
    .first()
    .click()
  await expect(findings.getByRole('listitem')).toHaveCount(1)
})

test('files that the policy names are kept by themselves, and any two checkpoints can be compared', async ({
  page,
}, info) => {
  test.setTimeout(120_000)
  const picture = (title: string) => page.screenshot({ path: info.outputPath(`${title}.png`) })
  await newProject(page, 'demo')
  await say(page, 'Add a slugify function with tests.')
  await turnsDone(page, 1)
  await expect(page.getByText('Needs your review:')).toContainText('slugify.test.ts')
  await picture('1-needs-review')
  await page.getByRole('button', { name: 'Keep all' }).click()
  await expect(pane(page)).toContainText('Needs your review')
  await expect(pane(page).getByRole('combobox', { name: 'File' })).toContainText('slugify.test.ts')
  await picture('2-one-by-one')

  await pane(page).getByRole('button', { name: 'Which files?' }).click()
  const dialog = page.getByRole('dialog', { name: 'Files that need your review' })
  await expect(dialog.getByLabel('Patterns')).toHaveValue(/\*\*\/\*\.test\.\*/)
  await expect(dialog).toHaveCSS('opacity', '1')
  await picture('3-paths')
  await dialog.getByRole('button', { name: 'Cancel' }).click()

  await pane(page).getByRole('button', { name: 'Keep file' }).click()
  await expect(pane(page)).toContainText('Everything is reviewed')
  await showPane(page, 'Agent')
  await expect(page.getByText('Needs your review:')).toHaveCount(0)

  await page.getByRole('button', { name: 'More for this turn' }).click()
  await page.getByRole('menuitem', { name: 'Compare with before this turn' }).click()
  await expect(pane(page)).toContainText('slugify.ts')
  await expect(pane(page)).toContainText('new')
  await expect(pane(page).getByRole('combobox', { name: 'From' })).toContainText('Before this turn')
  expect(await violations(page)).toEqual([])
  await picture('4-compare')
  await pane(page).getByRole('combobox', { name: 'To' }).click()
  await page.getByRole('option', { name: /^Before this turn/ }).click()
  await expect(pane(page)).toContainText('No difference')
})
