import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md'),
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const textOf = (path: string) => readFileSync(path, 'utf8')
const quoted = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)

describe.each(documents)('%s', (document) => {
  it('names only files that exist', () => {
    const paths = quoted(textOf(document)).filter((code) =>
      /^(?:app|components|docs|e2e|lib|scripts)\/[\w./-]+$/.test(code),
    )
    expect(paths.filter((path) => !existsSync(path))).toEqual([])
  })

  it('names only commands that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const names = [...textOf(document).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name)
    const ofProjects = ['dev', 'build', 'preview']
    expect(names.filter((name) => !(name in scripts) && !ofProjects.includes(name))).toEqual([])
  })

  it('links only to documents that exist', () => {
    const links = [...textOf(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path)
    expect(links.filter((path) => !existsSync(path))).toEqual([])
  })
})

it('ARCHITECTURE.md has a row for each folder of lib', () => {
  const rows = [...textOf('ARCHITECTURE.md').matchAll(/^\| `lib\/([\w-]+)` \|/gm)].map(([, name]) => name)
  const folders = readdirSync('lib').filter((name) => statSync(`lib/${name}`).isDirectory())
  expect(rows.sort()).toEqual(folders.sort())
})
