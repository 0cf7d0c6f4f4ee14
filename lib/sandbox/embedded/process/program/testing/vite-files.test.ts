import { expect, it } from 'vitest'
import { createProject } from '../../../vite/project'
import { createVirtualFs } from '../../virtual-fs'
import { defaultConfig } from './config'
import { createViteFiles } from './vite-files'

const root = '/home/project'
const fs = createVirtualFs([])
const contents = {
  'src/app.css': 'a {}',
  'src/y.module.css': '.btn {}',
  'src/photo.png': 'PNG',
  'src/icon.svg': '<svg a="1">\n  <path d="%#"/>\n</svg>\n',
  'src/words.svg': '<svg><text>words</text></svg>',
  'src/large.svg': `<svg>${' '.repeat(5000)}</svg>`,
  'public/logo.png': 'PNG',
  'src/pages/one.ts': 'export default 1',
}
for (const [path, text] of Object.entries(contents)) {
  fs.mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ''), { recursive: true })
  fs.writeFile(`${root}/${path}`, text)
}
const project = createProject(fs, root)
const plain = defaultConfig('vitest', root)
const make = (css = plain.css) =>
  createViteFiles(project, { aliases: [{ find: '@', replacement: `${root}/src` }], css })
const moduleOf = (path: string, files = make()) =>
  files.standInFor(`${root}/${path}`, () => project.readText(`${root}/${path}`))?.text

/** What the module exports by default. */
const exportOf = (path: string, files = make()): unknown =>
  new Function(String(moduleOf(path, files)).replace('export default', 'return'))()

it('makes nothing of style sheets, whatever is asked of them, unless the config says so', () => {
  expect(['', '?raw', '?inline', '?url'].map((query) => exportOf(`src/app.css${query}`))).toEqual(['', '', '', ''])
  const read = make({ include: [/./], exclude: [], isScoped: true })
  expect(exportOf('src/app.css?raw', read)).toBe('a {}')
})

it('answers any class of a CSS module by a name that carries the hash of its path', () => {
  const styles = exportOf('src/y.module.css') as Record<PropertyKey, unknown>
  expect([styles.btn, styles.other, styles[Symbol.iterator]]).toEqual(['_btn_99216b', '_other_99216b', undefined])
  const unscoped = make({ include: [], exclude: [], isScoped: false })
  expect((exportOf('src/y.module.css', unscoped) as typeof styles).btn).toBe('btn')
})

it('gives assets their address at the server, small pictures in SVG as their own text', () => {
  expect(exportOf('src/photo.png')).toBe('/src/photo.png')
  expect(exportOf('public/logo.png')).toBe('/logo.png')
  expect(exportOf('src/large.svg')).toBe('/src/large.svg')
  expect(exportOf('src/icon.svg')).toBe("data:image/svg+xml,%3csvg%20a='1'%3e%3cpath%20d='%25%23'/%3e%3c/svg%3e")
  expect(exportOf('src/words.svg')).toBe(`data:image/svg+xml;base64,${btoa(contents['src/words.svg'])}`)
})

it('heeds what the query asks for', () => {
  expect(exportOf('src/pages/one.ts?raw')).toBe('export default 1')
  expect(exportOf('src/pages/one.ts?url')).toBe('/src/pages/one.ts')
  expect(exportOf('src/photo.png?inline')).toBe(`data:image/png;base64,${btoa('PNG')}`)
  expect(exportOf('src/icon.svg?no-inline')).toBe('/src/icon.svg?no-inline')
})

it('leaves code alone that asks for no files by pattern', () => {
  expect(moduleOf('src/pages/one.ts')).toBeUndefined()
  const text = `import.meta.glob('@/pages/*.ts')`
  expect(make().standInFor(`${root}/src/main.ts`, () => text)?.text).toContain('import("/src/pages/one.ts")')
})

it('finds files by a query, from the root of the project and in its public folder', () => {
  const find = (specifier: string) => make().find(specifier, (path) => (project.isFile(path) ? path : null))
  expect(find('/src/photo.png')).toBe(`${root}/src/photo.png`)
  expect(find('/logo.png?url')).toBe(`${root}/public/logo.png?url`)
  expect(find(`${root}/src/app.css?t=1`)).toBe(`${root}/src/app.css`)
  expect(find('./relative')).toBeNull()
})
