// `npm run vite-templates -- <folder> [template…]`: opens projects that `npm create vite` made and `npm install` filled, one
// in each sub-folder, with the sandbox's own `vite`: first paint, an edit with state kept, a build, and the built page.
// Prints one line a template and exits with 1 when one of them fails. Screenshots go to `<folder>/screenshots`.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { launchChromium } from './chromium.mjs'
import { serveSandbox } from './serve-sandbox.mjs'
import { fail } from './setup.mjs'

const [folder, ...wanted] = process.argv.slice(2)
if (!folder) fail('Say where the templates are: npm run vite-templates -- <folder> [template…].')
const home = resolve(folder)
const names = readdirSync(home).filter((name) => {
  const isProject = statSync(join(home, name)).isDirectory() && readdirSync(join(home, name)).includes('node_modules')
  return isProject && (wanted.length === 0 || wanted.includes(name))
})
if (names.length === 0) fail(`${home} holds no project with node_modules.`)

/** Tools for machines, which run in no tab: native, or standing in for what the sandbox brings. */
const leftOut =
  /^node_modules\/(?:vite|rolldown|@rolldown|@oxc-project|lightningcss[\w-]*|oxlint|@oxlint|typescript|@typescript|vue-tsc|@volar|svelte-check)\//
/** File of each framework that holds the counter, and the text that an edit changes. */
const editable = [
  'src/App.tsx',
  'src/App.jsx',
  'src/app.tsx',
  'src/app.jsx',
  'src/components/HelloWorld.vue',
  'src/App.svelte',
  'src/my-element.ts',
  'src/my-element.js',
  'src/main.ts',
  'src/main.js',
]
/** With Vite itself: Svelte and Solid mount an edited component anew (the page stays), plain modules and Lit load the page anew. */
const mountsAnew = /^(?:svelte|solid)/
const loadsAnew = /^(?:vanilla|lit)/

mkdirSync(join(home, 'screenshots'), { recursive: true })
const server = await serveSandbox('preview-page.ts')
const browser = await launchChromium('--disable-gpu', '--disable-background-networking')
let failed = 0
try {
  for (const name of names) {
    const problem = await check(name).catch((error) => `${error.message}`)
    if (problem) failed += 1
    if (problem) console.log(`✘ ${name}: ${problem}`)
  }
} finally {
  await browser.close()
  await server.close()
}
console.log(
  failed === 0 ? `${names.length} of ${names.length} templates work.` : `${failed} of ${names.length} templates fail.`,
)
process.exitCode = failed === 0 ? 0 : 1

async function check(name) {
  const files = readProject(join(home, name))
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } })
  const page = await context.newPage()
  try {
    await page.goto(server.origin)
    await page.evaluate(([given]) => window.openProject(given, 'templates'), [files])
    const cold = await paint(page, 'npm run dev', 5173)
    const frame = pageFrame(page)
    await counterIn(page).click()
    await counterIn(page).click()
    await expectText(counterIn(page), /2/)
    await page.screenshot({ path: join(home, 'screenshots', `${name}-dev.png`) })
    await checkImages(frame)
    await frame.evaluate(() => Object.assign(window, { isSame: true }))
    const edits = await edit(page, files)
    await expectText(counterIn(page), mountsAnew.test(name) || loadsAnew.test(name) ? /0/ : /2/)
    const isSame = await pageFrame(page).evaluate(() => window.isSame === true)
    if (isSame === loadsAnew.test(name))
      throw new Error(isSame ? 'the page was not loaded anew' : 'the page was loaded anew')
    await page.evaluate(() => window.server.kill())
    await page.waitForFunction(() => !window.preview.state.getState().ports.includes(5173))
    const warm = await paint(page, 'npm run dev', 5173)
    const build = await page.evaluate(() => window.run('vite build'))
    if (build.exitCode !== 0) throw new Error(`build: ${build.stderr}${build.stdout}`)
    await page.evaluate(() => window.server.kill())
    await page.waitForFunction(() => !window.preview.state.getState().ports.includes(5173))
    await paint(page, 'npm run preview', 4173)
    await counterIn(page).click()
    await expectText(counterIn(page), /1/)
    await checkImages(pageFrame(page))
    await page.screenshot({ path: join(home, 'screenshots', `${name}-built.png`) })
    const errors = await page.evaluate(() =>
      window.preview.state
        .getState()
        .console.filter(({ level }) => level === 'error')
        .map(({ text }) => text),
    )
    if (errors.length > 0) throw new Error(`console: ${errors.join(' | ')}`)
    console.log(
      `✓ ${name}: first paint ${cold} ms, again ${warm} ms; edits applied in ${edits.join(', ')} ms; built in ${build.stdout.match(/built in (\S+)/)?.[1]}`,
    )
  } finally {
    await context.close()
  }
}

/** From the command to the first contentful paint of its page, milliseconds. */
async function paint(page, command, port) {
  return page.evaluate(
    async ([line, wantedPort]) => {
      const startedAt = performance.now()
      const { preview } = window
      preview.state.setState({ paintMs: null })
      window.server = await window.start(line)
      const until = (test) =>
        new Promise((done, reject) => {
          const look = () => test(preview.state.getState()) && finish(done)
          const stop = preview.state.subscribe(look)
          const limit = setTimeout(
            () =>
              finish(() =>
                reject(
                  new Error(
                    `${line}: nothing was painted. ${window.server.said()} ${JSON.stringify(preview.state.getState().console)}`,
                  ),
                ),
              ),
            40_000,
          )
          const finish = (end) => {
            stop()
            clearTimeout(limit)
            end()
          }
          look()
        })
      await until(({ ports }) => ports.includes(wantedPort))
      preview.openServer(wantedPort)
      await until(({ paintMs }) => paintMs !== null)
      return Math.round(performance.now() - startedAt)
    },
    [command, port],
  )
}

function counterIn(page) {
  return pageFrame(page).locator('button').filter({ hasText: /count/i }).first()
}

async function edit(page, files) {
  const path =
    editable.find(
      (candidate) =>
        candidate in files &&
        /count/i.test(files[candidate]) &&
        />[^<]*\bGet started\b|Get started/.test(files[candidate]),
    ) ?? editable.find((candidate) => candidate in files)
  const text = files[path]
  const target = text.includes('Get started') ? 'Get started' : text.match(/>\s*([A-Z][\w ]{3,})\s*</)?.[1]
  if (!target) throw new Error(`${path} has no text to edit.`)
  const times = []
  for (let round = 0; round < 5; round++) {
    const word = `Edited ${round}`
    await page.evaluate(
      ([file, content]) => {
        window.editedAt = performance.timeOrigin + performance.now()
        window.edit(file, content)
      },
      [path, text.replace(target, word)],
    )
    const seenAt = await untilShown(page, word)
    const editedAt = await page.evaluate(() => window.editedAt)
    times.push(Math.round(seenAt - editedAt))
  }
  return times
}

/** When the text is in the page, by the page's own clock; the page may be another one by then. */
async function untilShown(page, word) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const seenAt = await pageFrame(page)
      .evaluate(
        (text) =>
          new Promise((done) => {
            const isThere = (root) =>
              root.textContent.includes(text) ||
              [...root.querySelectorAll('*')].some(({ shadowRoot }) => shadowRoot && isThere(shadowRoot))
            const startedAt = performance.now()
            const look = () => {
              if (isThere(document.body)) done(performance.timeOrigin + performance.now())
              else if (performance.now() - startedAt > 2000) done(null)
              else setTimeout(look, 2)
            }
            look()
          }),
        word,
      )
      .catch(() => null)
    if (seenAt !== null) return seenAt
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(
    `“${word}” was not shown. ${JSON.stringify(await page.evaluate(() => window.preview.state.getState().console))}`,
  )
}

async function checkImages(frame) {
  await frame.waitForFunction(() => [...document.images].every((image) => image.complete))
  const broken = await frame.evaluate(() =>
    [...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.outerHTML.slice(0, 200)),
  )
  if (broken.length > 0) throw new Error(`images without content: ${broken.join(' ')}`)
}

async function expectText(locator, pattern) {
  for (let attempt = 0; attempt < 40; attempt++) {
    if (pattern.test((await locator.textContent({ timeout: 10_000 }).catch(() => '')) ?? '')) return
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`the button says “${await locator.textContent()}”, not ${pattern}`)
}

/** The previewed document: the frame inside the preview's frame. */
function pageFrame(page) {
  const shell = page.frames().find((frame) => frame.url().includes('/sandbox/preview.html'))
  const inner = shell?.childFrames().at(-1)
  if (!inner) throw new Error('there is no previewed page')
  return inner
}

function readProject(path) {
  const files = {}
  const walk = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const full = join(at, entry.name)
      const name = relative(path, full)
      if (entry.isDirectory() && !leftOut.test(`${name}/`)) walk(full)
      else if (entry.isFile() && statSync(full).size < 6_000_000 && !/\.(?:node|map|md|d\.[cm]?ts)$/.test(name))
        files[name] = contents(full)
    }
  }
  walk(path)
  return files
}

function contents(path) {
  const bytes = readFileSync(path)
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : { base64: bytes.toString('base64') }
}
