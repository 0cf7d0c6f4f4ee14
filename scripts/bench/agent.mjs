import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { modelOn } from './model-server.mjs'
import { median, print } from './report.mjs'

const upstreamPort = 3429
/** Codex CLI 0.169 on the same server, same calls, one machine: a step without tool time, and one with `echo hi`. */
const codexStepMs = 36
const codexEchoMs = 72
const turnLimit = 60

/**
 * What the client costs beside the model: steps of scripted calls against a server on loopback, measured there, from the
 * end of one answer to the next request, and in the tab alone; how that grows; what goes over the wire; memory; and Stop.
 */
export async function agent({ browser, serve }) {
  const upstream = await startUpstream()
  const app = await serve(modelOn(upstreamPort))
  try {
    await steps(await open(browser, app.origin), upstream)
    await bytes(await open(browser, app.origin), upstream)
    await memory(await open(browser, app.origin), upstream)
    await stop(await open(browser, app.origin), upstream)
  } finally {
    app.close()
    upstream.close()
  }
}

async function steps(page, upstream) {
  // The first turn loads the loop.
  await send(page, upstream, planCalls(5))
  const inTab = await watchRequests(page)
  const plain = await gaps(page, upstream, planCalls(20))
  print('agent-step', median(plain), 'ms', codexStepMs)
  print('agent-step-in-tab', median(inTab.take()), 'ms', codexStepMs)
  const echoes = Array.from({ length: 20 }, (_, index) => call('shell', { command: `echo hi ${index}` }))
  print('agent-step-with-echo', median(await gaps(page, upstream, echoes)), 'ms', codexEchoMs)
  print('agent-step-with-echo-in-tab', median(inTab.take()), 'ms', codexEchoMs)
  const turns = []
  for (let turn = 0; turn < 4; turn++) turns.push(await gaps(page, upstream, planCalls(50)))
  print('agent-step-after-200-steps', median(turns.at(-1)), 'ms', median(turns[0]))
  await page.context().close()
}

/** 100 steps whose calls each put 16 KB that no compression makes smaller into the history. */
async function bytes(page, upstream) {
  let sent = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/responses')) sent += request.postDataBuffer()?.length ?? 0
  })
  upstream.bytes = 0
  for (let turn = 0; turn < 2; turn++) {
    const name = (index) => `noise-${turn}-${index}.txt`
    await page.evaluate(
      (files) => window.vitrine.files.mount(files),
      Object.fromEntries(Array.from({ length: 50 }, (_, index) => [name(index), noise()])),
    )
    await send(
      page,
      upstream,
      Array.from({ length: 50 }, (_, index) => call('read_file', { path: name(index) })),
    )
  }
  print('agent-bytes-sent', sent / 1024, 'KB', upstream.bytes / 1024)
  await page.context().close()
}

async function memory(page, upstream) {
  const client = await page.context().newCDPSession(page)
  const used = async () => {
    await client.send('HeapProfiler.collectGarbage')
    return (await client.send('Runtime.getHeapUsage')).usedSize / 1024 / 1024
  }
  await send(page, upstream, [])
  const before = await used()
  for (let turn = 0; turn < 300; turn++) await send(page, upstream, planCalls(1))
  print('agent-memory-after-300-turns', await used(), 'MB', before)
  await page.context().close()
}

async function stop(page, upstream) {
  const times = []
  for (let round = 0; round < 7; round++) {
    upstream.replies = [call('shell', { command: 'node -e "for (;;);"' })]
    times.push(
      await page.evaluate(async () => {
        const { agent } = window.vitrine
        const turn = agent.send('Go on.')
        while (!agent.events().findLast(({ type }) => type === 'tool-start' || type === 'turn-end')?.callId)
          await new Promise((resolve) => setTimeout(resolve, 20))
        await new Promise((resolve) => setTimeout(resolve, 500))
        const startedAt = performance.now()
        void agent.stop()
        await turn
        return performance.now() - startedAt
      }),
    )
  }
  print('agent-stop', median(times), 'ms', 50)
  await page.context().close()
}

/** What the browser itself says: milliseconds from the last byte of each answer to the next request, without our server. */
async function watchRequests(page) {
  const client = await page.context().newCDPSession(page)
  await client.send('Network.enable')
  let current = null
  let lastByteAt = 0
  let times = []
  client.on('Network.requestWillBeSent', ({ request, requestId, timestamp }) => {
    if (!request.url.endsWith('/v1/responses')) return
    if (current !== null) times.push((timestamp - lastByteAt) * 1000)
    current = requestId
  })
  client.on('Network.dataReceived', ({ requestId, timestamp }) => {
    if (requestId === current) lastByteAt = timestamp
  })
  return {
    take() {
      const taken = times
      times = []
      current = null
      return taken
    },
  }
}

/** Milliseconds from the end of each answer to the next request, our server included. */
async function gaps(page, upstream, replies) {
  upstream.gaps = []
  await send(page, upstream, replies)
  return upstream.gaps.slice(1)
}

async function send(page, upstream, replies) {
  upstream.replies = [...replies]
  const result = await page.evaluate(() => window.vitrine.agent.send('Go on.'))
  if (result.status !== 'done') throw new Error(`The turn did not end as it should: ${JSON.stringify(result)}`)
}

async function open(browser, origin) {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${origin}/p/new?template=typescript`)
  await page.waitForFunction(() => window.vitrine !== undefined)
  await page.evaluate(async () => {
    await window.vitrine.ready
    await window.vitrine.run('echo ready')
    window.vitrine.agent.setPolicy('auto')
  })
  return page
}

/** Every plan differs, since the same call again and again ends a turn. */
function planCalls(count) {
  if (count >= turnLimit) throw new Error(`A turn has at most ${turnLimit} steps.`)
  return Array.from({ length: count }, (_, index) =>
    call('update_plan', { plan: [{ step: `Step ${index}`, status: 'pending' }] }),
  )
}

let calls = 0

function call(name, input) {
  const id = `call_${calls++}`
  return { type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: JSON.stringify(input) }
}

function noise() {
  return randomBytes(12 * 1024)
    .toString('base64')
    .replace(/.{128}/g, '$&\n')
}

async function startUpstream() {
  const upstream = { replies: [], gaps: [], bytes: 0, close: () => server.close() }
  let endedAt = 0
  const server = createServer((request, response) => {
    const startedAt = performance.now()
    if (endedAt) upstream.gaps.push(startedAt - endedAt)
    request.on('data', (chunk) => {
      upstream.bytes += chunk.length
    })
    request.on('end', () => {
      const said = {
        type: 'message',
        id: `m${calls++}`,
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Done.' }],
      }
      const item = upstream.replies.shift() ?? said
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const events = [
        { type: 'response.created', response: { id: 'r' } },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { id: 'r', status: 'completed', output: [item] } },
      ]
      response.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''), () => {
        endedAt = performance.now()
      })
    })
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(upstreamPort, '127.0.0.1', resolve))
  return upstream
}
