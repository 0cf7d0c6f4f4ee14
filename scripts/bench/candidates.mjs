import { median, print } from './report.mjs'

const rounds = 3
const prompt = 'Some tests fail. Try four ways to fix them, and let the tests choose.'

/** The demo's race in the whole product: four attempts against one, each on a project of its own; wall time until the turn rests. */
export async function candidates({ browser, origin }) {
  const times = { 1: [], 4: [] }
  for (let round = 0; round < rounds; round++) {
    for (const count of [1, 4]) times[count].push(await turn({ browser, origin }, count))
  }
  print('agent-four-candidates', median(times[4]), 'ms', median(times[1]))
}

async function turn({ browser, origin }, count) {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${origin}/p/new?template=demo`)
  await page.waitForFunction(() => window.vitrine !== undefined)
  const { result, ms } = await page.evaluate(
    async ([text, candidates]) => {
      const { vitrine } = window
      await vitrine.ready
      // What both need is ready, as in a project that somebody works in.
      await vitrine.test()
      vitrine.agent.setPolicy('auto')
      const startedAt = performance.now()
      const outcome = await vitrine.agent.send(text, { candidates })
      return { result: outcome, ms: performance.now() - startedAt }
    },
    [prompt, count],
  )
  await page.context().close()
  if (result.status !== 'done' || (count > 1 && !result.verified)) {
    throw new Error(`The race with ${count} did not end as it should: ${JSON.stringify(result)}`)
  }
  return ms
}
