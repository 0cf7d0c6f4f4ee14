import { createSocket } from 'node:dgram'
import { expect, type Frame, type Page, test } from 'playwright/test'
import { listen, serveSandbox, type TestServer } from '../testing/serve-sandbox'
import { guarded } from '../testing/ways-out'

type Ways = Record<string, (target: string) => unknown>

// Ways out of a document, each of which requests `${target}/<name>`. They run inside the page, so they stand alone.

/** Those that leave the document standing. */
const quietWays: Ways = {
  fetch: (target) => fetch(`${target}/fetch`, { mode: 'no-cors' }).catch(() => 'refused'),
  xhr: (target) => {
    const request = new XMLHttpRequest()
    request.open('GET', `${target}/xhr`)
    request.send()
  },
  websocket: (target) => new WebSocket(`${target.replace('http', 'ws')}/websocket`).url,
  eventsource: (target) => new EventSource(`${target}/eventsource`).url,
  beacon: (target) => navigator.sendBeacon(`${target}/beacon`, 'x'),
  image: (target) => {
    new Image().src = `${target}/image`
  },
  script: (target) => {
    const script = document.createElement('script')
    script.src = `${target}/script`
    document.head.append(script)
  },
  stylesheet: (target) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = `${target}/stylesheet`
    document.head.append(link)
  },
  'css-image': (target) => {
    document.documentElement.style.backgroundImage = `url(${target}/css-image)`
  },
  prefetch: (target) => {
    const link = document.createElement('link')
    link.rel = 'prefetch'
    link.href = `${target}/prefetch`
    document.head.append(link)
  },
  video: (target) => {
    const video = document.createElement('video')
    video.src = `${target}/video`
    video.preload = 'auto'
    document.documentElement.append(video)
  },
  object: (target) => {
    const element = document.createElement('object')
    element.data = `${target}/object`
    document.documentElement.append(element)
  },
  iframe: (target) => {
    const frame = document.createElement('iframe')
    frame.src = `${target}/iframe`
    document.documentElement.append(frame)
  },
  'anchor-ping': (target) => {
    const anchor = document.createElement('a')
    anchor.href = '#'
    anchor.ping = `${target}/anchor-ping`
    document.documentElement.append(anchor)
    anchor.click()
  },
  'remote-import': (target) => import(`${target}/remote-import`).catch(() => 'refused'),
  'worker-fetch': (target) => {
    const source = `fetch('${target}/worker-fetch', { mode: 'no-cors' })`
    return new Worker(URL.createObjectURL(new Blob([source]))) && undefined
  },
  'worker-import-scripts': (target) => {
    const source = `importScripts('${target}/worker-import-scripts')`
    return new Worker(URL.createObjectURL(new Blob([source]))) && undefined
  },
}

/** Those that put something else in the document's place, or open a window. */
const leavingWays: Ways = {
  form: (target) => {
    const form = document.createElement('form')
    form.action = `${target}/form`
    form.method = 'post'
    document.documentElement.append(form)
    form.submit()
  },
  popup: (target) => {
    open(`${target}/popup`)
  },
  'top-navigation': (target) => {
    if (top) top.location.href = `${target}/top-navigation`
  },
  'self-navigation': (target) => {
    location.href = `${target}/self-navigation`
  },
  'meta-refresh': (target) => {
    const meta = document.createElement('meta')
    meta.httpEquiv = 'refresh'
    meta.content = `0;url=${target}/meta-refresh`
    document.head.append(meta)
  },
}

/** Ways out of a Worker, as source text. */
const workerWays: Record<string, (target: string) => string> = {
  fetch: (target) => `fetch('${target}/fetch', { mode: 'no-cors' }).catch(() => 0)`,
  xhr: (target) =>
    `{ const r = new XMLHttpRequest(); r.open('GET', '${target}/xhr', false); try { r.send() } catch {} }`,
  websocket: (target) => `new WebSocket('${target.replace('http', 'ws')}/websocket')`,
  eventsource: (target) => `new EventSource('${target}/eventsource')`,
  'import-scripts': (target) => `try { importScripts('${target}/import-scripts') } catch {}`,
  'remote-import': (target) => `(0, eval)("import('${target}/remote-import')").catch(() => 0)`,
  'nested-worker-fetch': (target) =>
    `new Worker(URL.createObjectURL(new Blob(["fetch('${target}/nested-worker-fetch', { mode: 'no-cors' })"])))`,
}

let ide: TestServer
let outside: TestServer
const hits = new Set<string>()

test.beforeAll(async () => {
  ide = await serveSandbox('lib/sandbox/testing/contract-page.ts')
  outside = await listen((request, response) => {
    // A browser that got out to a page also asks for its icon, at its leisure.
    if (request.url !== '/favicon.ico') hits.add((request.url ?? '').slice(1))
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' }).end('')
  })
})
test.afterAll(async () => {
  await ide.close()
  await outside.close()
})
test.beforeEach(() => hits.clear())

async function openSandboxFrame(page: Page): Promise<Frame> {
  await page.goto(ide.origin)
  await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not what is under test
    document.cookie = 'session=secret'
    localStorage.setItem('token', 'secret')
    await window.createEmbeddedSandbox()
  })
  const frame = page.frames().find((candidate) => candidate.url().includes('/sandbox/frame.html'))
  if (!frame) throw new Error('The sandbox frame is not on the page.')
  return frame
}

/** A frame of an ordinary page: what the same attempt does without the sandbox. */
async function openPlainFrame(page: Page): Promise<Frame> {
  await page.goto(`${ide.origin}/plain`)
  await page.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.src = '/plain'
    document.body.append(frame)
    return new Promise((resolve) => frame.addEventListener('load', resolve))
  })
  const [, frame] = page.frames()
  if (!frame) throw new Error('The plain frame is not on the page.')
  return frame
}

/** The attempt may navigate the frame away while it runs. */
async function attempt(frame: Frame, way: (target: string) => unknown): Promise<void> {
  await frame.evaluate(`void (${way})(${JSON.stringify(outside.origin)})`).catch(() => undefined)
}

/** The control: in an ordinary page each of them works. */
async function expectAllToGetOut(ways: object): Promise<void> {
  await expect.poll(() => Object.keys(ways).filter((name) => !hits.has(name))).toEqual([])
}

test('the ways out that leave a document standing get out of an ordinary frame, never out of the sandbox frame', async ({
  page,
}) => {
  const sandbox = await openSandboxFrame(page)
  for (const way of Object.values(quietWays)) await attempt(sandbox, way)
  await page.waitForTimeout(1000)
  expect([...hits]).toEqual([])
  const plain = await openPlainFrame(page)
  for (const way of Object.values(quietWays)) await attempt(plain, way)
  await expectAllToGetOut(quietWays)
})

for (const [name, way] of Object.entries(leavingWays)) {
  test(`${name} gets out of an ordinary frame, never out of the sandbox frame`, async ({ page, context }) => {
    await attempt(await openSandboxFrame(page), way)
    await page.waitForTimeout(400)
    expect([...hits]).toEqual([])
    // The control comes last and has a page of its own: nothing has to go on after it got out.
    await attempt(await openPlainFrame(await context.newPage()), way)
    await expect.poll(() => [...hits]).toContain(name)
  })
}

test('the ways out of a Worker get out of an ordinary one, never out of a process', async ({ page }) => {
  const source = guarded(Object.values(workerWays).map((way) => way(outside.origin)))
  await page.goto(`${ide.origin}/plain`)
  await page.evaluate((code) => new Worker(URL.createObjectURL(new Blob([code]))) && undefined, source)
  await expectAllToGetOut(workerWays)
  hits.clear()
  await page.goto(ide.origin)
  const output = await page.evaluate(async (code) => {
    const program = `console.log('tried'); setTimeout(() => console.log('over'), 1000); ${code}`
    const sandbox = await window.createEmbeddedSandbox({ files: new Map([['leak.cjs', program]]) })
    return (await window.runCommand(sandbox, 'node leak.cjs')).stdout
  }, source)
  expect(output).toContain('over')
  expect([...hits]).toEqual([])
})

test('WebRTC sends datagrams from an ordinary frame, never from the sandbox frame', async ({ page }) => {
  const socket = createSocket('udp4').on('message', () => hits.add('webrtc'))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const code = `(() => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${socket.address().port}' }] })
    peer.createDataChannel('x')
    return peer.createOffer().then((offer) => peer.setLocalDescription(offer))
  })()`
  await (await openPlainFrame(page)).evaluate(code)
  await expect.poll(() => [...hits]).toContain('webrtc')
  const frame = await openSandboxFrame(page)
  hits.clear()
  await frame.evaluate(code).catch(() => undefined)
  await page.waitForTimeout(1500)
  expect([...hits]).toEqual([])

  // A previewed page is a srcdoc child of such a frame. Chromium 156 ends the renderer there: no way out either.
  await frame.evaluate((script) => {
    const child = document.createElement('iframe')
    child.setAttribute('sandbox', 'allow-scripts')
    child.srcdoc = `<script>${script}</script>`
    document.documentElement.append(child)
  }, code)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  socket.close()
  expect([...hits]).toEqual([])
})

test('the sandbox frame has an opaque origin and reads nothing of the IDE', async ({ page }) => {
  const frame = await openSandboxFrame(page)
  const seen = await frame.evaluate(async () => {
    const nameOf = (read: () => unknown) => {
      try {
        return read()
      } catch (error) {
        return error instanceof Error ? error.name : 'error'
      }
    }
    return {
      origin: self.origin,
      isolated: self.crossOriginIsolated,
      parentDocument: nameOf(() => parent.document.title),
      parentStorage: nameOf(() => parent.localStorage.length),
      cookie: nameOf(() => document.cookie),
      localStorage: nameOf(() => localStorage.length),
      sessionStorage: nameOf(() => sessionStorage.length),
      indexedDB: nameOf(() => indexedDB.open('x').readyState),
      caches: nameOf(() => caches.keys()),
      opfs: await navigator.storage.getDirectory().catch((error: Error) => error.name),
      serviceWorker: nameOf(() => navigator.serviceWorker.controller),
    }
  })
  expect(seen).toEqual({
    origin: 'null',
    isolated: true,
    parentDocument: 'SecurityError',
    parentStorage: 'SecurityError',
    cookie: 'SecurityError',
    localStorage: 'SecurityError',
    sessionStorage: 'SecurityError',
    indexedDB: 'SecurityError',
    caches: 'SecurityError',
    opfs: 'SecurityError',
    serviceWorker: 'SecurityError',
  })
})

test('the policy alone makes the frame opaque when it is opened as a page', async ({ page }) => {
  await page.goto(`${ide.origin}/sandbox/frame.html`)
  expect(await page.evaluate(() => self.origin)).toBe('null')
})
