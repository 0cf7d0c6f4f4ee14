import { expect, test } from 'playwright/test'
import { programRunner } from '../harness/harness'
import { runInNode } from '../harness/node-oracle'
import { moduleCases } from './module-cases'

const run = programRunner()

for (const [claim, { files, run: entry = 'main.mjs' }] of Object.entries(moduleCases)) {
  test(`modules behave as in Node: ${claim}`, async () => {
    const expected = runInNode(files, [entry])
    const { stdout, exitCode } = await run({ files, argv: ['node', entry] })
    expect(expected.exitCode).toBe(0)
    expect({ stdout, exitCode }).toEqual({ stdout: expected.stdout, exitCode: 0 })
  })
}
