import { expect, type Page, test } from 'playwright/test'
import type { AgentEvent } from '@/lib/agent'
import type { ResponsesRequest } from '@/lib/models'
import { upstreamAppPort, upstreamPort } from './support/ports'
import { startUpstream, type Upstream } from './support/upstream'
import { newProject } from './support/workbench'

const origin = `http://localhost:${upstreamAppPort}`
const prompt = 'Some tests fail. Find out why and fix the code.'
let upstream: Upstream

test.beforeAll(async () => {
  upstream = await startUpstream(upstreamPort)
})
test.afterAll(() => upstream.close())
test.beforeEach(async ({ page }) => {
  upstream.reset()
  await newProject(page, 'demo', origin)
  await page.evaluate(() => window.vitrine.sandbox)
})

const send = (page: Page, text = prompt) => page.evaluate((message) => window.vitrine.agent.send(message), text)
const eventsOf = (page: Page, type: string) =>
  page.evaluate((wanted) => window.vitrine.agent.events().filter((event) => event.type === wanted), type)

function expectAppendOnly(requests: readonly ResponsesRequest[]) {
  for (const [index, request] of requests.entries()) {
    const next = requests[index + 1]
    if (!next) continue
    expect(next.input.slice(0, request.input.length)).toEqual(request.input)
    expect(next.tools).toEqual(request.tools)
    expect(next.prompt_cache_key).toBe(request.prompt_cache_key)
  }
}

function expectRunOnce(starts: readonly AgentEvent[]) {
  const ids = starts.map((event) => (event.type === 'tool-start' ? event.callId : ''))
  expect(new Set(ids).size).toBe(ids.length)
}

test('a turn on a real upstream: append-only requests, constant tools and key, nothing stored', async ({ page }) => {
  const result = await send(page)
  expect(result).toMatchObject({ status: 'done', verified: true })
  expect(upstream.requests.length).toBeGreaterThan(3)
  expectAppendOnly(upstream.requests)
  for (const [index, request] of upstream.requests.entries()) {
    expect(request).toMatchObject({
      model: 'test-model',
      stream: true,
      store: false,
      include: ['reasoning.encrypted_content'],
    })
    expect(upstream.headers[index]?.authorization).toBe('Bearer test-key-that-must-stay-on-the-server')
    expect(upstream.headers[index]?.cookie).toBeUndefined()
    expect(upstream.headers[index]?.origin).toBeUndefined()
  }
  const stored = await page.evaluate(async () =>
    JSON.stringify([document.documentElement.outerHTML, { ...localStorage }]),
  )
  expect(stored).not.toContain('test-key-that-must-stay-on-the-server')
})

test('a second turn goes on from the first one’s items', async ({ page }) => {
  await send(page, 'Explain src/receipt.ts')
  await send(page, 'Explain src/money.ts')
  expect(upstream.requests.length).toBe(4)
  expectAppendOnly(upstream.requests)
})

test('a stream cut in mid tool call is sampled again, and nothing runs twice', async ({ page }) => {
  upstream.next = [{ kind: 'answer' }, { kind: 'answer', cutAfterEvent: 'response.function_call_arguments.delta' }]
  const result = await send(page)
  expect(result).toMatchObject({ status: 'done', verified: true })
  expect(await eventsOf(page, 'retry')).toHaveLength(1)
  expectRunOnce(await eventsOf(page, 'tool-start'))
  expectAppendOnly(upstream.requests)
})

test('a stream cut after a whole tool call runs it once and goes on from its output', async ({ page }) => {
  const reply = { parts: [{ type: 'function_call', name: 'read_file', arguments: { path: 'src/money.ts' } }] } as const
  upstream.next = [{ kind: 'answer', reply, cutAfterEvent: 'response.output_item.done' }]
  const result = await send(page, 'Explain src/money.ts')
  expect(result.status).toBe('done')
  expect(await eventsOf(page, 'tool-start')).toHaveLength(1)
  expect(upstream.requests[1]?.input.at(-1)).toMatchObject({ type: 'function_call_output' })
  expectAppendOnly(upstream.requests)
})

test('a screenshot of the page reaches the model as a picture, and stands in the conversation', async ({ page }) => {
  await page.evaluate(() => window.vitrine.files.write('index.html', '<title>Tea</title><h1>Tea timer</h1>'))
  const look = { parts: [{ type: 'function_call', name: 'preview', arguments: { what: 'screenshot' } }] } as const
  const answer = { parts: [{ type: 'text', text: 'A headline.' }] } as const
  upstream.next = [
    { kind: 'answer', reply: look },
    { kind: 'answer', reply: answer },
  ]
  expect((await send(page, 'How does it look?')).status).toBe('done')
  expect(upstream.requests[1]?.input.at(-1)).toMatchObject({
    type: 'function_call_output',
    output: [
      { type: 'input_text', text: expect.stringContaining('“Tea”: no errors\nscreenshot, ') },
      { type: 'input_image', image_url: expect.stringMatching(/^data:image\/png;base64,iVBOR/) },
    ],
  })
  await expect(page.getByRole('img', { name: 'The page as the agent saw it' })).toBeVisible()
})

test('a 429 with Retry-After waits as long as it was told', async ({ page }) => {
  upstream.next = [{ kind: 'status', status: 429, headers: { 'retry-after': '1' } }]
  const startedAt = Date.now()
  const result = await send(page, 'Explain src/money.ts')
  expect(result.status).toBe('done')
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1000)
  const [retry] = await eventsOf(page, 'retry')
  expect(retry?.type === 'retry' && retry.delayMs).toBeGreaterThanOrEqual(1000)
  expect(retry?.type === 'retry' && retry.delayMs).toBeLessThan(1500)
})

test('a 500 is tried again; a refusal of the request is not', async ({ page }) => {
  upstream.next = [{ kind: 'status', status: 500 }]
  expect((await send(page, 'Explain src/money.ts')).status).toBe('done')
  const before = upstream.requests.length
  upstream.next = [
    {
      kind: 'status',
      status: 400,
      body: { error: { message: 'The model does not take this.', type: 'invalid_request_error' } },
    },
  ]
  const refused = await send(page, 'Explain src/money.ts')
  expect(refused.status).toBe('failed')
  expect(refused.error?.message).toContain('The model does not take this.')
  expect(upstream.requests.length).toBe(before + 1)
  expect((await send(page, 'Explain src/money.ts')).status).toBe('done')
})

test('malformed arguments from the model become an output that says what was possible', async ({ page }) => {
  const reply = {
    parts: [
      { type: 'function_call', name: 'read_file', arguments: { file: 12 } },
      { type: 'function_call', name: 'fly', arguments: {} },
    ],
  } as const
  upstream.next = [
    { kind: 'answer', reply },
    { kind: 'answer', reply: { parts: [{ type: 'text', text: 'I see.' }] } },
  ]
  expect(await send(page, 'Hello')).toMatchObject({ status: 'done', message: 'I see.' })
  const outputs = upstream.requests[1]?.input.filter((item) => item.type === 'function_call_output')
  expect(outputs).toHaveLength(2)
  expect(JSON.stringify(outputs?.[0])).toContain('path')
  expect(JSON.stringify(outputs?.[1])).toContain('apply_patch')
})

test('a stream of malformed JSON is asked for again, and leaves the thread usable', async ({ page }) => {
  const nonsense = { kind: 'raw', body: 'data: {"type": nonsense\n\ndata: [1,2\n\n' } as const
  upstream.next = [nonsense, nonsense]
  expect((await send(page, 'Explain src/money.ts')).status).toBe('done')
  expect(await eventsOf(page, 'retry')).toHaveLength(2)
})

test('Stop ends a tool that never ends, and the thread goes on', async ({ page }) => {
  const reply = {
    parts: [{ type: 'function_call', name: 'shell', arguments: { command: 'node -e "while (true) {}"' } }],
  } as const
  upstream.next = [{ kind: 'answer', reply }]
  await page.evaluate(() => window.vitrine.agent.setPolicy('auto'))
  const turn = send(page, 'Run it')
  await expect.poll(async () => (await eventsOf(page, 'tool-start')).length).toBe(1)
  const stoppedIn = await page.evaluate(async () => {
    const startedAt = performance.now()
    await window.vitrine.agent.stop()
    return performance.now() - startedAt
  })
  expect(await turn).toMatchObject({ status: 'stopped' })
  expect(stoppedIn).toBeLessThan(1000)
  expect((await send(page, 'Explain src/money.ts')).status).toBe('done')
  expectAppendOnly(upstream.requests)
  expect(JSON.stringify(upstream.requests.at(-1)?.input)).toContain('stopped by the user')
})

test('Stop in mid answer reaches the upstream', async ({ page }) => {
  upstream.next = [
    { kind: 'answer', pace: 200, reply: { parts: [{ type: 'text', text: 'one two three '.repeat(100) }] } },
  ]
  const turn = send(page, 'Talk')
  await expect.poll(async () => upstream.requests.length).toBe(1)
  await page.waitForTimeout(700)
  await page.evaluate(() => window.vitrine.agent.stop())
  expect(await turn).toMatchObject({ status: 'stopped' })
  // Chromium waits up to five seconds for the rest of an answer before it closes the connection.
  await expect.poll(() => upstream.aborted, { timeout: 15_000 }).toBe(1)
})

test('a reload in mid turn loses nothing and runs nothing twice', async ({ page }) => {
  upstream.next = [{ kind: 'answer' }, { kind: 'answer' }, { kind: 'answer', pace: 300 }]
  void send(page).catch(() => undefined)
  await expect.poll(() => upstream.requests.length, { timeout: 30_000 }).toBe(3)
  await page.waitForTimeout(300)
  await page.reload()
  await page.waitForFunction(() => window.vitrine !== undefined)
  await page.getByRole('button', { name: /^Continue/ }).click()
  await expect(page.getByText(/tests 6\/6 · verified/)).toBeVisible({ timeout: 60_000 })
  expectRunOnce(await eventsOf(page, 'tool-start'))
  expectAppendOnly(upstream.requests)
})
