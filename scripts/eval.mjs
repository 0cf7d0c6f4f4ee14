// `npm run eval [-- <folder of cassettes>] [--record]`: plays cassettes through the loop, offline, and reports how many
// come out as recorded, with their steps, tokens and time. `--record` makes the shipped cassettes anew.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { checkNode, ensureInstalled, fail, root } from './setup.mjs'

const shipped = join(root, 'lib/agent/cassette/cassettes')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { record: { type: 'boolean' } } })

checkNode()
await ensureInstalled()
const { build } = await import('esbuild')
if (values.record) await record()
await play(positionals[0] ? resolve(positionals[0]) : shipped)

async function record() {
  const { recordScenarios } = await load('lib/agent/testing/cassette-scenarios.ts')
  rmSync(shipped, { recursive: true, force: true })
  mkdirSync(shipped, { recursive: true })
  for (const cassette of await recordScenarios()) {
    const name = cassette.title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
    writeFileSync(join(shipped, `${name}.json`), `${JSON.stringify(cassette, null, 2)}\n`)
  }
}

async function play(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  if (names.length === 0) fail(`${folder} has no cassettes (.json).`)
  const { parseCassette, replayCassette } = await load('lib/agent/cassette/index.ts')
  const total = { passed: 0, steps: 0, tokens: 0, milliseconds: 0 }
  for (const name of names) {
    const startedAt = performance.now()
    const { results, differences } = await replayCassette(parse(parseCassette, join(folder, name)))
    const milliseconds = performance.now() - startedAt
    const steps = results.reduce((sum, result) => sum + result.steps, 0)
    const tokens = results.reduce((sum, { usage }) => sum + usage.totalTokens, 0)
    const isSame = differences.length === 0
    total.passed += isSame ? 1 : 0
    total.steps += steps
    total.tokens += tokens
    total.milliseconds += milliseconds
    console.log(`${isSame ? '✓' : '✗'} ${name}  ${steps} steps, ${tokens} tokens, ${milliseconds.toFixed(1)} ms`)
    for (const difference of differences) console.log(`    ${difference}`)
  }
  const rate = ((100 * total.passed) / names.length).toFixed(0)
  console.log(
    `\n${total.passed} of ${names.length} as recorded (${rate} %), ${total.steps} steps, ${total.tokens} tokens, ${(total.milliseconds / 1000).toFixed(2)} s`,
  )
  process.exitCode = total.passed === names.length ? 0 : 1
}

function parse(parseCassette, path) {
  try {
    return parseCassette(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    return fail(`${path}: ${error.message}`)
  }
}

/** Bundled, as Node reads no TypeScript with the project's paths. */
async function load(entry) {
  const outfile = join(root, 'node_modules/.cache/vitrine-eval', `${entry.replace(/\W/g, '-')}.mjs`)
  await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'error',
    tsconfig: join(root, 'tsconfig.json'),
  })
  return import(pathToFileURL(outfile).href)
}
