// `npm run eval [-- <folder>] [options]`: of a folder of cassettes, replays each through the loop, offline; of a folder of
// tasks, has the agent work on each in the real app and judges what it leaves. See docs/eval.md.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { playCassettes, recordCassettes, shippedCassettes } from './eval/cassettes.mjs'
import { toTable } from './eval/report.mjs'
import { checkNode, ensureInstalled, fail } from './setup.mjs'

const usage = `npm run eval -- [<folder of cassettes>] [--record] [--min-pass <0 to 1>]
npm run eval -- <folder of tasks> [--attempts <n>] [--model <name>] [--only <text>] [--jobs <n>] [--json <file>] [--min-pass <0 to 1>] [--check]`

checkNode()
await ensureInstalled()
// These need packages.
const { isSuite, readSuite } = await import('./eval/suite.mjs')
const { checkTasks, runTasks } = await import('./eval/tasks.mjs')
const { values, folder } = readArguments()
// What runs later may change where relative paths begin.
const jsonFile = values.json && resolve(values.json)
if (!existsSync(folder)) fail(`There is no folder ${folder}.\n\n${usage}`)
if (values.record && folder !== shippedCassettes) fail('--record makes the shipped cassettes anew: name no folder.')
const minPass = numberOf('min-pass', { fallback: 1, max: 1 })
if (isSuite(folder)) process.exitCode = (await evalTasks()) ? 0 : 1
else if (readdirSync(folder).some((name) => name.endsWith('.json'))) process.exitCode = (await evalCassettes()) ? 0 : 1
else fail(`${folder} has neither tasks (folders with a task.json) nor cassettes (.json).`)

async function evalCassettes() {
  const odd = Object.keys(values).find((name) => name !== 'record' && name !== 'min-pass')
  if (odd) fail(`--${odd} is for tasks, and ${folder} has cassettes.\n\n${usage}`)
  if (values.record) await recordCassettes()
  return (await playCassettes(folder)) >= minPass
}

async function evalTasks() {
  const tasks = tasksOf().filter(({ name }) => name.includes(values.only ?? ''))
  if (tasks.length === 0) fail(`No task of ${folder} has “${values.only}” in its name.`)
  const jobs = numberOf('jobs', { fallback: 1, min: 1 })
  if (values.check) return checkTasks({ tasks, jobs })
  if (values.model && !process.env.OPENAI_API_KEY && !process.env.OPENAI_BASE_URL) {
    fail('--model needs a server that has it: set OPENAI_API_KEY, OPENAI_BASE_URL, or both.')
  }
  const attempts = numberOf('attempts', { fallback: 1, min: 1 })
  const report = await runTasks({ suite: basename(folder), tasks, attempts, jobs, model: values.model })
  if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`)
  console.log(`\n${report.suite}, ${report.model}\n\n${toTable(report)}`)
  return report.passRate >= minPass
}

function tasksOf() {
  try {
    return readSuite(folder)
  } catch (error) {
    return fail(error.message)
  }
}

function readArguments() {
  const text = { type: 'string' }
  const flag = { type: 'boolean' }
  const options = {
    ...{ record: flag, check: flag },
    ...{ attempts: text, model: text, only: text, jobs: text, json: text, 'min-pass': text },
  }
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options })
    if (positionals.length > 1) fail(`One folder at a time.\n\n${usage}`)
    return { values, folder: positionals[0] ? resolve(positionals[0]) : shippedCassettes }
  } catch (error) {
    return fail(`${error.message}\n\n${usage}`)
  }
}

/** Whole numbers, where no `max` says that a share is meant. */
function numberOf(name, { fallback, min = 0, max = Number.POSITIVE_INFINITY }) {
  const value = Number(values[name] ?? fallback)
  const isValid = value >= min && value <= max && (max === 1 || Number.isInteger(value))
  return isValid ? value : fail(`--${name} is not a number that makes sense: “${values[name]}”.\n\n${usage}`)
}
