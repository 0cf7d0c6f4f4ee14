// `npm run exercism -- <checkout> [--native <folder>] [--only <text>] [--skip <pattern>] [--always-skipped] [--bench]`: runs
// an Exercism track's practice exercises (its own solutions, every test enabled) in the sandbox, all in one run, and beside
// it natively where <folder> has Jest and the track's Babel preset installed. Prints one line for every suite that differs
// and a summary with times. Enabled are the tests that the track's own CI enables (scripts/helpers.mjs there: `xtest`, `xit`,
// `xdescribe`); `--always-skipped` enables those marked `.skip` too, which its solutions fail or compute for long.
// `--bench` runs five times in turn, each the second run of the same files, and prints the median of the ratios.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { median } from './bench/report.mjs'
import { launchChromium } from './chromium.mjs'
import { serveSandbox } from './serve-sandbox.mjs'
import { checkNode, ensureInstalled, fail, root } from './setup.mjs'

const args = process.argv.slice(2)
const checkout = args.find((text, index) => !text.startsWith('--') && !args[index - 1]?.startsWith('--'))
const practice = join(resolve(checkout ?? '.'), 'exercises/practice')
if (!checkout || !existsSync(practice)) {
  fail('Name a checkout of github.com/exercism/javascript or /typescript: npm run exercism -- ../javascript')
}
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
const only = option('--only')
const skip = option('--skip')
const native = option('--native')
const isBench = args.includes('--bench')
const alwaysSkippedToo = args.includes('--always-skipped')
const benchRounds = 5
const suiteTimeoutMs = 120_000

checkNode()
await ensureInstalled()
const files = Object.assign(
  {},
  ...readdirSync(practice)
    .filter((slug) => (!only || slug.includes(only)) && !(skip && new RegExp(skip).test(slug)))
    .map(prepare),
)
const suites = Object.keys(files).filter((path) => /\.(spec|test)\.[jt]s$/.test(path))
console.log(`${suites.length} suites of ${basename(resolve(checkout))}`)
const natively = native ? prepareNatively(files, resolve(native)) : null
try {
  process.exitCode = isBench ? await bench() : await compareOnce()
} finally {
  natively?.remove()
}

async function compareOnce() {
  const inSandbox = await runInSandbox(files, { isCold: true })
  report('sandbox', inSandbox)
  let exitCode = 0
  for (const [name, run] of Object.entries(natively?.runners ?? {})) {
    const result = run({ isCold: true })
    report(name, result)
    const paths = missed(result, inSandbox)
    if (paths.length > 0) exitCode = 1
    console.log(`  passes in ${name} but not here: ${paths.length === 0 ? 'none' : paths.join(', ')}`)
    console.log(`  ${(result.wallMs / inSandbox.wallMs).toFixed(1)} × the sandbox's time`)
  }
  for (const [path, suite] of inSandbox.suites) if (!suite.passed) console.log(`\n✗ ${path}\n${suite.error}`)
  return exitCode
}

/** Pairs: what loads the machine meanwhile loads both. */
async function bench() {
  if (!natively) fail('--bench compares: name the folder with Jest by --native.')
  const rounds = []
  for (const run of Object.values(natively.runners)) run({ isCold: false })
  for (let round = 0; round < benchRounds; round++) {
    const { wallMs } = await runInSandbox(files, { isCold: false })
    const others = Object.entries(natively.runners).map(([name, run]) => [name, run({ isCold: false }).wallMs])
    rounds.push({ sandbox: wallMs, ...Object.fromEntries(others) })
  }
  const label = basename(resolve(checkout))
  for (const name of Object.keys(natively.runners)) {
    const own = median(rounds.map(({ sandbox }) => sandbox))
    const ratio = median(rounds.map((round) => round.sandbox / round[name]))
    const baseline = median(rounds.map((round) => round[name]))
    const line = {
      bench: `exercism-${label}-${suites.length}-suites-vs-${name}`,
      value: own,
      unit: 'ms',
      baseline,
      ratio,
    }
    console.log(
      JSON.stringify(line, (_, value) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value)),
    )
  }
  return 0
}

/** The files of one exercise: solution in place of the stub, every test enabled, tool configuration left out. */
function prepare(slug) {
  const folder = join(practice, slug)
  const named = readNames(folder, slug)
  const out = {}
  for (const path of listFiles(folder)) {
    if (
      /(^|\/)(\.|node_modules|package\.json|pnpm-lock|yarn\.lock|LICENSE|babel\.config|jest\.config|eslint\.config|tsconfig|test-runner|__typetests__)/.test(
        path,
      )
    )
      continue
    out[`${slug}/${path}`] = readFileSync(join(folder, path), 'utf8')
  }
  for (const [path, example] of pairsOf(folder, named))
    out[`${slug}/${path}`] = readFileSync(join(folder, example), 'utf8')
  for (const path of named.test) {
    const key = `${slug}/${path}`
    if (!(key in out)) continue
    out[key] = out[key].replace(/\bx(test|it|describe)(?=\s*[(.])/g, '$1')
    if (alwaysSkippedToo) out[key] = out[key].replace(/\b(test|it|describe)\.skip\b/g, '$1')
  }
  return out
}

/** The track's own list of files; a few of its JSON files are broken, and then the names are the usual ones. */
function readNames(folder, slug) {
  try {
    return JSON.parse(readFileSync(join(folder, '.meta/config.json'), 'utf8')).files
  } catch {
    const extension = existsSync(join(folder, `${slug}.ts`)) ? 'ts' : 'js'
    const test = extension === 'ts' ? 'test' : 'spec'
    return {
      solution: [`${slug}.${extension}`],
      test: [`${slug}.${test}.${extension}`],
      example: [`.meta/proof.ci.${extension}`],
    }
  }
}

/** Which example stands for which stub: by name where names agree, else the first for the first. */
function pairsOf(folder, { solution, example = [] }) {
  const files = readdirSync(join(folder, '.meta')).filter((name) => /\.[jt]s$/.test(name))
  return solution.flatMap((path, index) => {
    const sameName = files.find(
      (name) => name === basename(path) || name === basename(path).replace(/(\.[jt]s)$/, '.proof.ci$1'),
    )
    const found = sameName
      ? `.meta/${sameName}`
      : index === 0 || example.length === solution.length
        ? example[index]
        : undefined
    return found && existsSync(join(folder, found)) ? [[path, found]] : []
  })
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
}

/** Cold: the first run of a sandbox on a page of its own. Warm: the one after it, as Jest and vitest know the times of theirs. */
async function runInSandbox(own, { isCold }) {
  const page = await openSandboxPage()
  try {
    const project = { 'package.json': '{ "devDependencies": { "jest": "*" } }', ...own }
    const run = async ([project, isCold]) => {
      const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(project)) })
      if (!isCold) await sandbox.test({})
      const startedAt = performance.now()
      const report = await sandbox.test({})
      return { report, wallMs: performance.now() - startedAt }
    }
    const { report, wallMs } = await page.tab.evaluate(run, [project, isCold])
    const all = report.suites.map((suite) => [suite.file, toSuite(suite)])
    return { suites: new Map(all), wallMs }
  } finally {
    await page.close()
  }
}

function toSuite({ tests, error }) {
  const failed = tests.filter(({ status }) => status === 'failed')
  const text = [error, ...failed.slice(0, 3).map((test) => `${test.name}\n${test.error}`)].filter(Boolean).join('\n')
  return {
    passed: failed.length === 0 && !error,
    tests: tests.filter(({ status }) => status === 'passed').length,
    error: text,
  }
}

async function openSandboxPage() {
  const site = await serveSandbox('contract-page.ts')
  const browser = await launchChromium('--disable-gpu')
  const tab = await browser.newPage()
  await tab.goto(site.origin)
  await tab.waitForFunction(() => window.createEmbeddedSandbox)
  return { tab, close: () => Promise.all([browser.close(), site.close()]) }
}

/** The same files for Jest with the track's Babel preset, and for vitest. */
function prepareNatively(own, folder) {
  const place = mkdtempSync(join(tmpdir(), 'exercism-'))
  for (const [path, text] of Object.entries(own)) {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), text)
  }
  const isTyped = suites.some((path) => path.endsWith('.ts'))
  const preset = `@exercism/babel-preset-${isTyped ? 'typescript' : 'javascript'}`
  symlinkSync(join(folder, 'node_modules'), join(place, 'node_modules'))
  writeFileSync(join(place, 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(place, 'babel.config.cjs'),
    `module.exports = { presets: [[require('${preset}'), { corejs: '3.38' }]] }`,
  )
  writeFileSync(
    join(place, 'jest.config.cjs'),
    `module.exports = { transform: { '^.+\\\\.[jt]sx?$': 'babel-jest' }, testMatch: ['**/*.{spec,test}.[jt]s'], moduleNameMapper: { '^(\\\\.\\\\/.+)\\\\.js$': '$1' } }`,
  )
  writeFileSync(
    join(place, 'vitest.config.mjs'),
    `export default { resolve: { alias: { '@jest/globals': ${JSON.stringify(join(place, 'as-vitest.mjs'))}, vitest: ${JSON.stringify(join(root, 'node_modules/vitest/dist/index.js'))} } }, test: { globals: true, include: ['**/*.{spec,test}.[jt]s'] } }`,
  )
  writeFileSync(
    join(place, 'as-vitest.mjs'),
    `export * from 'vitest'\nexport { vi as jest, test as xtest, it as xit } from 'vitest'\n`,
  )
  const jest = join(folder, 'node_modules/jest/bin/jest.js')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const jestArguments = [jest, '--json', '--outputFile=jest.json']
  return {
    runners: {
      jest: ({ isCold }) => runOne(place, [...jestArguments, ...(isCold ? ['--no-cache'] : [])], 'jest.json'),
      vitest: () => runOne(place, [vitest, 'run', '--reporter=json', '--outputFile=vitest.json'], 'vitest.json'),
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  }
}

function runOne(place, command, output) {
  const startedAt = performance.now()
  spawnSync(process.execPath, command, { cwd: place, stdio: 'ignore', timeout: suiteTimeoutMs * 5 })
  const wallMs = performance.now() - startedAt
  const path = join(place, output)
  if (!existsSync(path)) fail(`${command[0]} wrote no report.`)
  const { testResults } = JSON.parse(readFileSync(path, 'utf8'))
  const all = testResults.map(({ name, status, message, assertionResults }) => [
    relative(place, name),
    {
      passed: status === 'passed',
      tests: assertionResults.filter((test) => test.status === 'passed').length,
      error: message,
    },
  ])
  return { suites: new Map(all), wallMs }
}

function missed(expected, actual) {
  return [...expected.suites]
    .filter(([path, { passed }]) => passed && !actual.suites.get(path)?.passed)
    .map(([path]) => path)
}

function report(name, { suites: all, wallMs }) {
  const passed = [...all.values()].filter((suite) => suite.passed).length
  const tests = [...all.values()].reduce((sum, suite) => sum + suite.tests, 0)
  console.log(`${name}: ${passed} of ${suites.length} suites, ${tests} tests, ${(wallMs / 1000).toFixed(1)} s`)
}
