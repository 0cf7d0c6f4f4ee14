import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PostcssOptions } from '../config/postcss-options'
import type { ViteContext } from '../context'
import { compilePostcss } from './postcss'

let root = ''

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'vitrine-postcss-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('package.json', '{"type":"module"}')
  write('node_modules/postcss-mark/package.json', '{"name":"postcss-mark","main":"index.cjs"}')
  write(
    'node_modules/postcss-mark/index.cjs',
    `module.exports = ({ mark = 'plain' } = {}) => ({ postcssPlugin: 'postcss-mark', Once: (css) => { css.append('.' + mark + '{}') } })`,
  )
  write('styles/postcss.config.js', `export default { plugins: { 'postcss-mark': { mark: 'from-styles' } } }`)
  write('postcss.config.js', `export default { plugins: { 'postcss-mark': { mark: 'from-root' } } }`)
  symlinkSync(resolve('node_modules/postcss'), join(root, 'node_modules/postcss'))
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Compiles with this project's PostCSS, in a process of the real Node. */
function compile(postcss: PostcssOptions | null) {
  const host = {
    env: {},
    spawn([, ...args]: string[], { cwd, stdin }: { cwd: string; stdin: Uint8Array }) {
      const data = execFileSync(process.execPath, args, { cwd, input: stdin })
      return {
        onOutput: (listener: (chunk: unknown) => void) => listener({ stream: 'stdout', data }),
        exit: Promise.resolve(0),
      }
    },
  }
  const context = {
    host,
    project: { root, isFile: (path: string) => existsSync(path) && /\.\w+$/.test(path) },
    runner: { find: () => 'postcss' },
    config: { postcss, env: {} },
  } as unknown as ViteContext
  return compilePostcss('a{}', join(root, 'a.css'), context)
}

it('runs the plugins of the project’s file, of the file that the config names, or of the config itself', async () => {
  expect(await compile(null)).toBe('a{}.from-root{}')
  expect(await compile({ kind: 'search', folder: join(root, 'styles/deep') })).toBe('a{}.from-styles{}')
  expect(
    await compile({
      kind: 'plugins',
      plugins: [
        ['postcss-mark', { mark: 'inline' }],
        ['postcss-mark', true],
      ],
    }),
  ).toBe('a{}.inline{}.plain{}')
  expect(await compile({ kind: 'plugins', plugins: [] })).toBe('a{}')
})
