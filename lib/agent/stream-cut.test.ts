import { beforeAll, describe, expect, it } from 'vitest'
import type { Model, ResponseItem, ResponsesRequest } from '@/lib/models'
import { createResponsesModel } from '@/lib/models/responses/client'
import { encodeSse } from '@/lib/models/responses/encode'
import { type Reply, streamReply } from '@/lib/models/scripted'
import { textOf } from './history'
import { createWorld, ofType, run } from './testing/world'

const answer: Reply = { parts: [{ type: 'text', text: 'It is done, and the tests pass.' }] }
const patchText = (name: string) =>
  ['*** Begin Patch', `*** Add File: ${name}.txt`, `+${name}`, '*** End Patch'].join('\n')
const patch = (name: string) => ({ type: 'custom_tool_call' as const, name: 'apply_patch', input: patchText(name) })

/** Every byte with `STREAM_CUT_STEP=1`, which takes minutes; a prime, so that all kinds of places are met. */
const step = Number(process.env.STREAM_CUT_STEP ?? 31)

/** One response of each kind, as bytes of its stream. */
const turns: Record<string, Reply> = {
  text: answer,
  'a tool call': { parts: [{ type: 'text', text: 'I add a file.' }, patch('one')] },
  'parallel calls': {
    parts: [patch('one'), { type: 'function_call', name: 'search', arguments: { query: 'x' } }, patch('two')],
  },
}

async function bytesOf(reply: Reply): Promise<{ bytes: Uint8Array<ArrayBuffer>; items: ResponseItem[] }> {
  const request = { model: 'test', input: [] }
  let text = ''
  const items: ResponseItem[] = []
  for await (const event of streamReply(reply, { request, pace: 0 })) {
    text += encodeSse(event)
    if (event.type === 'response.output_item.done') items.push(event.item as ResponseItem)
  }
  return { bytes: new TextEncoder().encode(text), items }
}

/** A server whose first stream ends after `length` bytes; it then goes on from what the history already has. */
function cutAfter(length: number, turn: Awaited<ReturnType<typeof bytesOf>>, reply: Reply): Model {
  let requests = 0
  const send = async (_url: unknown, init: RequestInit | undefined) => {
    const request: ResponsesRequest = JSON.parse(String(init?.body))
    const isFirst = requests++ === 0
    const bytes = isFirst ? turn.bytes.subarray(0, length) : (await bytesOf(restOf(reply, request))).bytes
    return new Response(new Blob([bytes]).stream(), { headers: { 'content-type': 'text/event-stream' } })
  }
  return createResponsesModel({ url: 'http://model.test', fetch: send as typeof fetch })
}

/** What the model has still to do. */
function restOf(reply: Reply, { input }: ResponsesRequest): Reply {
  const done = new Set(input.flatMap((item) => (item.type === 'custom_tool_call' ? [item.input] : [])))
  const searched = input.some((item) => item.type === 'function_call')
  const left = reply.parts.filter((part) =>
    part.type === 'custom_tool_call' ? !done.has(part.input) : part.type === 'function_call' && !searched,
  )
  return left.length > 0 ? { parts: left } : answer
}

describe.each(Object.entries(turns))('a stream of %s', (_kind, reply) => {
  let turn: Awaited<ReturnType<typeof bytesOf>>
  beforeAll(async () => {
    turn = await bytesOf(reply)
  })

  it('may be cut after every byte: no call runs in part or twice, nothing is said twice', async () => {
    const wanted = new Set(reply.parts.flatMap((part) => (part.type === 'custom_tool_call' ? [part.input] : [])))
    const wantedFiles = [...wanted].map((text) => (text.includes('one') ? 'one.txt' : 'two.txt')).sort()
    const preamble = reply.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))[0]
    for (let length = 0; length <= turn.bytes.byteLength; length += step) {
      const world = createWorld({ files: {} })
      const applied: string[] = []
      world.workspace.subscribe(({ changes }) => applied.push(...changes.map(({ path }) => path)))
      const { events, result } = await run(world, [], {
        dependencies: { model: cutAfter(length, turn, reply), wait: async () => undefined },
      })
      const at = `cut after ${length} bytes`
      expect(result, at).toMatchObject({ status: 'done', message: textOf(finalOf(events)) })
      // A message that came whole and nothing after it is an answer: nobody can tell that more was to come.
      const isAnswered = result.message === preamble && applied.length === 0
      expect(applied.sort(), at).toEqual(isAnswered ? [] : wantedFiles)
      for (const { input, tool } of ofType(events, 'tool-call-ready')) {
        if (tool === 'apply_patch') expect(wanted, at).toContain(input)
      }
      const said = ofType(events, 'text-end').map(({ text }) => text)
      expect(new Set(said).size, at).toBe(said.length)
    }
  }, 120_000)
})

function finalOf(events: Parameters<typeof ofType>[0]): ResponseItem {
  const items = ofType(events, 'history').flatMap((event) => event.items)
  return items.findLast((item) => item.type === 'message' && item.role === 'assistant') ?? { type: 'unknown' }
}
