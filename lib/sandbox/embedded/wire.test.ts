import { expect, test } from 'vitest'
import { createWirePair } from './wire'

/** A pair, what each end was told, and what makes all that is under way arrive. */
function pair() {
  const tasks: (() => void)[] = []
  const [near, far] = createWirePair((task) => tasks.push(task))
  const told: string[] = []
  for (const [name, wire] of Object.entries({ near, far })) {
    wire.onData((data) => told.push(`${name} ${data ? new TextDecoder().decode(data) : 'end'}`))
    wire.onClose((wasReset) => told.push(`${name} ${wasReset ? 'reset' : 'close'}`))
  }
  const settle = () => {
    for (let task = tasks.shift(); task; task = tasks.shift()) task()
    return told.splice(0)
  }
  return { near, far, told, settle }
}
const bytes = (text: string) => new TextEncoder().encode(text)

test('a pair hands over copies, later and in order', () => {
  const { near, far, told, settle } = pair()
  const data = bytes('one')
  near.write(data)
  data.fill(0)
  near.write(bytes('two'))
  far.write(bytes('three'))
  expect(told).toEqual([])
  expect(settle()).toEqual(['far one', 'far two', 'near three'])
})

test('a pair ends in one direction, and closes in both', () => {
  const { near, far, settle } = pair()
  near.write(bytes('last'))
  near.end()
  expect(settle()).toEqual(['far last', 'far end'])
  far.write(bytes('still'))
  far.close()
  expect(settle()).toEqual(['near still', 'near end', 'near close'])
})

test('closing ends before, and a reset drops what was not taken', () => {
  const first = pair()
  first.near.close()
  expect(first.settle()).toEqual(['far end', 'far close'])
  const { near, far, settle } = pair()
  far.pause()
  near.write(bytes('lost'))
  near.close({ reset: true })
  expect(settle()).toEqual(['far reset'])
})

test('a writer waits while the other side takes nothing', async () => {
  const { near, far, settle } = pair()
  far.pause()
  expect(near.write(new Uint8Array(600_000))).toBe(false)
  let isDrained = false
  const drained = near.drained().then(() => {
    isDrained = true
  })
  settle()
  await Promise.resolve()
  expect(isDrained).toBe(false)
  far.resume()
  settle()
  await drained
})
