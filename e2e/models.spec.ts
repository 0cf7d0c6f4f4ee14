import { expect, test } from 'playwright/test'
import { newProject, showPane } from './support/workbench'

test('a turn that meets a limit stops with a sentence, and “Continue” goes on with it', async ({ page }) => {
  test.setTimeout(120_000)
  await newProject(page, 'demo')
  await page.getByRole('button', { name: /^Model:/ }).click()
  await page.getByRole('button', { name: 'Change…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Limits' })
  await dialog.getByLabel('A turn: steps').fill('0')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByLabel('A turn: steps').fill('3')
  await dialog.getByRole('button', { name: 'Save' }).click()

  await page
    .getByRole('textbox', { name: 'Message to the agent' })
    .fill('Some tests fail. Find out why and fix the code.')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log').getByText('This turn reached its limit of 3 steps.')).toBeVisible({
    timeout: 30_000,
  })
  // The limit and the turn outlive a reload.
  await page.reload()
  await page.waitForFunction(() => window.vitrine !== undefined)
  await page.getByRole('button', { name: /^Continue ?\+ 3 steps$/ }).click()
  await expect(page.getByText(/tests 6\/6 · verified/)).toBeVisible({ timeout: 60_000 })
  const events = await page.evaluate(() => window.vitrine.agent.events())
  expect(events.filter(({ type }) => type === 'turn-start')).toHaveLength(1)
  expect(events.filter(({ type }) => type === 'limit-raised')).toHaveLength(1)

  await page.getByRole('button', { name: /\d steps?$/ }).click()
  await expect(page.getByRole('table', { name: 'What each step used' }).getByRole('row')).not.toHaveCount(2)
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('the model menu fits the screen; a message covers no field, and goes when the user goes on', async ({
    page,
  }) => {
    await page.addInitScript(() => Reflect.deleteProperty(window, 'LanguageModel'))
    await newProject(page, 'demo')
    await showPane(page, 'Agent')
    await page.getByRole('button', { name: /^Model:/ }).click()
    await expect(page.getByRole('dialog', { name: 'Model' }).getByRole('radio'), 'no model of the browser').toHaveCount(
      1,
    )
    const box = await page.getByRole('dialog', { name: 'Model' }).boundingBox()
    expect(box && box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844).toBe(true)
    await page.keyboard.press('Escape')

    const composer = page.getByLabel('Message to the agent')
    const message = page.getByRole('listitem').filter({ hasText: 'There is no command /nothing.' })
    const ask = async () => {
      await composer.fill('/nothing')
      await composer.press('Enter')
      await expect(message).toBeVisible()
    }
    await ask()
    const [shown, field] = [await message.boundingBox(), await composer.boundingBox()]
    expect(shown && field && shown.y + shown.height < field.y).toBe(true)
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect(composer).toBeFocused()

    await ask()
    await page.keyboard.press('Alt+t')
    await page.keyboard.press('Escape')
    await expect(message).toBeHidden()
    await expect(composer).toBeFocused()

    await ask()
    await page.keyboard.type('On I go')
    await expect(message).toBeHidden()
  })
})

test('a browser’s own model is offered where there is one, marked, and calls tools in the tab', async ({ page }) => {
  // The published API of the Prompt API, with answers given.
  await page.addInitScript(() => {
    const answers = ['{"tool":"read_file","arguments":{"path":"src/money.ts"}}', '{"answer":"It formats money."}']
    const session = {
      contextUsage: 100,
      contextWindow: 9_216,
      measureContextUsage: async (input: string) => input.length,
      prompt: async () => answers.shift() ?? '{"answer":"Done."}',
      destroy: () => undefined,
    }
    const api = { availability: async () => 'available', create: async () => session }
    Object.defineProperty(window, 'LanguageModel', { value: Object.assign(() => undefined, api) })
  })
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await newProject(page, 'demo')
  await page.getByRole('button', { name: /^Model:/ }).click()
  const pane = page.getByRole('dialog', { name: 'Model' })
  await expect(pane.getByText('On this device')).toBeVisible()
  await pane.getByRole('radio', { name: 'The browser’s own model' }).click()
  await page.keyboard.press('Escape')
  const result = await page.evaluate(() => window.vitrine.agent.send('What does money.ts do?'))
  expect(result).toMatchObject({ status: 'done', message: 'It formats money.', steps: 2, cost: 0 })
  expect(asked).not.toContain('/api/v1/responses')
})
