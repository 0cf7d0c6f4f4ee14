// esbuild plugin for the typescript bundle: TypeScript's own library files as one module, `vitrine:typescript-lib`,
// without comments (they are two thirds of the bytes), and Node's modules, which TypeScript only asks for in Node.
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const folder = dirname(require.resolve('typescript-browser'))

/** @type {import('esbuild').Plugin} */
export const plugin = {
  name: 'typescript',
  setup(build) {
    // In a process there is a `process`, which TypeScript would take for Node's.
    build.initialOptions.define = { ...build.initialOptions.define, 'process.browser': 'true' }
    build.onResolve({ filter: /^vitrine:typescript-lib$/ }, ({ path }) => ({ path, namespace: 'typescript-lib' }))
    build.onLoad({ filter: /.*/, namespace: 'typescript-lib' }, async () => ({
      contents: `export const libFiles = ${JSON.stringify(await readLibFiles())}`,
      loader: 'js',
    }))
    build.onResolve(
      { filter: /^(fs|path|os|inspector|perf_hooks|source-map-support|module|node:.*)$/ },
      ({ path }) => ({
        path,
        namespace: 'absent',
      }),
    )
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** @returns {Promise<Record<string, string>>} file name → declarations */
export async function readLibFiles() {
  const names = (await readdir(folder)).filter((name) => /^lib\..*\.d\.ts$|^lib\.d\.ts$/.test(name)).sort()
  const texts = await Promise.all(
    names.map(async (name) => withoutComments(await readFile(join(folder, name), 'utf8'))),
  )
  return Object.fromEntries(names.map((name, index) => [name, texts[index]]))
}

/** Keeps `/// <reference …>`, and everything in quotes. */
function withoutComments(text) {
  return text
    .replace(
      /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/\/ *<reference[^\n]*)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
      '$1',
    )
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .replace(/^ +/gm, '')
}
