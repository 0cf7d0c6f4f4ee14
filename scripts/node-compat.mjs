// `npm run node-compat -- <folder of Node's tests> [--modules path,fs] [--grep text] [--jobs 2] [--failed] [--verbose] [--outputs folder]`
// Runs files of Node's own test/parallel and test/es-module in the pinned Node and then, those that pass there, in the
// sandbox in Chromium. `--failed` leaves out what passed when it was last tried; `--outputs` names a folder for what failing
// files print; `--write` writes docs/node-compat.md from all results so far, and leaves there what was said of modules without
// any. Node's tests are not part of the project: keep a copy of its `test` folder elsewhere.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openSandboxPage } from './node-compat-page.mjs'
import { writeReport } from './node-compat-report.mjs'
import { findLibraryNode } from './node-library.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cacheFolder = join(root, 'node_modules/.cache/node-compat')
const timeoutMs = 30_000

/** Module → what its test files are called. The first that fits counts. */
const modules = {
  path: /^test-path/,
  url: /^test-(url|whatwg-url)/,
  querystring: /^test-querystring/,
  events: /^test-(event-|events|eventtarget|eventemitter)/,
  util: /^test-util/,
  assert: /^test-assert/,
  buffer: /^test-(buffer|blob|file|btoa|atob)/,
  string_decoder: /^test-string-decoder/,
  stream: /^test-(stream|webstream|whatwg-(readable|writable|transform|webstreams))/,
  timers: /^test-(timers|next-tick|process-next-tick|microtask|promise|set(Immediate|Interval|Timeout)|immediate)/i,
  readline: /^test-readline/,
  console: /^test-console/,
  diagnostics_channel: /^test-diagnostics-channel/,
  async_hooks: /^test-(async-hooks|async-local-storage|als-|asyncresource)/i,
  process: /^test-process/,
  os: /^test-os/,
  vm: /^test-vm/,
  v8: /^test-v8/,
  perf_hooks: /^test-(perf|performance)/,
  fs: /^test-(fs|file-)/,
  zlib: /^test-zlib/,
  crypto: /^test-(crypto|webcrypto)/,
  child_process: /^test-(child-process|spawn)/,
  worker_threads: /^test-(worker|broadcastchannel|message(channel|port))/,
  http: /^test-http(?!s|2)/,
  net: /^test-net/,
  module: /^test-(module|require|cjs)/,
  esm: /^es-module\//,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    modules: { type: 'string' },
    grep: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    failed: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    outputs: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const [testRoot] = positionals
if (!testRoot || !existsSync(join(testRoot, 'parallel'))) {
  console.error(
    'Usage: npm run node-compat -- <the test folder of a copy of nodejs/node> [--modules fs,path] [--write]',
  )
  process.exit(2)
}

const binary = findLibraryNode()
const wantedModules = values.modules?.split(',')
const tests = ['parallel', 'es-module'].flatMap((folder) =>
  readdirSync(join(testRoot, folder))
    .filter((file) => /^test-.*\.m?js$/.test(file) && (!values.grep || file.includes(values.grep)))
    .flatMap((file) => {
      const name = folder === 'parallel' ? file : `${folder}/${file}`
      const module = Object.keys(modules).find((key) => modules[key].test(name))
      return module && (!wantedModules || wantedModules.includes(module)) ? [toTest(name, module)] : []
    }),
)

/** `name` names its folder, unless that is `parallel`. */
function toTest(name, module) {
  const [file = '', folder = 'parallel'] = name.split('/').reverse()
  const source = readFileSync(join(testRoot, folder, file), 'utf8')
  const flags = /\/\/ Flags:(.*)/.exec(source)?.[1]?.trim().split(/\s+/) ?? []
  return { name, folder, file, full: join(testRoot, folder, file), module, source, flags }
}

mkdirSync(cacheFolder, { recursive: true })
const native = await runNatively(tests)
const resultsFile = join(cacheFolder, 'results.json')
const before = readResults()
const tried = tests.filter(({ name }) => native[name] === 'pass' && !(values.failed && before[name]?.passed))
console.log(`${tests.length} files, ${tried.length} pass in ${binary}`)
const results = await runInSandbox(tried)
print(results)
const all = remember(results)
if (values.write)
  writeReport(join(root, 'docs/node-compat.md'), all, {
    version: versionOf(binary),
    modules: Object.keys(modules),
  })
process.exit(0)

function readResults() {
  return existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : {}
}

/** Keeps the results; those of earlier runs stand beside them. */
function remember(results) {
  // Read anew: another run may have ended since.
  const known = readResults()
  for (const result of results) known[result.name] = result
  writeFileSync(resultsFile, JSON.stringify(known))
  const order = Object.keys(modules)
  return Object.values(known).sort(
    (a, b) => order.indexOf(a.module) - order.indexOf(b.module) || a.name.localeCompare(b.name),
  )
}

/** Name → `pass`, `fail` or `skip`; remembered, as neither that Node nor its tests change. */
async function runNatively(list) {
  const key = createHash('sha256').update(binary).update(testRoot).digest('hex').slice(0, 12)
  const file = join(cacheFolder, `native-${key}.json`)
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  await inParallel(
    list.filter(({ name }) => !(name in known)),
    async (test, worker) => {
      known[test.name] = await runOneNatively(test, worker)
    },
  )
  writeFileSync(file, JSON.stringify(known))
  return known
}

function runOneNatively({ full, flags }, worker) {
  const scratch = join(tmpdir(), `node-compat-${process.pid}-${worker}`)
  mkdirSync(scratch, { recursive: true })
  const env = { ...process.env, NODE_TEST_DIR: scratch, NODE_SKIP_FLAG_CHECK: '1', TEST_THREAD_ID: String(worker) }
  return new Promise((resolve) => {
    const options = { cwd: testRoot, env, timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 }
    execFile(binary, [...flags, full], options, (error, stdout) => {
      rmSync(scratch, { recursive: true, force: true })
      resolve(error ? 'fail' : /^1\.\.0 # Skipped/m.test(stdout) ? 'skip' : 'pass')
    })
  })
}

async function runInSandbox(list) {
  const page = await openSandboxPage(testRoot)
  const results = []
  await inParallel(list, async (test) => {
    const outcome = await page.run(test, timeoutMs)
    results.push({ name: test.name, module: test.module, passed: outcome.passed, reason: outcome.reason })
    if (values.outputs && !outcome.passed)
      writeFileSync(join(values.outputs, `${test.name.replace('/', '-')}.txt`), outcome.output)
    if (values.verbose && !outcome.passed) console.log(`✗ ${test.name}: ${outcome.reason}`)
  })
  await page.close()
  return results.sort((a, b) => a.name.localeCompare(b.name))
}

async function inParallel(list, run) {
  const queue = [...list]
  const work = async (worker) => {
    for (let test = queue.shift(); test; test = queue.shift()) await run(test, worker)
  }
  await Promise.all(Array.from({ length: Number(values.jobs) }, (_, worker) => work(worker)))
}

function print(results) {
  for (const module of Object.keys(modules)) {
    const own = results.filter((result) => result.module === module)
    if (own.length === 0) continue
    const passed = own.filter((result) => result.passed).length
    console.log(`${module}: ${passed}/${own.length} = ${((100 * passed) / own.length).toFixed(1)} %`)
  }
}

function versionOf(path) {
  return /v?(\d+\.\d+\.\d+)/.exec(readFileSync(join(path, '../../package.json'), 'utf8'))?.[1] ?? ''
}
