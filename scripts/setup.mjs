// What `npm start`, `npm test` and `npm run dev` share: install and build only when something is missing or stale.
// Needs nothing but Node: it runs before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

export function say(message) {
  console.log(`\u25c7 ${message}`)
}

export function fail(message) {
  console.error(`\n\u2716 ${message}\n`)
  process.exit(1)
}

/** What `read` returns; what it throws ends the program as its one sentence. */
export function orFail(read) {
  try {
    return read()
  } catch (error) {
    return fail(error.message)
  }
}

/** Runs a program in the project and resolves to its exit code; output goes to the terminal. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)))
  })
}

/** Runs a package's own program with this Node, so that paths with spaces and Windows need no shell. */
export function runBin(path, args, options) {
  return run(process.execPath, [join(root, 'node_modules', path), ...args], options)
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 20)) return
  fail(`Vitrine needs Node 20.20 or later; this is ${process.version}. Install a newer Node and run the command again.`)
}

/** `npm ci` when node_modules is missing or does not match the lockfile. */
export async function ensureInstalled() {
  const reason = installReason()
  if (!reason) return
  say(`Installing packages (${reason}); the first time takes a minute or two \u2026`)
  const startedAt = Date.now()
  const flags = ['--no-audit', '--no-fund', '--loglevel=error']
  // A registry that lacks another platform's optional package makes `npm ci` refuse; `npm install` passes over it.
  const isInstalled = (await npm(['ci', ...flags])) === 0 || (await npm(['install', '--no-save', ...flags])) === 0
  if (!isInstalled) {
    fail('Installing packages failed; the lines above say why. Check the connection and run the command again.')
  }
  removeLinkedNode()
  say(`Packages installed in ${seconds(startedAt)}.`)
}

/**
 * The packages that carry Node's library for the sandbox also carry a program named `node`. Linked into `.bin` it would
 * stand before the user's own Node in every npm script, and end them where that binary does not run.
 */
function removeLinkedNode() {
  for (const name of ['node', 'node.cmd', 'node.ps1']) rmSync(join(root, 'node_modules/.bin', name), { force: true })
}

function npm(args) {
  const path = process.env.npm_execpath
  if (path?.endsWith('.js')) return run(process.execPath, [path, ...args])
  return run('npm', args, { shell: process.platform === 'win32' })
}

function installReason() {
  const installedPath = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedPath)) return 'first run'
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages
  const stale = Object.entries(wanted).some(
    ([path, entry]) =>
      path !== '' && !entry.optional && !entry.devOptional && installed[path]?.version !== entry.version,
  )
  return stale ? 'the lockfile changed' : null
}

const buildInputs = [
  'app',
  'components',
  'lib',
  'public',
  'scripts',
  'next.config.mjs',
  'package-lock.json',
  'postcss.config.mjs',
  'proxy.ts',
  'tsconfig.json',
]
const buildStamp = join(root, '.next', 'vitrine-build')

/** Builds the sandbox bundles and the app when their sources changed since the last build. */
export async function ensureBuilt() {
  const hash = hashInputs()
  if (existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === hash) return
  await buildSandboxBundles()
  say('Building the app; about a minute \u2026')
  const startedAt = Date.now()
  const code = await runBin('next/dist/bin/next', ['build'], { env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } })
  if (code !== 0) fail('The build failed; the lines above say where.')
  mkdirSync(dirname(buildStamp), { recursive: true })
  writeFileSync(buildStamp, hash)
  say(`Built in ${seconds(startedAt)}.`)
}

export async function buildSandboxBundles() {
  const { buildSandbox } = await import('./build-sandbox.mjs')
  await buildSandbox()
}

function hashInputs() {
  const hash = createHash('sha256')
  const visit = (path) => {
    const full = join(root, path)
    if (!existsSync(full)) return
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) if (!isGenerated(`${path}/${name}`)) visit(`${path}/${name}`)
    } else hash.update(path).update('\0').update(readFileSync(full)).update('\0')
  }
  for (const input of buildInputs) visit(input)
  return hash.digest('hex')
}

function isGenerated(path) {
  return path === 'public/sandbox' || /\.(test|conformance)\.tsx?$/.test(path)
}

export function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(0)} s`
}
