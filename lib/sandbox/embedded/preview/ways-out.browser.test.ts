import { expect, type Page, test } from 'playwright/test'
import { listen, serveSandbox, type TestServer } from '../../testing/serve-sandbox'

type Ways = Record<string, (target: string) => string>

/** Ways out of a document that leave it standing; each requests `${target}/<name>`. */
const quietWays: Ways = {
  'fetch-later': (t) => `fetchLater('${t}/fetch-later', { activateAfter: 0 })`,
  'module-preload': (t) =>
    `const l = document.createElement('link'); l.rel = 'modulepreload'; l.href = '${t}/module-preload'; document.head.append(l)`,
  'preload-image': (t) =>
    `const l = document.createElement('link'); l.rel = 'preload'; l.as = 'image'; l.href = '${t}/preload-image'; document.head.append(l)`,
  worklet: (t) => `CSS.paintWorklet.addModule('${t}/worklet')`,
  'audio-worklet': (t) => `new OfflineAudioContext(1, 1, 44100).audioWorklet.addModule('${t}/audio-worklet')`,
  font: (t) => `new FontFace('x', 'url(${t}/font)').load().catch(() => 0)`,
  'css-import': (t) =>
    `const s = document.createElement('style'); s.textContent = '@import "${t}/css-import";'; document.head.append(s)`,
  cursor: (t) => `document.body.style.cursor = 'url(${t}/cursor), auto'`,
  embed: (t) => `document.body.insertAdjacentHTML('beforeend', '<embed src="${t}/embed">')`,
  'nested-frame': (t) =>
    `const f = document.createElement('iframe'); f.srcdoc = '<meta http-equiv=refresh content="0;url=${t}/nested-frame"><img src="${t}/nested-image">'; document.body.append(f)`,
  'blank-frame': (t) =>
    `const f = document.createElement('iframe'); document.body.append(f); f.contentWindow.location = '${t}/blank-frame'`,
  'native-open': (t) =>
    `Object.getPrototypeOf(window); const f = document.createElement('iframe'); document.body.append(f); f.contentWindow.open('${t}/native-open')`,
}

/** Ways out that put something else in the document's place, or a window beside it. */
const leavingWays: Ways = {
  'link-top': (t) =>
    `const a = document.createElement('a'); a.href = '${t}/link-top'; a.target = '_top'; a.rel = 'x'; document.body.append(a); const c = new MouseEvent('click', { bubbles: false }); a.dispatchEvent(c); a.click()`,
  download: (t) =>
    `const a = document.createElement('a'); a.href = '${t}/download'; a.download = 'x'; document.body.append(a); a.click()`,
  'form-blank': (t) =>
    `const f = Object.assign(document.createElement('form'), { action: '${t}/form-blank', method: 'post', target: '_blank' }); document.body.append(f); f.requestSubmit()`,
  'self-location': (t) => `location.href = '${t}/self-location'; window.location = '${t}/self-location'`,
  'top-location': (t) => `top.location = '${t}/top-location'`,
  'navigation-api': (t) => `navigation.navigate('${t}/navigation-api')`,
  'meta-refresh': (t) =>
    `const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=${t}/meta-refresh'; document.head.append(m)`,
  'blob-page': (t) =>
    `location.href = URL.createObjectURL(new Blob(['<script>fetch("${t}/blob-page",{mode:"no-cors"})</' + 'script><img src="${t}/blob-image">'], { type: 'text/html' }))`,
  'javascript-page': (t) => `location.href = 'javascript:"<img src=${t}/javascript-page>"'`,
}

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

const guarded = (scripts: string[]) => scripts.map((script) => `try { ${script} } catch { /* refused */ }`).join('\n')

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
