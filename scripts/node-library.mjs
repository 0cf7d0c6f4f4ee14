// Node's own library, for the sandbox: the sources and the static tables of its native half, read from one pinned
// release. They are taken at build time, kept in a cache and in the bundle, and never committed.
// The sources are a file of their own, so that a process does not parse what it may never run; `nodeLibraryPlugin` gives
// esbuild the module `vitrine:node-library`, which says where in it each one stands.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const cacheFolder = join(root, 'node_modules/.cache/node-library')
const dumpScript = fileURLToPath(new URL('node-library-dump.cjs', import.meta.url))
const major = '22'
/** What the generated modules depend on beside Node itself. */
export const libraryScripts = [fileURLToPath(import.meta.url), dumpScript]

/** What runs only with Node's own C++, or on a server: inspector, REPL of the debugger, bundled tools, entry scripts. */
const left =
  /^internal\/(main|debugger|deps\/(npm|corepack|amaro|v8|node-inspect)|v8_prof|inspector|http2|quic|policy|modules\/esm\/(loader|worker|translators|module_job|module_map|initialize_import_meta|create_dynamic_module|utils)|modules\/cjs|modules\/(run_main|typescript|customization_hooks)|wasm_web_api|webstorage)|^(inspector|http2|sqlite|wasi|trace_events)(\/|$)|^internal\/deps\/cjs-module-lexer/

/** Loaded by nearly no program: kept out of the bundle that every process starts with. */
const late =
  /^internal\/(modules\/esm\/|vm\/module|deps\/(undici|acorn|minimatch)|crypto\/|freeze_intrinsics|fs\/glob|tls\/|repl|cluster|test_runner|js_stream_socket|trace_events_async_hooks|watch_mode)|^(punycode|domain|crypto|tls|_tls_common|_tls_wrap|https|repl|sea|test|test\/reporters)$/

/** The Node whose library is used: the platform package of the pinned release, else this Node when it fits. */
export function findLibraryNode() {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`].map(
    (name) => name.replace('win32', 'win'),
  )
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const packaged = names.map((name) => join(root, 'node_modules', name, binary)).find((path) => existsSync(path))
  if (packaged) return packaged
  if (process.versions.node.split('.')[0] === major) return process.execPath
  throw new Error(
    `The sandbox is built from the library of Node ${major}. Its package for ${process.platform}-${process.arch} is not ` +
      `installed and this is Node ${process.versions.node}: run “npm install”, or build with Node ${major}.`,
  )
}

/** @returns {Promise<{ file: string, textFile: string, lateFile: string }>} what was generated, made anew when Node or a script of ours changed */
export function nodeLibrary() {
  finding ??= findLibrary()
  return finding
}

let finding

async function findLibrary() {
  const binary = findLibraryNode()
  const key = createHash('sha256').update(binary)
  for (const path of libraryScripts) key.update(await readFile(path))
  const { stdout: version } = await promisify(execFile)(binary, ['--version'])
  const stem = join(cacheFolder, `${version.trim()}-${key.digest('hex').slice(0, 12)}`)
  const made = { file: `${stem}.mjs`, textFile: `${stem}.txt`, lateFile: `${stem}-late.mjs` }
  if (!Object.values(made).every((path) => existsSync(path))) await generate(binary, made)
  return made
}

async function generate(binary, { file, textFile, lateFile }) {
  // The options in the tables are the defaults: neither the command line nor the environment may change them.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')))
  const { stdout } = await promisify(execFile)(binary, ['--expose-internals', dumpScript], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  })
  const { sources, data } = JSON.parse(stdout)
  const parser = loadParser(sources)
  const compacted = {}
  for (const id of Object.keys(sources).sort()) {
    if (!left.test(id)) compacted[id] = compact(patch(id, sources[id]), parser)
  }
  compacted[engineOptionsId] = { text: await engineOptionsOf(binary), indents: ' ' }
  data.unavailable = Object.keys(sources).filter((id) => left.test(id))
  const notice = await licenseOf(binary)
  const isLate = (id) => id === engineOptionsId || late.test(id)
  const pick = (wanted) => Object.fromEntries(Object.entries(compacted).filter(([id]) => isLate(id) === wanted))
  data.late = Object.keys(pick(true))
  await mkdir(cacheFolder, { recursive: true })
  const { text, places } = concatenate(`/*! ${notice} */\n`, pick(false))
  await writeWhole(textFile, text)
  await writeWhole(file, `export const places = ${asParsed(places)}\nexport const data = ${asParsed(data)}\n`)
  const part = (name) =>
    JSON.stringify(Object.fromEntries(Object.entries(pick(true)).map(([id, it]) => [id, it[name]])))
  await writeWhole(
    lateFile,
    `/*! ${notice} */\nexport const sources = ${part('text')}\nexport const indents = ${part('indents')}\n`,
  )
}

/** Read as JSON at run time, which takes the engine less than half the time of a literal. */
const asParsed = (value) => `JSON.parse(${JSON.stringify(JSON.stringify(value))})`

/** A module of ours among the library's: the names of V8's options, which Node takes beside its own. */
const engineOptionsId = 'internal/vitrine/engine_options'
async function engineOptionsOf(binary) {
  const { stdout } = await promisify(execFile)(binary, ['--v8-options'], { maxBuffer: 8 * 1024 * 1024 })
  const names = [...stdout.matchAll(/^ {2}--(?:no-)?(\S+)/gm)].map(([, name]) => name.replaceAll('_', '-'))
  return `module.exports = ${JSON.stringify(names.join(' '))}.split(' ')`
}

/** All sources, each with its indents behind it, in ASCII: a place in bytes is one in characters. */
function concatenate(head, compacted) {
  const places = {}
  let whole = toAscii(head)
  for (const [id, { text, indents }] of Object.entries(compacted)) {
    const ascii = toAscii(text)
    places[id] = [whole.length, whole.length + ascii.length]
    whole += ascii + indents
  }
  return { text: whole, places }
}

/** What is not ASCII stands in strings and patterns only. */
const toAscii = (source) =>
  source.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A Worker's stack is half as large as Node's: 65,535 arguments, by which these decode a long data: URL, are too many. */
const smallerCalls = [[/\(2 << 15\) - 1/g, '(2 << 12) - 1']]

/**
 * The loop cannot drain the microtask queue between two timers or immediates as C++ does, so there it waits: the
 * functions become generators that yield where Node runs its ticks.
 */
const patches = {
  'internal/data_url': smallerCalls,
  'internal/deps/undici/undici': smallerCalls,
  // Node takes its MessageEvent from undici, which is large.
  'internal/worker/io': [
    [
      "require('internal/deps/undici/undici').createFastMessageEvent",
      "internalBinding('messaging').createMessageEvent",
    ],
  ],
  // As in Node where no coverage was asked for by NODE_V8_COVERAGE: they do nothing.
  v8: [['let profiler = {};', 'let profiler = { takeCoverage() {}, stopCoverage() {} };']],
  // There is one context in a Worker.
  'internal/util': [["runInNewContext('this', undefined, { contextName: 'internal' })", 'globalThis']],
  // Programs find a pipe behind their output: what they put in the place of fs.writeSync, as they may to write there
  // through process.stdout, is not below it.
  'internal/fs/sync_write_stream': [
    [
      "const { closeSync, writeSync } = require('fs');",
      "const { closeSync } = require('fs'), { writeBuffer: writeSync } = internalBinding('fs');",
    ],
  ],
  'internal/timers': [
    ['function processImmediate() {', 'function* processImmediate() {'],
    ['function processTimers(now) {', 'function* processTimers(now) {'],
    ['function listOnTimeout(list, now) {', 'function* listOnTimeout(list, now) {'],
    ['      listOnTimeout(list, now);', '      yield* listOnTimeout(list, now);'],
    [/^( +)runNextTicks\(\);$/gm, '$1yield;'],
  ],
}

function patch(id, source) {
  let patched = source
  for (const [from, to] of patches[id] ?? []) {
    const next = patched.replace(from, to)
    if (next === patched)
      throw new Error(`Node's ${id} has changed: “${from}” is not in it. Adapt the patch in ${import.meta.url}.`)
    patched = next
  }
  return patched
}

/**
 * Only comments and the indents of lines go: a stack names the places of Node's own source, and programs read the names
 * of functions. `indents` has one character for each line, the more behind a space the more was taken away.
 */
function compact(source, { Parser }) {
  const tokens = []
  const options = { ecmaVersion: 'latest', sourceType: 'script', allowReturnOutsideFunction: true, onToken: tokens }
  Parser.parse(source, { ...options, allowHashBang: true })
  let text = ''
  let indents = ''
  let end = 0
  for (const { start, end: next } of tokens) {
    const lines = source.slice(end, start).split('\n')
    const space = lines.at(-1).length
    const breaks = lines.length - 1
    if (end === 0 || breaks > 0) {
      text += '\n'.repeat(breaks)
      indents += ' '.repeat(Math.max(0, breaks - (end === 0 ? 0 : 1))) + indentMark(space)
    } else text += ' '.repeat(space)
    const token = source.slice(start, next)
    text += token
    // What a template spans begins where it begins.
    indents += ' '.repeat(token.split('\n').length - 1)
    end = next
  }
  return { text, indents }
}

/** One ASCII character; a column behind a long comment may be less than Node's. */
const indentMark = (columns) => String.fromCharCode(0x20 + Math.min(columns, 0x5e))

/** The parser comes with the library itself. */
function loadParser(sources) {
  const module = { exports: {} }
  new Function('exports', 'module', sources['internal/deps/acorn/acorn/dist/acorn'])(module.exports, module)
  return module.exports
}

/** Node's licence, as the release ships it; the bundle carries it along. */
async function licenseOf(binary) {
  const path = join(dirname(dirname(binary)), 'LICENSE')
  if (!existsSync(path))
    return 'Node.js: Copyright Node.js contributors. MIT License, https://github.com/nodejs/node/blob/main/LICENSE'
  const text = await readFile(path, 'utf8')
  // The file goes on with the licences of parts that are not in here (V8, OpenSSL, ICU …).
  const own = text.slice(0, text.indexOf('The Node.js license applies to all parts') >>> 0)
  return `Node.js library\n${own.replaceAll('*/', '* /').trim()}`
}

async function writeWhole(path, contents) {
  const temporary = `${path}.${process.pid}.tmp`
  await writeFile(temporary, contents)
  await rename(temporary, path)
}

/** Serves `vitrine:node-library` (at the start of every process) and `vitrine:node-library/late` (on first use). */
export const nodeLibraryPlugin = {
  name: 'node-library',
  setup(build) {
    build.onResolve({ filter: /^vitrine:node-library(\/late)?$/ }, async ({ path }) => {
      const { file, lateFile } = await nodeLibrary()
      return { path: path.endsWith('/late') ? lateFile : file }
    })
  },
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await nodeLibrary())
