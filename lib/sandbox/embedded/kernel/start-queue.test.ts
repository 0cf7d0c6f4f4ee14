import { expect, it } from 'vitest'
import { StartQueue } from './start-queue'

async function ask(queue: StartQueue, count: number, depth = 2) {
  const started: number[] = []
  for (let n = 0; n < count; n++) void queue.turn(depth).then(() => started.push(n))
  await Promise.resolve()
  return started
}

/** All that may start are up. */
async function bringUp(queue: StartQueue, started: readonly number[]) {
  for (let n = 0; n < started.length; n++) {
    queue.up()
    await Promise.resolve()
  }
}

it('lets some start at once, and the next in line when one of them is up', async () => {
  const queue = new StartQueue(4)
  const started = await ask(queue, 20)
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  queue.up()
  queue.up()
  await Promise.resolve()
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

it('lets fewer start at once where there are fewer cores', async () => {
  expect(await ask(new StartQueue(2), 20)).toEqual([0, 1, 2, 3])
})

it('lets no more run than the tab can bear, until one has ended', async () => {
  const queue = new StartQueue(4)
  const started = await ask(queue, 200)
  await bringUp(queue, started)
  expect(started).toHaveLength(128)
  expect(queue.isFull).toBe(true)
  queue.ended(2)
  await Promise.resolve()
  expect(started).toHaveLength(129)
})

it('lets what running programs wait for run beyond that, however deep', async () => {
  const queue = new StartQueue(4)
  const parents = await ask(queue, 200)
  await bringUp(queue, parents)
  const children = await ask(queue, 200, 3)
  await bringUp(queue, children)
  expect(children).toEqual([0, 1, 2, 3])
  expect(await ask(queue, 4, 4)).toEqual([0, 1, 2, 3])
  for (let n = 0; n < 4; n++) queue.ended(4)
  queue.ended(3)
  await Promise.resolve()
  expect(children).toEqual([0, 1, 2, 3, 4])
  expect(parents).toHaveLength(128)
})

it('lets the user start a program at any time', async () => {
  const queue = new StartQueue(4)
  await bringUp(queue, await ask(queue, 200))
  expect(await ask(queue, 2, 1)).toEqual([0, 1])
})

it('lets the first for whom a Worker is free go before those who would start one', async () => {
  const queue = new StartQueue(4)
  await ask(queue, 9)
  let isFree = false
  const order: string[] = []
  void queue.turn(2).then(() => order.push('starts one'))
  void queue.turn(2, () => isFree).then(() => order.push('takes one'))
  queue.check()
  await Promise.resolve()
  expect(order).toEqual([])
  isFree = true
  queue.check()
  await Promise.resolve()
  expect(order).toEqual(['takes one'])
})
