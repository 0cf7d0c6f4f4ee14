import { expect, it } from 'vitest'
import { StartQueue } from './start-queue'

async function ask(queue: StartQueue, count: number, depth = 1) {
  const started: number[] = []
  for (let n = 0; n < count; n++) void queue.turn(depth).then(() => started.push(n))
  await Promise.resolve()
  return started
}

it('lets some start at once, and the next in line when one of them is up', async () => {
  const queue = new StartQueue()
  const started = await ask(queue, 20)
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  queue.up()
  queue.up()
  await Promise.resolve()
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

it('lets no more run than the tab can bear, until one has ended', async () => {
  const queue = new StartQueue()
  const started = await ask(queue, 200)
  for (let n = 0; n < 200; n++) {
    if (started.length > n) queue.up()
    await Promise.resolve()
  }
  expect(started).toHaveLength(128)
  queue.ended(1)
  await Promise.resolve()
  expect(started).toHaveLength(129)
})

it('lets some children of those that run come nevertheless, so that nobody waits for ever', async () => {
  const queue = new StartQueue()
  const parents = await ask(queue, 128)
  for (let n = 0; n < 128; n++) {
    queue.up()
    await Promise.resolve()
  }
  expect(parents).toHaveLength(128)
  const children = await ask(queue, 6, 2)
  expect(children).toHaveLength(4)
  expect(await ask(queue, 1, 3)).toHaveLength(1)
  queue.ended(2)
  await Promise.resolve()
  expect(children).toHaveLength(5)
})
