/** Beyond a task's seconds, which the turn itself keeps to between its steps. */
const graceSeconds = 60
const defaultLimits = { steps: 30, seconds: 300 }

/**
 * Has the agent work on the task as a user would: in a project of its own, in a tab of its own.
 * @param {{ context: import('playwright').BrowserContext, origin: string }} app
 * @param {import('./suite.mjs').Task} task
 * @returns what it used, and the files that it left
 */
export async function playTask(app, task) {
  const startedAt = performance.now()
  const { result, files } = await work(app, task)
  const { status, verified, steps, usage, cost = null, error } = result
  return {
    files,
    used: {
      ...{ status, verified, steps },
      tokens: {
        input: usage.inputTokens,
        cached: usage.cachedInputTokens,
        output: usage.outputTokens,
        total: usage.totalTokens,
      },
      dollars: cost,
      seconds: (performance.now() - startedAt) / 1000,
      ...(error && { error: `${error.message} ${error.action}`.trim() }),
    },
  }
}

function work(app, { prompt, files, limits }) {
  const wanted = { ...defaultLimits, ...limits }
  return withProject(app, files, (page) =>
    page.evaluate(
      async ({ prompt, limits, stopAfterMs }) => {
        const { agent, files } = window.vitrine
        agent.setPolicy('auto')
        agent.setLimits(limits)
        const startedAt = performance.now()
        let refused = null
        agent.send(prompt).catch((error) => {
          refused = error
        })
        for (let stopped = false; ; ) {
          if (refused !== null) throw refused
          const end = agent.events().findLast(({ type }) => type === 'turn-end')
          if (end) return { result: end.result, files: await files.snapshot() }
          const why = 'Nobody is here to agree. Do it without.'
          for (const { id } of await agent.pending()) await agent.approve(id, 'deny', why)
          for (const { id } of await agent.questions()) await agent.answer(id, null)
          if (!stopped && performance.now() - startedAt > stopAfterMs) {
            stopped = true
            void agent.stop()
          }
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      },
      { prompt, limits: wanted, stopAfterMs: (wanted.seconds + graceSeconds) * 1000 },
    ),
  )
}

/** A project with exactly these files, for as long as `use` takes. */
async function withProject({ context, origin }, files, use) {
  const page = await context.newPage()
  try {
    await page.goto(`${origin}/p/new?template=empty`)
    await page.waitForURL(/\/p\/(?!new)/)
    await page.waitForFunction(() => window.vitrine !== undefined)
    await page.evaluate(async (files) => {
      await window.vitrine.ready
      await window.vitrine.files.mount(files, { replace: true })
    }, files)
    return await use(page)
  } finally {
    await page.close()
  }
}
