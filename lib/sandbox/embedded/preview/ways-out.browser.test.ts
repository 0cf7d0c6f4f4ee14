import { expect, type Page, test } from 'playwright/test'
import { listen, serveSandbox, type TestServer } from '../../testing/serve-sandbox'
import { guarded, leavingWays, quietWays } from '../../testing/ways-out'

let ide: TestServer
let outside: TestServer
const hits = new Set<string>()

test.beforeAll(async () => {
  ide = await serveSandbox('lib/sandbox/testing/preview-page.ts')
  outside = await listen((request, response) => {
    // The browser's own doing, and late.
    if (request.url !== '/favicon.ico') hits.add((request.url ?? '').slice(1))
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/html' }).end('')
  })
})
test.afterAll(async () => {
  await ide.close()
  await outside.close()
})
test.beforeEach(() => hits.clear())

async function runInPreview(page: Page, script: string): Promise<void> {
  await page.goto(ide.origin)
  await page.evaluate(async (html) => {
    await window.openProject({ 'index.html': html })
    window.preview.open()
  }, `<!doctype html><body><script>console.log('started')\n${script}</script>`)
  await expect
    .poll(() => page.evaluate(() => window.preview.state.getState().console.some(({ text }) => text === 'started')))
    .toBe(true)
}

test('the ways out that leave a document standing work in an open page, and none in a previewed one', async ({
  page,
}) => {
  const script = guarded(Object.values(quietWays).map((way) => way(outside.origin)))
  await page.goto(`${ide.origin}/plain`)
  await page.evaluate(script)
  await expect.poll(() => Object.keys(quietWays).filter((name) => !hits.has(name))).toEqual([])
  hits.clear()
  await runInPreview(page, script)
  await page.waitForTimeout(1000)
  expect([...hits]).toEqual([])
})

for (const [name, way] of Object.entries(leavingWays)) {
  test(`${name} does not lead out of a previewed page, and does out of an open one`, async ({ page, context }) => {
    await runInPreview(page, guarded([way(outside.origin)]))
    await page.waitForTimeout(500)
    expect([...hits]).toEqual([])
    expect(context.pages()).toEqual([page])
    expect(page.url()).toBe(`${ide.origin}/`)
    await page.goto(`${ide.origin}/plain`)
    await page.evaluate(guarded([way(outside.origin)])).catch(() => 'it left')
    await expect.poll(() => [...hits]).toContain(name)
  })
}
