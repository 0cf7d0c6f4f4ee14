import { expect, type Page, test } from 'playwright/test'
import { newProject } from './support/workbench'

const message = (page: Page) => page.getByLabel('Message to the agent')
const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' })
const done = (page: Page) => conversation(page).getByRole('button', { name: 'More for this turn' })

test('a message that waits is sent when the turn is done, and an edited one begins a conversation of its own', async ({
  page,
}) => {
  await newProject(page, 'demo')
  await message(page).fill('Explain src/money.ts')
  await message(page).press('Enter')
  await message(page).fill('Explain src/receipt.ts')
  await message(page).press('Alt+Enter')
  await expect(done(page)).toHaveCount(2, { timeout: 30_000 })
  await expect(conversation(page).getByRole('article').last()).toContainText('Explain src/receipt.ts')

  await conversation(page).getByRole('article').last().getByText('Explain src/receipt.ts').first().hover()
  await page.getByRole('button', { name: 'Edit and send again' }).last().click()
  await page.getByLabel('Edit the message').fill('Explain src/main.ts')
  await page.getByLabel('Edit the message').press('Enter')
  await expect(conversation(page).getByRole('article').last()).toContainText('Explain src/main.ts')
  await expect(done(page)).toHaveCount(2, { timeout: 30_000 })
  await expect(conversation(page)).not.toContainText('Explain src/receipt.ts')
})

test('conversations are found, opened, replayed and deleted, also after a reload', async ({ page }) => {
  await newProject(page, 'demo')
  await message(page).fill('/ask Explain src/money.ts')
  await message(page).press('Enter')
  await expect(done(page)).toHaveCount(1, { timeout: 30_000 })
  await message(page).fill('/new')
  await message(page).press('Enter')
  await expect(conversation(page)).toContainText('What shall we make?')
  await page.reload()
  await expect(conversation(page)).toContainText('What shall we make?')

  await message(page).fill('/thr')
  await message(page).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Conversations' })
  await dialog.getByLabel('Search in conversations').fill('nothing like it')
  await expect(dialog).toContainText('Nothing was found.')
  await dialog.getByLabel('Search in conversations').fill('MONEY')
  await dialog.getByRole('button', { name: /^Explain src\/money\.ts/ }).click()
  await expect(done(page)).toHaveCount(1)

  await message(page).fill('/replay')
  await message(page).press('Enter')
  const steps = page.getByLabel('Step of the conversation')
  await steps.focus()
  await page.keyboard.press('Home')
  await expect(done(page)).toHaveCount(0)
  await page.keyboard.press('End')
  await expect(done(page)).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(message(page)).toBeVisible()

  await page.getByRole('button', { name: 'Explain src/money.ts' }).click()
  await dialog.getByRole('button', { name: 'More for “Explain src/money.ts”' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(dialog).toContainText('No conversations yet.')
})
