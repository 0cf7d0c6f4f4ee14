import { describe, expect, it } from 'vitest'
import { createResponsesModel, encodeSse } from '@/lib/models/responses'
import { demoPrompts, demoReply, streamReply } from '@/lib/models/scripted'
import type { TestCase, TestReport } from '@/lib/sandbox'
import type { FileMap } from '@/lib/workspace'
import { templates } from '@/lib/workspace/templates'
import { createWorld, ofType, outputs, run } from './testing/world'

/** The demo model behind a real Responses stream, as the server speaks it. */
const model = createResponsesModel({
  url: 'http://demo.invalid/v1/responses',
  async fetch(_url, init) {
    const request = JSON.parse(String(init?.body))
    const events = streamReply(demoReply(request), { request, pace: 0 })
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const next = await events.next()
        if (next.done) controller.close()
        else controller.enqueue(new TextEncoder().encode(encodeSse(next.value)))
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  },
})

/** What the demo project's six tests say about its files. */
function demoReport(files: FileMap): TestReport {
  const has = (path: string, text: string) => String(files.get(path)).includes(text)
  const test = (name: string, passes: boolean): TestCase =>
    passes
      ? { name, status: 'passed', durationMs: 1 }
      : { name, status: 'failed', durationMs: 1, error: 'expected otherwise' }
  const money = [test('euros', true), test('cents', has('src/money.ts', 'padStart'))]
  const receipt = [
    test('sum', true),
    test('full', true),
    test('lines', true),
    test('ten percent', has('src/receipt.ts', 'percent / 100')),
  ]
  const all = [...money, ...receipt]
  const failed = all.filter(({ status }) => status === 'failed').length
  const suites = [
    { file: 'src/money.test.ts', tests: money },
    { file: 'src/receipt.test.ts', tests: receipt },
  ]
  return { passed: all.length - failed, failed, skipped: 0, durationMs: 5, suites }
}

function demoWorld(template: string) {
  const files = templates.find(({ name }) => name === template)?.files ?? {}
  const world: ReturnType<typeof createWorld> = createWorld({ files, test: () => demoReport(world.workspace.files) })
  return world
}

describe('the demo scene over the wire', () => {
  it('patches one bug, sees a test still fail, patches the other and is verified', async () => {
    const world = demoWorld('demo')
    const text = demoPrompts.find(({ id }) => id === 'fix-failing-test')?.prompt ?? ''
    const { events, result } = await run(world, [], { dependencies: { model }, input: { text } })
    const counts = ofType(events, 'tool-end').flatMap(
      ({ result: { output } }) => /tests \d\/\d passed/.exec(output)?.[0] ?? [],
    )
    expect(counts).toEqual(['tests 4/6 passed', 'tests 5/6 passed', 'tests 6/6 passed'])
    expect(result).toMatchObject({ status: 'done', verified: true })
    expect(result.message).toContain('6 of 6')
    expect(result.usage.cachedInputTokens).toBeGreaterThan(0)
  })

  it.each(demoPrompts)('plays “$prompt” to its end without a refused call', async ({ prompt, template }) => {
    const world = demoWorld(template ?? 'typescript')
    const { events, result } = await run(world, [], { dependencies: { model }, input: { text: prompt } })
    expect(result.status).toBe('done')
    expect(
      Object.values(outputs(events)).filter((output) => /was not run|not applied|there is no tool/.test(output)),
    ).toEqual([])
  })

  it('plays without freeform tools too', async () => {
    const world = demoWorld('demo')
    const { prompt = '' } = demoPrompts[0] ?? {}
    const { result } = await run(world, [], { dependencies: { model }, input: { text: prompt, freeformTools: false } })
    expect(result).toMatchObject({ status: 'done', verified: true })
  })
})
