import { expect, type Frame, type Page, test } from 'playwright/test'
import { miniProject } from '../../testing/mini-framework'
import { serveSandbox, type TestServer } from '../../testing/serve-sandbox'

let ide: TestServer

test.beforeAll(async () => {
  ide = await serveSandbox('lib/sandbox/testing/preview-page.ts')
})
test.afterAll(() => ide.close())

/** The previewed document; there is a new one after each load. */
function shown(page: Page): Frame {
  const frame = page
    .frames()
    .find((each) => each.url().includes('/preview.html'))
    ?.childFrames()
    .at(-1)
  if (!frame) throw new Error('no page is shown')
  return frame
}

const textOf = (page: Page, id: string) => async () => {
  const frame = page
    .frames()
    .find((each) => each.url().includes('/preview.html'))
    ?.childFrames()
    .at(-1)
  return frame?.evaluate((name) => document.getElementById(name)?.textContent ?? '', id).catch(() => '')
}

async function startDev(page: Page, files: Record<string, string> = miniProject): Promise<void> {
  await page.goto(ide.origin)
  await page.evaluate(async (given) => {
    await window.openProject(given)
    Object.assign(window, { server: await window.start('npm run dev') })
  }, files)
  await expect.poll(() => page.frames().length, { timeout: 30_000 }).toBeGreaterThan(3)
}

const facts = (mode: string) =>
  JSON.stringify([mode, 'Good day', null, 42, 42, 'first', { './notes/a.md': 'first', './notes/b.md': 'second' }, '/'])

test('npm run dev shows the app with its packages, assets, styles and environment', async ({ page }) => {
  await startDev(page)
  await expect.poll(textOf(page, 'facts'), { timeout: 20_000 }).toBe(facts('development'))
  await expect.poll(textOf(page, 'where')).toBe('browser in development')
  await expect.poll(textOf(page, 'title')).toBe('Good day')
  await expect.poll(textOf(page, 'late')).toBe('came late')
  await expect.poll(textOf(page, 'worked')).toBe('42')
  await expect.poll(textOf(page, 'fetched')).toBe('<svg')
  const look = await shown(page).evaluate(async () => {
    const style = (id: string) => getComputedStyle(document.getElementById(id) as HTMLElement)
    const images = [...document.images]
    await Promise.all(images.map((image) => image.decode()))
    return [
      style('title').color,
      style('where').letterSpacing,
      style('count').fontSize,
      [style('late').fontSize, style('late').fontWeight, style('late').textIndent],
      images.map((image) => image.naturalWidth),
    ]
  })
  expect(look).toEqual(['rgb(1, 2, 3)', '3px', '30px', ['16px', '700', '5px'], [20, 20]])
})

test('an edit reaches the running page, which keeps its state', async ({ page }) => {
  await startDev(page)
  await expect.poll(textOf(page, 'count'), { timeout: 20_000 }).toBe('Count is 0')
  await shown(page).locator('#count').click()
  await shown(page).locator('#count').click()
  await page.evaluate(
    (text) => window.edit('src/label.ts', text),
    "export const label = (count: number) => 'Now ' + count\n",
  )
  await expect.poll(textOf(page, 'count')).toBe('Now 2')
  await shown(page).locator('#count').click()
  await expect.poll(textOf(page, 'count')).toBe('Now 3')
  await page.evaluate(() => window.edit('src/colours.css', ':root { --title: rgb(9, 9, 9) }'))
  await expect
    .poll(() => shown(page).evaluate(() => getComputedStyle(document.getElementById('title') as HTMLElement).color))
    .toBe('rgb(9, 9, 9)')
  await expect.poll(textOf(page, 'count')).toBe('Now 3')
})

test('a style goes when its import does, and comes back with it', async ({ page }) => {
  await startDev(page)
  await expect.poll(textOf(page, 'count'), { timeout: 20_000 }).toBe('Count is 0')
  await page.evaluate(() => window.edit('src/extra.css', '#count { color: rgb(5, 6, 7) }'))
  const color = () =>
    shown(page).evaluate(() => getComputedStyle(document.getElementById('count') as HTMLElement).color)
  const setLabel = (head: string, word: string) =>
    page.evaluate(
      (text) => window.edit('src/label.ts', text),
      `${head}export const label = (count: number) => '${word} ' + count\n`,
    )
  await setLabel(`import './extra.css'\n`, 'Styled')
  await expect.poll(textOf(page, 'count')).toBe('Styled 0')
  expect(await color()).toBe('rgb(5, 6, 7)')
  await setLabel('', 'Plain')
  await expect.poll(textOf(page, 'count')).toBe('Plain 0')
  expect(await color()).not.toBe('rgb(5, 6, 7)')
  await setLabel(`import './extra.css'\n`, 'Again')
  await expect.poll(textOf(page, 'count')).toBe('Again 0')
  expect(await color()).toBe('rgb(5, 6, 7)')
})

test('an edit that nobody takes loads the page anew', async ({ page }) => {
  await startDev(page)
  await expect.poll(textOf(page, 'late'), { timeout: 20_000 }).toBe('came late')
  await shown(page).locator('#count').click()
  await page.evaluate(() => window.edit('src/late.ts', `export const late = 'later still'\n`))
  await expect.poll(textOf(page, 'late')).toBe('later still')
  expect(await textOf(page, 'count')()).toBe('Count is 0')
})

test('a mistake is shown with its place, and the page comes back when it is mended', async ({ page }) => {
  await startDev(page)
  await expect.poll(textOf(page, 'count'), { timeout: 20_000 }).toBe('Count is 0')
  const error = () => page.evaluate(() => window.preview.state.getState().error)
  await page.evaluate(() => window.edit('src/label.ts', 'export const label = (count: number) =>\n  count +* 2\n'))
  await expect.poll(error).toMatchObject({ place: { path: 'src/label.ts', line: 2 } })
  await page.evaluate(() => window.edit('src/label.ts', "export const label = (count: number) => 'Mended ' + count\n"))
  await expect.poll(textOf(page, 'count')).toBe('Mended 0')
  await expect.poll(error).toBe(null)
})

test('a package that is not installed is named with what to do', async ({ page }) => {
  await startDev(page, { ...miniProject, 'src/late.ts': `import 'left-pad'\nexport const late = ''\n` })
  const error = () => page.evaluate(() => window.preview.state.getState().error?.message ?? '')
  await expect.poll(error, { timeout: 20_000 }).toContain('Run npm install left-pad')
})

test('build writes the app and preview serves it', async ({ page }) => {
  await page.goto(ide.origin)
  const built = await page.evaluate(async (files) => {
    await window.openProject(files)
    return window.run('npm run build')
  }, miniProject)
  expect(built).toMatchObject({ exitCode: 0 })
  expect(built.stdout).toMatch(/assets\/index-\w+\.js\S* .* kB/)
  expect(built.stderr).toContain('The plugin “vite-plugin-unknown” is not run here.')
  await expect
    .poll(() =>
      page.evaluate(() => [...window.workspace.files.keys()].filter((path) => path.startsWith('dist/')).length),
    )
    .toBeGreaterThan(3)
  await page.evaluate(() => window.start('npm run preview'))
  await expect.poll(textOf(page, 'facts'), { timeout: 20_000 }).toBe(facts('production'))
  await expect.poll(textOf(page, 'where')).toBe('browser in production')
  await expect.poll(textOf(page, 'worked')).toBe('42')
})

test('another port is taken when the first one is', async ({ page }) => {
  await startDev(page)
  const second = await page.evaluate(async () => {
    const server = await window.start('npx -y vite --port 5173 || vite --port 5173')
    for (let wait = 0; wait < 100 && !server.said().includes('Local'); wait++)
      await new Promise((done) => setTimeout(done, 100))
    return server.said()
  })
  expect(second).toContain('5174')
})
