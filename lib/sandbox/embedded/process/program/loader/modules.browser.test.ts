import { expect, test } from 'playwright/test'
import { programRunner } from '../harness/harness'
import { runInNode } from '../harness/node-oracle'
import { moduleCases } from './module-cases'
import { nodeRulesCases } from './node-rules-cases'

const run = programRunner()

for (const [claim, { files, run: entry = 'main.mjs', args = [entry] }] of Object.entries({
  ...moduleCases,
  ...nodeRulesCases,
})) {
  test(`modules behave as in Node: ${claim}`, async () => {
    const expected = runInNode(files, args)
    const { stdout, exitCode } = await run({ files, argv: ['node', ...args] })
    expect(expected.exitCode).toBe(0)
    expect({ stdout, exitCode }).toEqual({ stdout: expected.stdout, exitCode: 0 })
  })
}
