import { expect, it } from 'vitest'
import { call, reply, say } from './testing/scripted'
import { createWorld, run } from './testing/world'

const calls = Array.from({ length: 20 }, (_, index) =>
  reply(call(`c${index}`, 'update_plan', { plan: [{ step: `Step ${index}`, status: 'pending' }] })),
)

/** Processor time, so that a busy machine does not count; milliseconds. */
async function costOfOneStep(): Promise<number> {
  const before = process.cpuUsage()
  const { result } = await run(createWorld(), [...calls, reply(say('Done.'))])
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / result.steps
}

it('costs less than 5 ms of its own for each step of a turn with 20 calls', async () => {
  const costs: number[] = []
  for (let round = 0; round < 7; round++) costs.push(await costOfOneStep())
  expect(Math.min(...costs)).toBeLessThan(5)
})
