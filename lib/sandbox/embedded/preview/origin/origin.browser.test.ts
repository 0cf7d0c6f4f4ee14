import { createSocket } from 'node:dgram'
import { expect, type Frame, type Page, test } from 'playwright/test'
import { miniProject } from '../../../testing/mini-framework'
import { listen, secondOrigin, serveSandbox, type TestServer } from '../../../testing/serve-sandbox'
import { guarded, leavingWays, quietWays } from '../../../testing/ways-out'

let server: TestServer
let ide: string
let base: string

test.beforeAll(async () => {
  server = await serveSandbox('lib/sandbox/testing/preview-page.ts')
  ;({ ide, preview: base } = secondOrigin(server.port))
})
test.afterAll(() => server.close())

/** The frame of the previewed page; the relay stands beside it. */
const shown = (page: Page): Frame | undefined =>
  page.frames().find((frame) => /\/\/v[0-9a-f]{32}[^/]+\/(?!__vitrine\/)/.test(frame.url()))

/** Evaluates in the previewed page, whichever it is by then. */
const inPage =
  <Value>(page: Page, run: () => Value | Promise<Value>) =>
  async () =>
    shown(page)
      ?.evaluate(run)
      .catch(() => undefined)

/** Opens a project whose preview has an origin of its own, and answers why it cannot. */
async function open(page: Page, files: Record<string, string>, command?: string): Promise<string | null> {
  await page.goto(ide)
  return page.evaluate(
    async ([given, at, start]) => {
      await window.openProject(given)
      if (start !== undefined) await window.start(start)
      else window.preview.open()
      return window.useSecondOrigin(at, 'project one')
    },
    [files, base, command] as const,
  )
}

const router = `<!doctype html><meta charset="utf-8"><title>Über</title><p id="route"></p><button id="push"></button><a id="away" href="http://localhost:3001/linked">There</a>
<script>
const show = () => { document.getElementById('route').textContent = location.pathname + ' ' + JSON.stringify(history.state) + ' ' + localStorage.getItem('visits') }
document.getElementById('push').onclick = () => { history.pushState({ n: 1 }, '', '/deep/route?x=1#part'); show() }
addEventListener('popstate', show)
localStorage.setItem('visits', Number(localStorage.getItem('visits')) + 1)
show()
</script>`

const nodeServers = `import { createServer } from 'node:http'
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
    response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': ['seen=1; Path=/', 'secret=2; HttpOnly; Path=/'] })
    response.end(JSON.stringify({ method: request.method, url: request.url, body, host, origin, cookie }))
  } else {
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'", 'x-frame-options': 'DENY' })
    response.end(${JSON.stringify(router)})
  }
}).on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n')
  socket.write(Buffer.from([0x81, 2, 104, 105]))
}).listen(3000)
createServer((request, response) => response.end('other ' + request.url)).listen(3001)
`

test('a page has a real address, history, storage and cookies, and its server behind them', async ({ page }) => {
  expect(await open(page, { 'server.js': nodeServers, 'package.json': '{"type":"module"}' }, 'node server.js')).toBe(
    null,
  )
  const route = inPage(page, () => document.getElementById('route')?.textContent)
  const state = () => page.evaluate(() => window.preview.state.getState())
  await expect.poll(route).toBe('/ null 1')
  await shown(page)?.locator('#push').click()
  await page.evaluate(() => window.preview.go('reload'))
  await expect.poll(route).toBe('/deep/route {"n":1} 2')
  await expect.poll(state).toMatchObject({
    url: 'http://localhost:3000/deep/route?x=1#part',
    title: 'Über',
    loading: false,
    canGoBack: true,
  })

  const answers = await inPage(page, async () => {
    const posted = await (await fetch('/api?a', { method: 'POST', body: '{"a":1}' })).json()
    const moved = await (await fetch('/moved')).json()
    const other = await (await fetch('http://localhost:3001/x?y')).text()
    const events = new EventSource('/events')
    const heard: unknown[] = []
    await new Promise<void>((resolve) => {
      events.onmessage = ({ data }) => {
        if (heard.push(data) === 2) resolve()
      }
    })
    events.close()
    const socket = new WebSocket(`ws://${location.host}/socket`)
    const pushed = await new Promise((resolve) => {
      socket.onmessage = ({ data }) => resolve(data)
    })
    return { posted, moved, other, heard, pushed, cookie: document.cookie }
  })()
  const host = 'localhost:3000'
  expect(answers).toEqual({
    posted: { method: 'POST', url: '/api?a', body: '{"a":1}', host, origin: `http://${host}` },
    moved: { method: 'GET', url: '/api?moved', body: '', host, cookie: 'secret=2; seen=1' },
    other: 'other /x?y',
    heard: ['one', 'two'],
    pushed: 'hi',
    cookie: 'seen=1',
  })

  // Browsers stop workers that have had nothing to do: the next one asks for the server anew.
  await page.evaluate(() => {
    addEventListener('message', ({ data }) => {
      if (data?.vitrineRelay?.kind === 'ask') document.body.dataset.asked = 'yes'
    })
  })
  const browser = await page.context().newCDPSession(page)
  await browser.send('ServiceWorker.enable')
  await browser.send('ServiceWorker.stopAllWorkers')
  const later = inPage(page, async () => (await fetch('/api?later')).json())
  expect(await later()).toMatchObject({ url: '/api?later', cookie: 'secret=2; seen=1' })
  expect(await page.evaluate(() => document.body.dataset.asked)).toBe('yes')

  await page.evaluate(() => window.preview.go('back'))
  await expect.poll(route).toBe('/ null 2')
  // Where the worker is gone, the server's own page asks for another.
  await inPage(page, async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister()
  })()
  await page.evaluate(() => window.preview.go('reload'))
  await expect.poll(route, { timeout: 20_000 }).toBe('/ null 3')
  // What is no page tells where it is and what it says, too.
  await page.evaluate(() => window.preview.open('/api?shown'))
  await expect.poll(() => page.evaluate(() => window.preview.readText())).toContain('"url":"/api?shown"')
  await expect.poll(state).toMatchObject({ url: 'http://localhost:3000/api?shown', loading: false })
  await page.evaluate(() => window.preview.open('/'))
  await expect.poll(route).toBe('/ null 4')
  await shown(page)?.locator('#away').click()
  await expect.poll(inPage(page, () => document.body.textContent)).toBe('other /linked')
  expect((await state()).url).toBe('http://localhost:3001/linked')

  // Another project sees nothing of this one; what cannot be reached says so.
  await page.evaluate(async (at) => {
    await window.useSecondOrigin(at, 'project two')
    window.preview.open('http://localhost:3000/')
  }, base)
  await expect.poll(route).toBe('/ null 1')
  expect(await inPage(page, () => document.cookie)()).toBe('')
  expect(
    await page.evaluate((at) => window.useSecondOrigin(at, 'project one'), base.replace('preview.', 'nobody.')),
  ).toMatch(/^http:\/\/v\w+-3000\.nobody\.\S+ does not answer, or is not to be shown on/)
})

test('our vite’s hot updates reach the page, which keeps its state', async ({ page }) => {
  expect(await open(page, miniProject, 'npm run dev')).toBe(null)
  const count = inPage(page, () => document.getElementById('count')?.textContent)
  await expect.poll(count, { timeout: 20_000 }).toBe('Count is 0')
  await shown(page)?.locator('#count').click()
  await page.evaluate(() => window.edit('src/label.ts', "export const label = (count: number) => 'Now ' + count\n"))
  await expect.poll(count).toBe('Now 1')
  await page.evaluate(() => window.edit('src/colours.css', ':root { --title: rgb(9, 9, 9) }'))
  const colour = inPage(page, () => getComputedStyle(document.getElementById('title') as HTMLElement).color)
  await expect.poll(colour).toBe('rgb(9, 9, 9)')
  expect(await count()).toBe('Now 1')
  await page.evaluate(() => window.edit('src/label.ts', 'export const label = () => { throw new Error("broken") }\n'))
  await expect
    .poll(() => page.evaluate(() => window.preview.state.getState().error))
    .toMatchObject({ message: 'broken', place: { path: 'src/label.ts', line: 1 } })
})

test('nothing of a page gets out, nor into the IDE', async ({ page, context }) => {
  const hits: string[] = []
  const outside = await listen((request, response) => {
    hits.push(request.url ?? '')
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/html' }).end('')
  })
  const tries: Record<string, string> = {
    fetch: `await fetch('${ide}/test.js', { mode: 'no-cors' })`,
    parent: `parent.document.title`,
    storage: `parent.localStorage.length`,
  }
  const attack = `<!doctype html><body><script>
${guarded(Object.values(quietWays).map((way) => way(outside.origin)))}
;(async () => {
  const reached = []
${Object.entries(tries)
  .map(([name, code]) => `  try { ${code}; reached.push('${name}') } catch { /* refused */ }`)
  .join('\n')}
  document.title = 'reached:' + reached.join()
})()
</script>`
  const files = Object.fromEntries(
    Object.entries(leavingWays).map(([name, way]) => [
      `${name}.html`,
      // Its own `preventDefault` is what a hostile page would do away with.
      `<!doctype html><body><script>console.log('${name}'); Event.prototype.preventDefault = () => undefined\n${guarded([way(outside.origin), way(`${ide}/api`)])}</script>`,
    ]),
  )
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  expect(await open(page, { 'index.html': attack, ...files })).toBe(null)
  await expect.poll(inPage(page, () => document.title)).toBe('reached:')
  for (const name of Object.keys(leavingWays)) {
    await page.evaluate((path) => window.preview.open(path), `/${name}.html`)
    await expect
      .poll(() => page.evaluate(() => window.preview.state.getState().console.map(({ text }) => text)))
      .toContain(name)
    await page.waitForTimeout(150)
  }
  expect(hits).toEqual([])
  expect(asked.filter((url) => url.startsWith(`${ide}/api`))).toEqual([])
  expect(context.pages()).toEqual([page])
  expect(page.url()).toBe(`${ide}/`)

  // In a tab of its own no policy of the IDE's would hold it.
  const alone = await context.newPage()
  await alone.goto(
    new URL(
      '/index.html',
      asked.find((url) => url.includes('/__vitrine/relay.html')),
    ).href,
  )
  expect(await alone.textContent('body')).toContain('inside Vitrine only')
  await outside.close()
})

/** The document of the page that runs it, and that of the relay, which it can get hold of. */
const documents = {
  page: 'document',
  relay: `Array.from({ length: parent.length }, (_, index) => parent[index]).find((frame) => {
    try {
      return frame.location.pathname === '/__vitrine/relay.html'
    } catch {
      return false
    }
  }).document`,
}

for (const [name, at] of Object.entries(documents)) {
  test(`a frame that the page makes in the ${name} sends no datagrams`, async ({ page }) => {
    let heard = 0
    const socket = createSocket('udp4').on('message', () => {
      heard += 1
    })
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    expect(await open(page, { 'index.html': '<p>Page</p>' })).toBe(null)
    const attack = `(async () => {
      const inside = ${at}
      const { contentWindow } = inside.documentElement.appendChild(inside.createElement('iframe'))
      const peer = new contentWindow.RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${socket.address().port}' }] })
      peer.createDataChannel('x')
      await peer.setLocalDescription(await peer.createOffer())
    })()`
    // Chromium 156 ends the page's process for it, and then nothing answers.
    const tried = shown(page)
      ?.evaluate(attack)
      .catch(() => 'refused')
    await Promise.race([tried, new Promise((resolve) => setTimeout(resolve, 1500))])
    await new Promise((resolve) => setTimeout(resolve, 1500))
    socket.close()
    expect(heard).toBe(0)
  })
}
