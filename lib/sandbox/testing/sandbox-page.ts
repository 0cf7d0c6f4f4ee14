import { type Page, test } from 'playwright/test'
import { type PackageReply, type PackageRouteRequest, serveSandbox, type TestServer } from './serve-sandbox'

interface SandboxPageOptions {
  path?: '/' | '/plain' | '/vendor'
  packages?: (request: PackageRouteRequest) => Promise<PackageReply>
}

/** One page beside the sandbox for all tests of the file or group that calls this; it is there once they run. */
export function sandboxPage({ path = '/', packages }: SandboxPageOptions = {}): () => Page {
  let server: TestServer | undefined
  let page: Page | undefined
  test.beforeAll(async ({ browser }) => {
    server = await serveSandbox('lib/sandbox/testing/contract-page.ts', packages)
    page = await browser.newPage()
    await page.goto(server.origin + path)
  })
  test.afterAll(async () => {
    await page?.close()
    await server?.close()
  })
  return () => {
    if (!page) throw new Error('The page is there once the tests run.')
    return page
  }
}
