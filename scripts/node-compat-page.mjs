// A page with one embedded sandbox; each test file runs in a fork of it, with Node's test/common and the fixtures it names.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { headersOf } from '../lib/sandbox/embedded/headers.mjs'
import { buildSandbox } from './build-sandbox.mjs'
import { findChromium } from './chromium.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const maxFixtureBytes = 1024 * 1024
const maxRunsPerPage = 60
/** Large, and read by few tests: of these a test gets what it names. */
const rarelyRead = /^test\/fixtures\/(wpt|test426|snapshot|postject-copy)\//

export async function openSandboxPage(testRoot) {
  await buildSandbox()
  const script = await bundlePage()
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/')
      response.writeHead(200, pageHeaders).end('<!doctype html><body></body><script src="/test.js"></script>')
    else if (pathname === '/test.js') response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    else if (/^\/sandbox\/[\w.-]+$/.test(pathname)) {
      const type = pathname.endsWith('.html')
        ? 'text/html'
        : pathname.endsWith('.json')
          ? 'application/json'
          : 'text/javascript'
      response
        .writeHead(200, { 'Content-Type': type, ...headersOf(pathname) })
        .end(readFileSync(join(root, 'public', pathname)))
    } else response.writeHead(404).end()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const isRoot = process.getuid?.() === 0
  const browser = await chromium.launch({ executablePath: await findChromium(), args: isRoot ? ['--no-sandbox'] : [] })
  const fixtures = filesOf(testRoot, 'fixtures')
  const shared = [
    ...filesOf(testRoot, 'common'),
    ...fixtures.filter(({ path }) => !rarelyRead.test(path)),
    ...filesOf(testRoot, 'es-module').filter(({ path }) => !/\/test-[^/]*$/.test(path)),
  ].map(toEntry)
  /** A page with the sandbox mounted; tests may crash it or fill its memory, so it is replaced now and then. */
  async function openPage() {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${server.address().port}`)
    await page.evaluate((files) => window.mount(files), shared)
    return { page, runs: 0 }
  }
  const idle = []
  async function takePage() {
    const known = idle.pop() ?? (await openPage())
    known.runs += 1
    return known
  }
  async function giveBack(used, isBroken) {
    if (isBroken || used.runs >= maxRunsPerPage) await used.page.close()
    else idle.push(used)
  }
  const rare = fixtures.filter(({ path }) => rarelyRead.test(path))
  return {
    async run(test, timeoutMs) {
      const path = `test/${test.folder}/${test.file}`
      const files = [{ path, full: test.full }, ...neighbours(testRoot, test), ...fixturesOf(test.source, rare)]
      const used = await takePage()
      const call = [files.map(toEntry), { command: ['node', ...test.flags, path], timeoutMs }]
      const outcome = await used.page
        .evaluate(([given, options]) => window.runTest(given, options), call)
        .catch((error) => ({ exitCode: 1, output: String(error.message), timedOut: false, isBroken: true }))
      await giveBack(used, outcome.isBroken)
      return { passed: outcome.exitCode === 0, reason: reasonOf(outcome), output: outcome.output }
    },
    async close() {
      await browser.close()
      server.close()
    },
  }
}

const pageHeaders = {
  'Content-Type': 'text/html',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

async function bundlePage() {
  const result = await build({
    stdin: { contents: pageScript, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    write: false,
    logLevel: 'error',
    tsconfig: join(root, 'tsconfig.json'),
  })
  return result.outputFiles[0].text
}

const pageScript = `
import { createEmbeddedSandbox } from './lib/sandbox/embedded'
let base
const decode = ([path, data]) => [path, Uint8Array.from(atob(data), (char) => char.charCodeAt(0))]
window.mount = async (files) => { base = await createEmbeddedSandbox({ files: new Map(files.map(decode)) }) }
window.runTest = async (files, { command, timeoutMs }) => {
  const sandbox = await base.fork()
  try {
    await sandbox.apply(files.map(decode).map(([path, after]) => ({ path, after })))
    const quoted = command.map((word) => "'" + word + "'").join(' ')
    const child = await sandbox.spawn(quoted, { stdin: '', timeoutMs, env: { NODE_SKIP_FLAG_CHECK: '1', NODE_TEST_KNOWN_GLOBALS: '0' } })
    const decoder = new TextDecoder()
    let output = ''
    child.onOutput(({ data }) => { if (output.length < 200000) output += decoder.decode(data, { stream: true }) })
    const { exitCode, timedOut } = await child.exit
    return { exitCode, timedOut, output }
  } finally { await sandbox.dispose() }
}
`

function filesOf(testRoot, folder) {
  return readdirSync(join(testRoot, folder), { recursive: true })
    .map((name) => ({ path: `test/${folder}/${name}`, full: join(testRoot, folder, name) }))
    .filter(({ full }) => {
      const stat = statSync(full, { throwIfNoEntry: false })
      return stat?.isFile() && stat.size <= maxFixtureBytes
    })
}

const toEntry = ({ path, full }) => [path, readFileSync(full).toString('base64')]

/** Files beside the test that it requires or imports. */
function neighbours(testRoot, { source, folder }) {
  return [...source.matchAll(/['"`]\.\/([\w.-]+?)(\.m?js)?['"`]/g)]
    .map(([, name, extension = '.js']) => `${name}${extension}`)
    .map((file) => ({ path: `test/${folder}/${file}`, full: join(testRoot, folder, file) }))
    .filter(({ full }) => statSync(full, { throwIfNoEntry: false })?.isFile())
}

/** Of the fixtures that are rarely read those whose folders the test names. */
function fixturesOf(source, fixtures) {
  const words = [...source.matchAll(/['"`]([^'"`\n]+)['"`]/g)].flatMap(([, text]) => text.split('/'))
  const named = new Set(words)
  return fixtures
    .filter(({ path }) => {
      const [, , folder, first, second] = path.split('/')
      return named.has(folder) && (!second || named.has(first) || (first === 'common' && named.has('WPTRunner')))
    })
    .slice(0, 600)
}

function reasonOf({ exitCode, timedOut, output }) {
  if (exitCode === 0) return ''
  if (timedOut) return 'does not end'
  const lines = output.split('\n').map((line) => line.trim())
  const error = lines.find((line) =>
    /^(\w*Error\b|\[?Error|Mismatched|Uncaught|.*is not (available|a function))/.test(line),
  )
  return (error ?? lines.findLast((line) => line !== '') ?? `exit code ${exitCode}`).slice(0, 160)
}
