import { expect, it } from 'vitest'
import { call, reply, say } from './testing/scripted'
import { createWorld, run } from './testing/world'

it('costs less than 5 ms a step of its own in a turn of 20 calls', async () => {
  const calls = Array.from({ length: 20 }, (_, index) =>
    reply(call(`c${index}`, 'update_plan', { plan: [{ step: `${index}`, status: 'pending' }] })),
  )
  const perStep: number[] = []
  for (let round = 0; round < 5; round++) {
    const { result } = await run(createWorld(), [...calls, reply(say('Done.'))])
    perStep.push(result.durationMs / result.steps)
  }
  const median = perStep.toSorted((a, b) => a - b)[2]
  console.info(`loop overhead: ${median?.toFixed(2)} ms a step`)
  expect(median).toBeLessThan(5)
})
