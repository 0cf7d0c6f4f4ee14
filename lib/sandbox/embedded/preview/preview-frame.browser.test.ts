import { expect, type Page, test } from 'playwright/test'
import { listen, serveSandbox, type TestServer } from '../../testing/serve-sandbox'

let ide: TestServer

test.beforeAll(async () => {
  ide = await serveSandbox('lib/sandbox/testing/contract-page.ts')
})
test.afterAll(() => ide.close())

/** Puts the preview frame on the present page, answers what it asks for, and waits until the page shown says that it runs. */
function preview(page: Page): Promise<unknown> {
  return page.evaluate(
    ({ url, waitMs }) =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.sandbox.value = 'allow-scripts'
        frame.src = url
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data: { id, type } }) => {
          if (type !== 'request') return
          port1.postMessage({
            type: 'head',
            id,
            status: 200,
            statusText: 'OK',
            headers: [['content-type', 'text/html']],
          })
          port1.postMessage({ type: 'body', id, data: new TextEncoder().encode('<p>hello</p>') })
          port1.postMessage({ type: 'end', id })
        }
        addEventListener('message', ({ data }) => {
          const kind = data.vitrinePreview?.kind
          if (kind === 'ready') return resolve('ready')
          if (kind !== 'frame-ready') return
          frame.contentWindow?.postMessage({ vitrineOpen: { url: 'http://localhost/', storage: [] } }, '*', [port2])
        })
        document.body.append(frame)
        setTimeout(() => resolve('nothing'), waitMs)
      }),
    { url: `${ide.origin}/sandbox/preview.html`, waitMs: 3000 },
  )
}

test('a page of our own shows documents in the preview frame', async ({ page }) => {
  await page.goto(ide.origin)
  expect(await preview(page)).toBe('ready')
})

test('a page of another site cannot show documents under our name', async ({ page }) => {
  const foreign = await listen((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<body></body>')
  })
  await page.goto(foreign.origin)
  expect(await preview(page)).toBe('nothing')
  await foreign.close()
})
