import { createServer } from 'node:http'
import { modelOn } from './model-server.mjs'
import { print } from './report.mjs'

const upstreamPort = 3428
const rounds = 10
const patienceMs = 60_000
const command = 'echo once >> ran.txt && sleep 2'

/**
 * Reloads the page in each state that a step can be in, ten times, and goes on: prints how many of the ten ended well,
 * with the command run once, and each request a continuation of the one before with every call answered.
 */
export async function reload({ browser, serve }) {
  const upstream = await startUpstream()
  const app = await serve(modelOn(upstreamPort))
  try {
    for (const state of Object.keys(states)) {
      let good = 0
      for (let round = 0; round < rounds; round++) {
        const problem = await interrupt({ browser, origin: app.origin, upstream, state })
        if (problem === null) good++
        else console.error(`${state}: ${problem}`)
      }
      print(`agent-reload-while-${state}`, good, `of ${rounds}`, rounds)
    }
  } finally {
    app.close()
    upstream.close()
  }
}

/** Resolves when the turn is in the state. */
const states = {
  'it-waits-for-an-answer': ({ upstream }) => upstream.held('begun'),
  'text-comes': ({ upstream }) => upstream.held('text'),
  'a-call-is-written': ({ upstream }) => upstream.held('call'),
  'a-call-needs-the-user': ({ page }) => until(page, async () => (await window.vitrine.agent.pending()).length > 0),
  'a-command-runs': ({ page }) => until(page, () => window.vitrine.files.read('ran.txt').catch(() => '')),
  'a-command-has-ended': ({ page }) =>
    page.waitForFunction(() => window.vitrine.agent.events().some(({ type }) => type === 'tool-end')),
}

async function interrupt({ browser, origin, upstream, state }) {
  const page = await (await browser.newContext()).newPage()
  try {
    upstream.begin(state)
    await open(page, `${origin}/p/new?template=typescript`)
    await page.evaluate(
      async (mode) => {
        await window.vitrine.run('echo ready')
        window.vitrine.agent.setPolicy(mode)
        void window.vitrine.agent.send('Go on.').catch(() => undefined)
      },
      state === 'a-call-needs-the-user' ? 'review' : 'auto',
    )
    await states[state]({ page, upstream })
    upstream.begin(null)
    await open(page, page.url())
    await page.getByRole('button', { name: /^Continue/ }).click({ timeout: 15_000 })
    await until(page, async () => {
      const { agent } = window.vitrine
      for (const { id } of await agent.pending()) await agent.approve(id, 'once')
      return agent.events().some(({ type }) => type === 'turn-end')
    })
    return await judge(page, upstream, state)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await page.context().close()
  }
}

/** `waitForFunction` takes a promise for an answer. */
async function until(page, isThere) {
  const deadline = Date.now() + patienceMs
  while (!(await page.evaluate(isThere))) {
    if (Date.now() > deadline) throw new Error('it did not come so far in time')
    await page.waitForTimeout(50)
  }
}

async function judge(page, { requests }, state) {
  const { ran, end, starts } = await page.evaluate(async () => {
    const { files, agent } = window.vitrine
    const events = agent.events()
    return {
      ran: await files.read('ran.txt').catch(() => ''),
      end: events.findLast(({ type }) => type === 'turn-end').result.status,
      starts: events.filter(({ type }) => type === 'tool-start').map(({ callId }) => callId),
    }
  })
  if (end !== 'done') return `the turn ended ${end}`
  // A page that goes in the very moment of a command's write may not have stored the file. It must not be run again for that.
  const mayBeLost = state === 'a-command-runs' && ran === ''
  if (ran !== 'once\n' && !mayBeLost) return `the command ran ${ran.split('\n').length - 1} times`
  if (new Set(starts).size !== starts.length) return 'a call began twice'
  for (const [index, input] of requests.entries()) {
    const before = requests[index - 1] ?? []
    if (JSON.stringify(input.slice(0, before.length)) !== JSON.stringify(before)) return 'a request rewrote the history'
    const calls = input.filter(({ type }) => type === 'function_call').map(({ call_id }) => call_id)
    const answered = new Set(input.filter(({ type }) => type === 'function_call_output').map(({ call_id }) => call_id))
    if (calls.some((id) => !answered.has(id))) return 'a request left with an open call'
  }
  return null
}

async function open(page, address) {
  await page.goto(address)
  await page.waitForURL(/\/p\/[0-9a-f-]{36}/)
  await page.waitForFunction(() => window.vitrine !== undefined)
  await page.evaluate(() => window.vitrine.ready)
}

/** Where the answer falls silent until the page has gone. */
const places = {
  'it-waits-for-an-answer': 'begun',
  'text-comes': 'text',
  'a-call-is-written': 'call',
  'a-command-has-ended': 'after',
}

/** Says a sentence and calls for the command, then says that it is done; on demand it falls silent in the middle. */
async function startUpstream() {
  const waiting = new Map()
  let silentIn = null
  const upstream = {
    requests: [],
    begin(state) {
      silentIn = places[state] ?? null
      if (state !== null) upstream.requests = []
      waiting.clear()
    },
    held: (place) => new Promise((resolve) => waiting.set(place, resolve)),
    close: () => server.close(),
  }
  const server = createServer((request, response) => {
    // A page that is reloaded breaks its request off.
    respond(request, response).catch(() => response.destroy())
  })
  async function respond(request, response) {
    let body = ''
    for await (const chunk of request) body += chunk
    const { input } = JSON.parse(body)
    upstream.requests.push(input)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    for (const { place, ...event } of answerTo(input)) {
      response.write(`data: ${JSON.stringify(event)}\n\n`)
      if (place !== silentIn || place === undefined) continue
      waiting.get(place)?.()
      return
    }
    response.end()
  }
  await new Promise((resolve, reject) => server.once('error', reject).listen(upstreamPort, '127.0.0.1', resolve))
  return upstream
}

let ids = 0

function answerTo(input) {
  const id = ids++
  const message = (text) => ({
    type: 'message',
    id: `m${id}`,
    role: 'assistant',
    content: [{ type: 'output_text', text }],
  })
  const end = (...output) => ({ type: 'response.completed', response: { id: `r${id}`, status: 'completed', output } })
  const begun = { type: 'response.created', response: { id: `r${id}` } }
  if (input.some(({ type }) => type === 'function_call')) {
    const said = message('Done.')
    // Held where the command has just ended: a turn that is done has nothing to continue.
    return [{ ...begun, place: 'after' }, { type: 'response.output_item.done', output_index: 0, item: said }, end(said)]
  }
  const said = message('I run it.')
  const args = JSON.stringify({ command })
  const call = { type: 'function_call', id: `f${id}`, call_id: `c${id}`, name: 'shell', arguments: args }
  const delta = { type: 'response.output_text.delta', output_index: 0, item_id: said.id, content_index: 0 }
  return [
    { ...begun, place: 'begun' },
    { type: 'response.output_item.added', output_index: 0, item: { ...said, content: [] } },
    { ...delta, delta: 'I run ', place: 'text' },
    { ...delta, delta: 'it.' },
    { type: 'response.output_item.done', output_index: 0, item: said },
    { type: 'response.output_item.added', output_index: 1, item: { ...call, arguments: '' } },
    {
      type: 'response.function_call_arguments.delta',
      output_index: 1,
      item_id: call.id,
      delta: args.slice(0, 9),
      place: 'call',
    },
    { type: 'response.output_item.done', output_index: 1, item: call },
    end(said, call),
  ]
}
