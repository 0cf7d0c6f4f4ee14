import { expect, type Page, test } from 'playwright/test'
import { serveSandbox, type TestServer } from '../../testing/serve-sandbox'

let ide: TestServer

test.beforeAll(async () => {
  ide = await serveSandbox('lib/sandbox/testing/preview-page.ts')
})
test.afterAll(() => ide.close())

const site = {
  'index.html': `<!doctype html><title>Face</title><style>
    :root { --own: rgb(0, 128, 0) } body { margin: 0; background: rgb(240, 240, 200); font: 20px sans-serif }
    @keyframes appear { from { opacity: 0 } to { opacity: 1 } }
    .box { position: absolute; width: 100px; height: 100px }
    .styled { left: 0; top: 0; background: var(--own); animation: appear 1s 0s both reverse; animation-play-state: paused; animation-delay: 0s }
    .tagged::before { content: ''; position: absolute; inset: 0; background: rgb(0, 0, 255) }
    .list { overflow: hidden } .list div { height: 100px }
    .sticky { position: sticky; top: 10px; background: rgb(0, 128, 128); transition: all 1s } .sticky p { position: sticky; top: 60px; margin: 0; height: 50px; background: rgb(128, 128, 0) }
    @media (min-width: 100px) { .wide { background: rgb(255, 0, 255) } }
  </style>
  <div class="box styled"></div>
  <div class="box tagged" style="left:100px;top:0"></div>
  <canvas class="box" style="left:200px;top:0" width="10" height="10"></canvas>
  <img class="box" style="left:300px;top:0" src="red.svg">
  <div class="box list" style="left:400px;top:0"><div style="background:black"></div><div style="background:rgb(0,255,255)"></div></div>
  <div class="box wide" style="left:500px;top:0"></div>
  <div class="box" id="host" style="left:600px;top:0"></div>
  <svg class="box" style="left:700px;top:0" viewBox="0 0 10 10" @click="a" x-on:click="b" xlink:href="#c" href="#d"><foreignObject width="10" height="10"><p style="margin:0;height:10px;background:#808080"></p></foreignObject></svg>
  <div class="box list" id="scrolled" style="left:0;top:200px"><section style="height:400px"><div class="sticky"><p></p></div></section></div>
  <canvas class="box" id="moving" style="left:100px;top:200px" width="10" height="10"></canvas>
  <p style="margin:320px 20px">Some &amp; text <b>in bold</b> <input value="typed"></p>
  <div style="height:20000px"></div>
  <script>
    const context = document.querySelector('canvas').getContext('2d')
    context.fillStyle = 'rgb(255, 128, 0)'; context.fillRect(0, 0, 10, 10)
    document.querySelector('.list').scrollTop = 100
    const gl = document.getElementById('moving').getContext('webgl')
    const paint = () => { gl?.clearColor(0, 1, 0, 1); gl?.clear(gl.COLOR_BUFFER_BIT); requestAnimationFrame(paint) }
    paint()
    document.getElementById('scrolled').scrollTop = 150
    document.getElementById('host').attachShadow({ mode: 'open' }).innerHTML = '<style>p { margin: 0; height: 100px; background: rgb(128, 0, 128) }</style><p></p>'
  </script>`,
  'red.svg':
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10" fill="#f00"/></svg>',
}

async function open(page: Page, files: Record<string, string>): Promise<void> {
  await page.setViewportSize({ width: 900, height: 600 })
  await page.goto(ide.origin)
  await page.evaluate(async (given) => {
    await window.openProject(given)
    window.preview.open()
  }, files)
  await expect.poll(() => page.evaluate(() => window.preview.state.getState().paintMs)).not.toBeNull()
}

/** The picture, and the colours at points of it as `r,g,b`; decoded where no policy forbids pictures. */
async function look(page: Page, points: [x: number, y: number][]) {
  const picture = await page.evaluate(() => window.preview.takePicture())
  const canvasPage = await page.context().newPage()
  const colours = await canvasPage.evaluate(
    async ({ dataUrl, width, height, asked }) => {
      const image = new Image()
      image.src = dataUrl
      await image.decode()
      const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d')
      context?.drawImage(image, 0, 0)
      return asked.map(([x, y]) => [...(context?.getImageData(x, y, 1, 1).data.slice(0, 3) ?? [])].join())
    },
    { ...picture, asked: points },
  )
  await canvasPage.close()
  return { ...picture, colours }
}

test('a page draws itself: styles, pseudo-elements, canvases, images, shadows and what is scrolled', async ({
  page,
}) => {
  await open(page, site)
  const at = [50, 150, 250, 350, 450, 550, 650, 750, 850].map((x): [number, number] => [x, 50])
  // The image comes over the bridge.
  await expect.poll(async () => (await look(page, [[350, 50]])).colours).toEqual(['255,0,0'])
  const picture = await look(page, at)
  expect(picture.colours).toEqual([
    '0,128,0',
    '0,0,255',
    '255,128,0',
    '255,0,0',
    '0,255,255',
    '255,0,255',
    '128,0,128',
    '128,128,128',
    '240,240,200',
  ])
  // In the middle of the sticky ones, and above and below them.
  const stuck: [number, number][] = [205, 225, 275, 250].map((y) => [50, y])
  const colours = ['240,240,200', '0,128,128', '128,128,0', '0,128,128']
  expect((await look(page, stuck)).colours).toEqual(colours)
  // Once more: a picture leaves the page as it was.
  expect((await look(page, stuck)).colours).toEqual(colours)
  // Software that draws WebGL is not in every browser.
  const hasWebGl = await page.evaluate(() => document.createElement('canvas').getContext('webgl') !== null)
  if (hasWebGl) expect((await look(page, [[150, 250]])).colours).toEqual(['0,255,0'])
  expect([picture.width, picture.height]).toEqual([picture.shown.width, 1568])
  expect(picture.page.height).toBeGreaterThan(20_000)
})

test('a page that cannot be drawn, or draws something else, gives a sentence and no picture', async ({ page }) => {
  const crowd = `<!doctype html><p>x</p><script>
    document.body.append(...Array.from({ length: 6000 }, () => document.createElement('i')))
  </script>`
  const liar = `<!doctype html><title>Liar</title><p>x</p><script>
    HTMLCanvasElement.prototype.toDataURL = () => 'data:image/svg+xml,<svg/>'
  </script>`
  await open(page, { 'index.html': crowd, 'liar.html': liar })
  expect(await page.evaluate(() => window.preview.takePicture())).toMatchObject({ isCut: true })
  await page.evaluate(() => window.preview.openPage('/liar.html'))
  await expect.poll(() => page.evaluate(() => window.preview.state.getState().title)).toBe('Liar')
  await expect(page.evaluate(() => window.preview.takePicture())).rejects.toThrow(
    'No picture of the page: The page sent no picture.',
  )
})
