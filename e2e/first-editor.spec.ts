import { expect, test } from 'playwright/test'
import { newProject, readFile, workspaceReady } from './support/workbench'

test('typing works before Monaco is there, and Monaco takes over text, cursor, focus and undo', async ({ page }) => {
  await newProject(page, 'typescript')
  const address = page.url()
  await page.goto('about:blank')
  let letMonacoCome = () => {}
  const gate = new Promise<void>((resolve) => {
    letMonacoCome = resolve
  })
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    const response = await route.fetch()
    const body = await response.body()
    if (body.length > 1_500_000) await gate
    await route.fulfill({ response, body })
  })
  await page.goto(address)
  await workspaceReady(page)

  const before = await readFile(page, 'src/greet.ts')
  const editor = page.getByRole('textbox', { name: 'Editor, src/greet.ts' })
  await editor.click()
  await page.keyboard.press('Control+Home')
  await page.keyboard.type('// one ')
  await expect.poll(() => readFile(page, 'src/greet.ts')).toBe(`// one ${before}`)
  await expect(page.locator('.monaco-editor')).toHaveCount(0)

  letMonacoCome()
  await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible()
  await expect(page.locator('.first-editor')).toHaveCount(0)
  await page.unrouteAll({ behavior: 'wait' })
  await page.keyboard.type('two')
  await expect.poll(() => readFile(page, 'src/greet.ts')).toBe(`// one two${before}`)
  for (let i = 0; i < 6; i++) await page.keyboard.press('Control+Z')
  await expect.poll(() => readFile(page, 'src/greet.ts')).toBe(before)
})
