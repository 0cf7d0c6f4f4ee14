import { expect, type Page, test } from 'playwright/test'
import { serveSandbox, type TestServer } from '../testing/serve-sandbox'

const vendor = 'https://stackblitz.com/**'
let server: TestServer

test.beforeAll(async () => {
  server = await serveSandbox('lib/sandbox/testing/contract-page.ts')
})
test.afterAll(() => server.close())

/** Prefers WebContainer, then runs a command in whatever was opened. */
async function openPreferred(page: Page, path: string) {
  await page.goto(server.origin + path)
  return page.evaluate(async () => {
    const files = new Map([['a.txt', 'kept']])
    const options = { prefer: 'webcontainer' as const, files, probeTimeoutMs: 1000, bootTimeoutMs: 700 }
    const { sandbox, notice } = await window.openSandbox(options)
    const { stdout: text } = await window.runCommand(sandbox, 'cat a.txt')
    const vendorFrames = document.querySelectorAll('iframe[src*="stackblitz.com"]').length
    return { kind: sandbox.kind, notice, text, vendorFrames }
  })
}

const embedded = { kind: 'embedded', text: 'kept', vendorFrames: 0 }

test('falls back with the reason when the vendor cannot be reached', async ({ page }) => {
  await page.route(vendor, (route) => route.abort('namenotresolved'))
  expect(await openPreferred(page, '/vendor')).toEqual({
    ...embedded,
    notice: 'WebContainer’s servers cannot be reached. The built-in sandbox runs instead.',
  })
})

test('falls back when the vendor does not answer the probe in time', async ({ page }) => {
  await page.route(vendor, () => undefined)
  expect(await openPreferred(page, '/vendor')).toMatchObject({ ...embedded, notice: /cannot be reached/ })
})

test('falls back and removes the frame when booting does not end', async ({ page }) => {
  await page.route(vendor, (route) =>
    route.request().resourceType() === 'fetch' ? route.fulfill({ status: 200, body: '' }) : undefined,
  )
  expect(await openPreferred(page, '/vendor')).toEqual({
    ...embedded,
    notice: 'WebContainer did not start within 1 s. The built-in sandbox runs instead.',
  })
})

test('falls back when the page is not cross-origin isolated', async ({ page }) => {
  await page.route(`${server.origin}/vendor`, async (route) => {
    const response = await route.fetch()
    const { 'cross-origin-embedder-policy': _, ...headers } = response.headers()
    await route.fulfill({ response, headers })
  })
  expect(await openPreferred(page, '/vendor')).toMatchObject({ ...embedded, notice: /not cross-origin isolated/ })
})
