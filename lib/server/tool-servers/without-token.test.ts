import { expect, it } from 'vitest'
import { withoutToken } from './without-token'

const token = 'tok-tok-secret'

async function passed(pieces: readonly string[]): Promise<string[]> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
      controller.close()
    },
  })
  const out: string[] = []
  const reader = source.pipeThrough(withoutToken(token)).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return out
    out.push(new TextDecoder().decode(value))
  }
}

it('takes a token out however it is cut', async () => {
  const text = `a ${token} b ${token}${token} tok-tok-tok-secret c`
  for (let size = 1; size <= text.length; size++) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
      text.slice(at * size, (at + 1) * size),
    )
    expect((await passed(pieces)).join('')).toBe('a «token» b «token»«token» tok-«token» c')
  }
})

it('passes on at once what cannot be a part of it, and keeps what only looked like one', async () => {
  expect(await passed(['data: {}\n\n', 'data: tok-', 'tick\n\n', 'tok-t'])).toEqual([
    'data: {}\n\n',
    'data: ',
    'tok-tick\n\n',
    'tok-t',
  ])
})

it('leaves letters of several bytes whole', async () => {
  const bytes = new TextEncoder().encode('é')
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.slice(0, 1))
      controller.enqueue(bytes.slice(1))
      controller.close()
    },
  })
  expect(await new Response(source.pipeThrough(withoutToken(token))).text()).toBe('é')
})
