import { expect, type Frame, type Page, test } from 'playwright/test'
import { listen, secondOrigin, serveSandbox, type TestServer } from '../../../testing/serve-sandbox'

let server: TestServer
let ide: string
let base: string

test.beforeAll(async () => {
  server = await serveSandbox('lib/sandbox/testing/preview-page.ts')
  ;({ ide, preview: base } = secondOrigin(server.port))
})
test.afterAll(() => server.close())

/** The frame of the previewed page: beside it stands the relay. */
const shown = (page: Page): Frame | undefined =>
  page.frames().find((frame) => frame !== page.mainFrame() && /\/\/v[0-9a-f]{32}/.test(frame.url()) && !frame.url().includes('/__vitrine/'))

const inPage =
  <Value>(page: Page, run: () => Value | Promise<Value>) =>
  async () =>
    shown(page)
      ?.evaluate(run)
      .catch(() => undefined)

const nodeServer = `import { createServer } from 'node:http'
createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  if (pathname === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: one\\n\\n')
    setTimeout(() => response.write('data: two\\n\\n'), 50)
  } else if (pathname === '/moved') response.writeHead(302, { location: 'http://localhost:3000/api?moved' }).end()
  else if (pathname === '/api') {
    let body = ''
    for await (const part of request) body += part
    const { host, origin, cookie } = request.headers
    response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': ['seen=1; Path=/', 'secret=2; HttpOnly'] })
    response.end(JSON.stringify({ url: request.url, method: request.method, body, host, origin, cookie }))
  } else {
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'", 'x-frame-options': 'DENY' })
    response.end('<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ünder</title></head><body><p id="route"></p><script>route.textContent = location.pathname; if (location.pathname === "/") { localStorage.setItem("name", "Ada"); history.pushState({ n: 1 }, "", "/deep/route?x=1"); route.textContent = location.pathname }</script>')
  }
}).listen(3000)
createServer((request, response) => response.end('other ' + request.url)).listen(3001)
`

test('a page has a real address, history, storage and cookies, and its server behind them', async ({ page }) => {
  page.on('console', (m) => console.log('C', m.text().slice(0, 300)))
  await page.goto(ide)
  const problem = await page.evaluate(
    async ([code, at]) => {
      await window.openProject({ 'server.js': code, 'package.json': '{"type":"module"}' })
      await window.start('node server.js')
      const failed = window.useSecondOrigin(at, 'one')
      return failed
    },
    [nodeServer, base] as const,
  )
  expect(problem).toBe(null)
  await expect.poll(inPage(page, () => document.getElementById('route')?.textContent)).toBe('/deep/route')
  console.log(shown(page)?.url(), await page.evaluate(() => JSON.stringify(window.preview.state.getState())))
  await page.evaluate(() => window.preview.go('reload'))
  await page.waitForTimeout(500)
  await expect.poll(inPage(page, () => `${document.title} ${location.pathname} ${localStorage.getItem('name')}`)).toBe('Ünder /deep/route Ada')
  const answers = await inPage(page, async () => {
    const posted = await (await fetch('/api?a', { method: 'POST', body: '{"a":1}' })).json()
    const again = await (await fetch('/moved')).json()
    const other = await (await fetch('http://localhost:3001/x?y')).text()
    const events = new EventSource('/events')
    const heard: unknown[] = []
    await new Promise<void>((resolve) => {
      events.onmessage = ({ data }) => {
        if (heard.push(data) === 2) resolve()
      }
    })
    events.close()
    return { posted, again, other, heard, cookie: document.cookie, length: history.length }
  })()
  console.log(JSON.stringify(answers, null, 1))
  console.log(shown(page)?.url(), await page.evaluate(() => JSON.stringify(window.preview.state.getState())))
})
