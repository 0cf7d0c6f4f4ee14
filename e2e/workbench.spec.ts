import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, type Page, test } from 'playwright/test'
import { newProject, openFile, readFile, runCommand, typeAtEnd, workspaceReady } from './support/workbench'

const notices = (page: Page) => page.getByRole('region', { name: 'Notices' })

test('files are made, renamed and deleted in the tree, and a deletion is undone', async ({ page }) => {
  await newProject(page, 'demo')
  const file = (name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })

  await page.getByRole('treeitem', { name: /^package\.json/ }).click()
  await runCommand(page, 'New file…')
  await page.getByRole('textbox', { name: 'Name of the new file' }).fill('notes.md')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: /notes\.md/ })).toBeVisible()

  const newName = page.getByRole('textbox', { name: 'New name of notes.md' })
  // The editor of the new file takes the focus once it is there, from the tree too.
  await expect(async () => {
    await file('notes.md').press('F2')
    await expect(newName).toBeVisible({ timeout: 1000 })
  }).toPass()
  await newName.fill('diary.md')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: /diary\.md/ })).toBeVisible()

  await file('diary.md').press('Delete')
  await expect(file('diary.md')).toHaveCount(0)
  await runCommand(page, 'Undo the last change of files')
  await expect(file('diary.md')).toBeVisible()
})

test('an editor that comes late takes nobody’s focus who writes a name', async ({ page }) => {
  let letEditorCome = () => {}
  const comes = new Promise<void>((resolve) => {
    letEditorCome = resolve
  })
  // Monaco is by far the largest of all.
  const chunks = '.next/static/chunks'
  const large = readdirSync(chunks).filter((name) => statSync(`${chunks}/${name}`).size > 1_000_000)
  await page.route(
    ({ pathname }) => large.some((name) => pathname.endsWith(name)),
    async (route) => {
      await comes
      await route.continue()
    },
  )
  await newProject(page, 'empty')
  await page.getByRole('treeitem', { name: /^README/ }).click()
  await runCommand(page, 'New file…')
  await page.getByRole('textbox', { name: 'Name of the new file' }).fill('notes.md')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tab', { name: /notes\.md/ })).toBeVisible()
  await expect(page.locator('.monaco-editor')).toHaveCount(0)
  await page.getByRole('treeitem', { name: /^notes\.md/ }).press('F2')
  const name = page.getByRole('textbox', { name: 'New name of notes.md' })
  await expect(name).toBeFocused()
  letEditorCome()
  await expect(page.locator('.monaco-editor').first()).toBeVisible()
  // A frame more, in which it would take the focus.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))))
  await expect(name).toBeFocused()
})

test('the search finds text in all files and goes to it', async ({ page }) => {
  await newProject(page, 'demo')
  await expect(page.getByRole('treeitem').first()).toBeVisible()
  await page.keyboard.press('Control+Shift+F')
  await page.getByLabel('Search in files', { exact: true }).fill('applyDiscount(subtotal')
  await page.getByRole('button', { name: /applyDiscount\(subtotal/ }).click()
  await expect(page.getByRole('tab', { name: /receipt\.ts/ })).toHaveAttribute('aria-selected', 'true')
})

test('results of tests say when code has changed since', async ({ page }) => {
  await newProject(page, 'typescript')
  await page.getByRole('button', { name: 'Run tests' }).click()
  const results = page.getByRole('tab', { name: /^Tests/ })
  await expect(results).toHaveText(/\d+\/\d+/, { timeout: 30_000 })
  await expect(results).not.toHaveText(/before the last change/)

  await page.evaluate(() => window.vitrine.files.write('src/more.ts', 'export const more = 1\n'))
  await expect(results).toHaveText(/before the last change/)
})

test('the preview follows an edit, and gives a picture of itself', async ({ page }) => {
  await newProject(page, 'web-page')
  await page.getByRole('button', { name: 'Preview', exact: true }).click()
  const shown = () =>
    Promise.all(page.frames().map((frame) => frame.evaluate(() => document.body?.textContent ?? '').catch(() => '')))
  await expect.poll(shown).toContainEqual(expect.stringContaining('Tea timer'))
  await page.evaluate(async () => {
    const html = await window.vitrine.files.read('index.html')
    await window.vitrine.files.write('index.html', html.replace('</body>', '<p>Fresh bread</p></body>'))
  })
  await expect.poll(shown).toContainEqual(expect.stringContaining('Fresh bread'))

  await page.getByRole('button', { name: 'Screenshot', exact: true }).click()
  // The demo model does not see pictures.
  await expect(page.getByRole('menuitem', { name: 'Attach to the message' })).toHaveAttribute('aria-disabled', 'true')
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Download as PNG' }).click()
  const file = await download
  expect(file.suggestedFilename()).toBe('screenshot-index-html.png')
  expect(
    readFileSync(await file.path())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
})

test('a second tab reads until it takes over', async ({ page, context }) => {
  await newProject(page, 'demo')
  const second = await context.newPage()
  await second.goto(page.url())
  await workspaceReady(second)
  await expect(second.getByRole('button', { name: 'Run tests' })).toBeDisabled()
  await openFile(second, 'main.ts')
  await typeAtEnd(second, '// from the second tab')
  expect(await readFile(second, 'src/main.ts')).not.toContain('second tab')
  await page.evaluate(() => window.vitrine.agent.send('Explain src/money.ts', { mode: 'ask' }))

  await notices(second).getByRole('button', { name: 'Take over' }).click()
  await expect(notices(page).getByRole('button', { name: 'Take over' })).toBeVisible()
  await expect(notices(second).getByRole('button', { name: 'Take over' })).toBeHidden()
  // What the first one did since the second was opened is taken over too.
  await expect(second.getByRole('button', { name: 'Explain src/money.ts' })).toBeVisible()
  await typeAtEnd(second, '// from the second tab')
  await expect.poll(() => readFile(second, 'src/main.ts')).toContain('second tab')
  await expect.poll(() => readFile(page, 'src/main.ts')).toContain('second tab')
})

test('what looks like a key is shared only when asked for', async ({ page }) => {
  await newProject(page, 'empty')
  const key = `sk-proj-${'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3'}`
  await page.evaluate((text) => window.vitrine.files.write('.env', `OPENAI_API_KEY=${text}\n`), key)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: '.env' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy link' })).toBeDisabled()
  await page.getByRole('button', { name: 'Share them anyway' }).click()
  await expect(page.getByRole('textbox', { name: 'Link' })).toHaveValue(/\/open#v1\./)
})

test('an address that cannot be decoded is refused in words, and leads to the page that is not there', async ({
  request,
}) => {
  const refused = await request.get('/api/packages/%E0%A4%A')
  expect([refused.status(), await refused.json()]).toMatchObject([400, { error: { code: 'invalid_request' } }])
  const page = await request.get('/p/%FF')
  expect([page.status(), await page.text()]).toMatchObject([404, expect.stringContaining('There is no such page')])
})
