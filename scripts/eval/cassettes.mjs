import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadModule } from '../load-module.mjs'
import { fail, root } from '../setup.mjs'

export const shippedCassettes = join(root, 'lib/agent/cassette/cassettes')

/** Makes the shipped cassettes anew. */
export async function recordCassettes() {
  const { recordScenarios } = await loadModule('lib/agent/testing/cassette-scenarios.ts')
  rmSync(shippedCassettes, { recursive: true, force: true })
  mkdirSync(shippedCassettes, { recursive: true })
  for (const cassette of await recordScenarios()) {
    const name = cassette.title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
    writeFileSync(join(shippedCassettes, `${name}.json`), `${JSON.stringify(cassette, null, 2)}\n`)
  }
}

/** Plays each cassette of the folder through the loop and prints how it went; resolves to the share that came out as recorded. */
export async function playCassettes(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const { parseCassette, replayCassette } = await loadModule('lib/agent/cassette/index.ts')
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
  const rate = total.passed / names.length
  console.log(
    `\n${total.passed} of ${names.length} as recorded (${(100 * rate).toFixed(0)} %), ${total.steps} steps, ${total.tokens} tokens, ${(total.milliseconds / 1000).toFixed(2)} s`,
  )
  return rate
}

function parse(parseCassette, path) {
  try {
    return parseCassette(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    return fail(`${path}: ${error.message}`)
  }
}
