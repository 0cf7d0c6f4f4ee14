import { createServer } from 'node:net'
import { launchChromium } from '../chromium.mjs'
import { serveApp } from '../serve-app.mjs'
import { ensureBuilt, fail } from '../setup.mjs'
import { openJudge } from './judge.mjs'
import { playTask } from './play.mjs'
import { toReport } from './report.mjs'

/**
 * Plays each task `attempts` times, `jobs` at once, and prints each attempt as it ends.
 * @param {{ suite: string, tasks: import('./suite.mjs').Task[], attempts: number, jobs: number, model?: string }} options
 */
export async function runTasks({ suite, tasks, attempts, jobs, model }) {
  return withApp(model, async (app, modelName) => {
    const runs = tasks.flatMap((task) => Array.from({ length: attempts }, () => task))
    const done = await inParallel(runs, jobs, async (task) => {
      const attempt = await attemptAt(app, task)
      const about = `${attempt.steps} steps, ${attempt.tokens.total} tokens, ${attempt.seconds.toFixed(1)} s`
      console.log(`${attempt.passed ? '✓' : '✗'} ${task.name}  ${about}`)
      for (const text of [attempt.error, attempt.why]) if (text) console.log(indent(text))
      return { task, attempt }
    })
    const results = tasks.map((task) => ({
      name: task.name,
      title: task.title,
      attempts: done.filter((each) => each.task === task).map((each) => each.attempt),
    }))
    return toReport({ suite, model: modelName, tasks: results })
  })
}

/** What cannot be played or judged has not passed: it costs itself, not the attempts before it. */
export async function attemptAt(app, task, play = playTask) {
  const startedAt = performance.now()
  try {
    const { used, files } = await play(app, task)
    return { ...(await app.judge(task, files)), ...used }
  } catch (error) {
    const seconds = (performance.now() - startedAt) / 1000
    return { passed: false, why: '', ...unplayed, seconds, error: error.message }
  }
}

const unplayed = {
  ...{ status: 'failed', verified: null, steps: 0 },
  tokens: { input: 0, cached: 0, output: 0, total: 0 },
  dollars: null,
}

/** Without a model: each task's hidden tests have to fail on the files it starts with, and pass on its solution. */
export async function checkTasks({ tasks, jobs }) {
  const without = tasks.find(({ solution }) => solution === null)
  if (without) fail(`${without.name} has no folder “solution”, so there is nothing to check it with.`)
  return withBrowser(async ({ judge }) => {
    const sound = await inParallel(tasks, jobs, async (task) => {
      const start = await judge(task, task.files)
      const solved = await judge(task, { ...task.files, ...task.solution })
      const isSound = !start.passed && solved.passed
      console.log(`${isSound ? '✓' : '✗'} ${task.name}`)
      if (start.passed) console.log(indent('What it starts with passes already.'))
      if (!solved.passed) console.log(indent(`Its solution fails:\n${solved.why}`))
      return isSound
    })
    return sound.every(Boolean)
  })
}

/** With the app, and a browser in it. */
async function withApp(model, use) {
  await ensureBuilt()
  return withBrowser(async ({ browser, judge }) => {
    const app = await serveApp(await freePort(), {
      // One tab asks as often as many users do.
      VITRINE_REQUESTS_PER_MINUTE: '100000',
      ...(model && { VITRINE_MODELS: model }),
    })
    try {
      // One context, so that what the sandbox is made of is fetched and compiled once.
      const context = await browser.newContext()
      return await use({ context, judge, origin: app.origin }, await modelOf(app.origin))
    } finally {
      app.close()
    }
  })
}

async function withBrowser(use) {
  const browser = await launchChromium('--disable-gpu', '--disable-background-networking')
  try {
    const { judge, close } = await openJudge(browser)
    try {
      return await use({ browser, judge })
    } finally {
      await close()
    }
  } finally {
    await browser.close()
  }
}

/** The model that projects begin with: the first that the server offers. */
async function modelOf(origin) {
  const response = await fetch(`${origin}/api/v1/models`, { headers: { 'sec-fetch-site': 'same-origin', origin } })
  const { data = [] } = await response.json()
  return data[0]?.id ?? 'none'
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** Results in the order of `items`. */
async function inParallel(items, jobs, run) {
  const results = []
  let next = 0
  const work = async () => {
    while (next < items.length) {
      const index = next++
      results[index] = await run(items[index])
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return results
}

function indent(text) {
  const lines = text.split('\n')
  const shown = lines.length > 12 ? [...lines.slice(0, 12), '…'] : lines
  return shown.map((line) => `    ${line}`).join('\n')
}
