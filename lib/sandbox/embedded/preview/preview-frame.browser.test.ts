import { expect, type Page, test } from 'playwright/test'
import { listen, serveSandbox, type TestServer } from '../../testing/serve-sandbox'

let ide: TestServer

test.beforeAll(async () => {
  ide = await serveSandbox('lib/sandbox/testing/contract-page.ts')
})
test.afterAll(() => ide.close())

/** Puts the preview frame on the present page, gives it a document and waits for what that document says. */
function preview(page: Page): Promise<unknown> {
  return page.evaluate(
    ({ url, waitMs }) =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.sandbox.value = 'allow-scripts'
        frame.src = url
        addEventListener('message', ({ data }) => {
          if (data.vitrinePreview?.kind !== 'frame-ready') return resolve(data)
          const vitrineDocument = `<script>parent.postMessage('hello', '*')</script>`
          frame.contentWindow?.postMessage({ vitrineDocument }, '*')
        })
        document.body.append(frame)
        setTimeout(() => resolve('nothing'), waitMs)
      }),
    { url: `${ide.origin}/sandbox/preview.html`, waitMs: 3000 },
  )
}

test('a page of our own shows documents in the preview frame', async ({ page }) => {
  await page.goto(ide.origin)
  expect(await preview(page)).toBe('hello')
})

test('a page of another site cannot show documents under our name', async ({ page }) => {
  const foreign = await listen((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<body></body>')
  })
  await page.goto(foreign.origin)
  expect(await preview(page)).toBe('nothing')
  await foreign.close()
})
