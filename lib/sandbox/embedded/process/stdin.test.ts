import { expect, it } from 'vitest'
import { createStdin } from './stdin'

it('lets promises run between the last data and the end', async () => {
  const stdin = createStdin(new TextEncoder().encode('line'))
  const seen: string[] = []
  const ended = new Promise<void>((done) => {
    stdin.onData((data) => {
      seen.push(`data ${new TextDecoder().decode(data)}`)
      void Promise.resolve().then(() => Promise.resolve().then(() => seen.push('promise')))
    })
    stdin.onEnd(() => {
      seen.push('end')
      done()
    })
  })
  await ended
  expect(seen).toEqual(['data line', 'promise', 'end'])
})

it('keeps the end from who has paused', async () => {
  const stdin = createStdin(new TextEncoder().encode('line'))
  const seen: string[] = []
  stdin.onData(() => {
    seen.push('data')
    stdin.pause()
  })
  const ended = new Promise<void>((done) => stdin.onEnd(() => done(void seen.push('end'))))
  await new Promise((done) => setTimeout(done, 5))
  expect(seen).toEqual(['data'])
  stdin.resume()
  await ended
  expect(seen).toEqual(['data', 'end'])
})
