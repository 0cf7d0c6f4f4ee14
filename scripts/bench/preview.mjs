import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveSandbox } from '../serve-sandbox.mjs'
import { root } from '../setup.mjs'
import { median, print, repeats } from './report.mjs'

/** The React template in the preview, its packages in place: from nothing, again, and after an edit. */
export async function preview({ browser }) {
  const server = await serveSandbox('preview-page.ts')
  const packages = packageFiles(['react', 'react-dom', 'scheduler'])
  try {
    const runs = []
    for (let i = 0; i < repeats; i++) {
      const page = await (await browser.newContext()).newPage()
      await page.goto(server.origin)
      runs.push(await page.evaluate(showTemplate, packages))
      await page.context().close()
    }
    const medianOf = (name) => median(runs.map((run) => run[name]))
    print('sandbox-react-first-paint-cold', medianOf('cold'), 'ms', 3000)
    print('sandbox-react-first-paint-warm', medianOf('warm'), 'ms', 500)
    print('sandbox-react-edit-to-applied', medianOf('edit'), 'ms', 60)
  } finally {
    await server.close()
  }
}

/** Runs in the page. What the previewed page says of itself passes through it as messages. */
async function showTemplate(packages) {
  const said = (kind) =>
    new Promise((resolve) => {
      addEventListener('message', function listen({ data }) {
        if (data?.vitrinePreview?.kind !== kind) return
        removeEventListener('message', listen)
        resolve(performance.now())
      })
    })
  const files = { ...window.filesOfTemplate('react'), ...packages }
  const startedAt = performance.now()
  const painted = said('painted')
  await window.openProject(files)
  // As in the IDE when the preview is what started the server.
  window.sandbox.onPort(({ port, open }) => open && window.preview.openServer(port))
  await window.start('npm run dev')
  const cold = (await painted) - startedAt
  await new Promise((resolve) => setTimeout(resolve, 500))
  const reloadedAt = performance.now()
  const again = said('painted')
  window.preview.go('reload')
  const warm = (await again) - reloadedAt
  // The page listens for updates once it stands.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const updated = said('updated')
  const editedAt = performance.now()
  window.edit('src/App.tsx', files['src/App.tsx'].replace('Hello', 'Good day'))
  return { cold, warm, edit: (await updated) - editedAt }
}

/** What of them a page does not use. */
const notForPages = /server|profiling|test-utils|unstable|native|compiler/

/** Packages of this project, by their path in another. */
function packageFiles(names) {
  const paths = names.flatMap((name) => {
    const folder = join('node_modules', name)
    const inside = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    return inside
      .filter((path) => /\.(?:js|json)$/.test(path) && !notForPages.test(path))
      .map((path) => join(folder, path))
  })
  return Object.fromEntries(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]))
}
