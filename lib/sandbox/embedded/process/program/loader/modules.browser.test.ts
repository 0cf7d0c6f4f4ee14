import { expect, test } from 'playwright/test'
import { programRunner } from '../harness/harness'
import { runInNode } from '../harness/node-oracle'
import { moduleCases } from './module-cases'

const run = programRunner()

/** What differs from Node, and why. */
const reason = 'require() of an ES module compiles it for itself: a browser cannot run a native module synchronously.'
const known: Record<string, string> = {
  'require of an ES module gives its namespace': reason,
  'require and import of one ES module give one module': reason,
}

for (const [claim, { files, run: entry = 'main.mjs' }] of Object.entries(moduleCases)) {
  test(`modules behave as in Node: ${claim}`, async () => {
    const difference = known[claim]
    if (difference !== undefined) test.fail(true, difference)
    const expected = runInNode(files, [entry])
    const { stdout, exitCode } = await run({ files, argv: ['node', entry] })
    expect(expected.exitCode).toBe(0)
    expect({ stdout, exitCode }).toEqual({ stdout: expected.stdout, exitCode: 0 })
  })
}
