// Bundles what runs inside the sandbox frame into public/sandbox, and writes manifest.json with the hash of each file.
// `node scripts/build-sandbox.mjs [--watch]`; builds nothing when no source has changed.
import { createHash } from 'node:crypto'
import { existsSync, watch as watchFolder } from 'node:fs'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { libraryScripts, nodeLibrary, nodeLibraryPlugin } from './node-library.mjs'
import { testLibraryPlugin } from './test-library.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'lib/sandbox/embedded')
const output = join(root, 'public/sandbox')
const cacheFile = join(root, 'node_modules/.cache/vitrine-sandbox.json')

/** Bundle name → entry. Each becomes one classic script, since module Workers do not start in an opaque origin. `preview-…`: of the second origin. */
const bundles = {
  kernel: 'kernel/worker.ts',
  process: 'process/worker.ts',
  'node-late': 'process/program/node/library/late.ts',
  'node-crypto': 'process/program/node/binding/crypto/late.ts',
  'node-zlib': 'process/program/node/binding/zlib/late.ts',
  'node-brotli': 'process/program/node/binding/zlib/brotli/late.ts',
  'node-zstd': 'process/program/node/binding/zlib/zstd/late.ts',
  shell: 'shell/worker.ts',
  typescript: 'typescript/worker.ts',
  npm: 'npm/worker.ts',
  testing: 'testing/worker.ts',
  coverage: 'coverage/bundle.ts',
  git: 'git/worker.ts',
  vite: 'vite/worker.ts',
  transpile: 'typescript/transpile.ts',
  python: 'python/worker.ts',
  'preview-worker': 'preview/origin/worker/main.ts',
  'preview-relay': 'preview/origin/relay/main.ts',
}
/** Copied as they are. */
const copies = {
  'esbuild.wasm': 'node_modules/esbuild-wasm/esbuild.wasm',
  'python-core.js': 'node_modules/pyodide/pyodide.asm.mjs',
  'python-core.wasm': 'node_modules/pyodide/pyodide.asm.wasm',
  'python-stdlib.zip': 'node_modules/pyodide/python_stdlib.zip',
}
/** Pages; what `<script data-bundle="…">` names is bundled and stands in its place, as their policy loads no script. */
const pages = { 'frame.html': 'frame/frame.html', 'preview.html': 'preview/preview.html' }

/**
 * @param {{ watch?: boolean }} [options]
 * @returns {Promise<{ file: string; bytes: number; gzipBytes: number }[]>} what was built; empty when all was up to date
 */
export async function buildSandbox({ watch = false } = {}) {
  await mkdir(output, { recursive: true })
  await mkdir(dirname(cacheFile), { recursive: true })
  if (!watch) return buildStale()
  const built = await buildStale().catch(complain)
  watchSources()
  return built ?? []
}

async function buildStale() {
  const cache = await readJson(cacheFile)
  const next = { ...cache }
  const manifest = await readJson(join(output, 'manifest.json'))
  const built = []
  const failures = []
  const pending = [
    ...Object.entries(bundles).map(([name, entry]) => [`${name}.js`, () => bundle(name, entry)]),
    ...Object.entries(pages).map(([file, from]) => [file, () => buildPage(from)]),
    ['node-library.txt', copyLibrary],
    ...Object.entries(copies).map(([file, from]) => [file, () => copyFile(from)]),
  ]
  for (const [file, build] of pending) {
    if (manifest[file] && existsSync(join(output, file)) && (await isFresh(cache[file]))) continue
    try {
      const { contents, inputs } = await build()
      await writeWhole(join(output, file), contents)
      next[file] = await stampsOf(inputs)
      manifest[file] = createHash('sha256').update(contents).digest('base64url').slice(0, 16)
      built.push({ file, bytes: contents.length, gzipBytes: gzipSync(contents).length })
    } catch (error) {
      failures.push(`sandbox/${file}: ${error.message}`)
    }
  }
  if (built.length > 0) {
    await writeWhole(join(output, 'manifest.json'), JSON.stringify(manifest, null, 2))
    await writeWhole(cacheFile, JSON.stringify(next))
  }
  // One broken bundle does not hold the others up.
  if (failures.length > 0) throw new Error(failures.join('\n'))
  return built
}

async function bundle(name, entry) {
  const { build } = await import('esbuild')
  const own = await pluginOf(entry)
  const result = await build({
    entryPoints: [join(source, entry)],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    // Programs read the names of constructors and functions: `console.log(new EventEmitter())`.
    keepNames: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    // Stack traces inside the sandbox name the project's files; ours are told apart by this name.
    banner: { js: '"use strict";' },
    footer: { js: `//# sourceURL=vitrine:${name}.js` },
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins: [nodeLibraryPlugin, testLibraryPlugin, ...(own ? [own.plugin] : [])],
  })
  const inputs = Object.keys(result.metafile.inputs)
    .map((path) => join(root, path))
    .filter((path) => existsSync(path))
  const recipes = [pluginPath(entry), fileURLToPath(import.meta.url)].filter((path) => existsSync(path))
  // What keeps the names of functions must not read what a program has put on Object.prototype.
  const text = result.outputFiles[0].text.replace(
    /"name",\{value:(\w+),configurable:!0\}/,
    '"name",{__proto__:null,value:$1,configurable:!0}',
  )
  return {
    contents: Buffer.from(text),
    inputs: [...inputs, ...(own?.inputs ?? []), ...recipes, ...libraryScripts],
  }
}

const pluginPath = (entry) => join(source, dirname(entry), 'bundle.mjs')

/** A bundle may bring its own esbuild plugin in a `bundle.mjs` beside its entry, and `inputs` that only it knows of. */
async function pluginOf(entry) {
  const path = pluginPath(entry)
  return existsSync(path) ? import(path) : null
}

async function buildPage(from) {
  const path = join(source, from)
  const html = await readFile(path, 'utf8')
  const [tag, entry] = /<script data-bundle="([^"]+)"><\/script>/.exec(html) ?? []
  if (!tag) return { contents: Buffer.from(html), inputs: [path, fileURLToPath(import.meta.url)] }
  const { contents, inputs } = await bundle('preview', join(dirname(from), entry))
  const script = contents.toString().replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
  return { contents: Buffer.from(html.replace(tag, () => `<script>${script}</script>`)), inputs: [path, ...inputs] }
}

async function copyFile(from) {
  const path = join(root, from)
  return { contents: await readFile(path), inputs: [path, fileURLToPath(import.meta.url)] }
}

async function copyLibrary() {
  const { textFile } = await nodeLibrary()
  return { contents: await readFile(textFile), inputs: [textFile, ...libraryScripts] }
}

async function stampsOf(paths) {
  return Promise.all(paths.map(async (path) => [path, await stampOf(path)]))
}

async function stampOf(path) {
  const { mtimeMs, size } = await stat(path)
  return `${mtimeMs}:${size}`
}

async function isFresh(stamps) {
  if (!stamps) return false
  const checks = stamps.map(async ([path, stamp]) => existsSync(path) && (await stampOf(path)) === stamp)
  return (await Promise.all(checks)).every(Boolean)
}

async function readJson(path) {
  return existsSync(path) ? JSON.parse(await readFile(path, 'utf8')) : {}
}

/** A reader sees the old file or the new one, never a part. */
async function writeWhole(path, contents) {
  const temporary = `${path}.${process.pid}.tmp`
  await writeFile(temporary, contents)
  await rename(temporary, path)
}

function watchSources() {
  let timer
  watchFolder(source, { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => buildStale().then(report, complain), 100)
  })
}

function complain(error) {
  console.error(error.message)
}

function report(built) {
  for (const { file, bytes, gzipBytes } of built) {
    console.log(`sandbox/${file}  ${(bytes / 1024).toFixed(0)} KB, ${(gzipBytes / 1024).toFixed(0)} KB gzip`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  report(await buildSandbox({ watch: process.argv.includes('--watch') }))
}
