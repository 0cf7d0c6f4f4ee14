// `npm run e2e:firefox`: the sandbox's contract in the machine's own Firefox.
import { openFirefox } from './firefox.mjs'
import { loadModule } from './load-module.mjs'
import { serveSandbox } from './serve-sandbox.mjs'
import { checkNode, ensureInstalled, fail, say } from './setup.mjs'

const maxCaseMs = 90_000

checkNode()
await ensureInstalled()
const { sandboxContract } = await loadModule('lib/sandbox/sandbox.contract.ts')
const server = await serveSandbox('contract-page.ts')
const firefox = await openFirefox().catch(({ message }) => fail(message))
let failed = 0
try {
  for (const [claim] of sandboxContract) {
    await firefox.goto(server.origin)
    const problem = await Promise.race([
      firefox.evaluate(runCase, claim),
      new Promise((resolve) => setTimeout(resolve, maxCaseMs, `not done after ${maxCaseMs / 1000} s`)),
    ])
    if (problem) failed += 1
    say(problem ? `✗ ${claim}: ${problem}` : `✓ ${claim}`)
  }
} finally {
  await firefox.close()
  await server.close()
}
say(`${sandboxContract.length - failed} of ${sandboxContract.length}`)
process.exit(failed === 0 ? 0 : 1)

/** Runs in the page. */
async function runCase(claim) {
  return window.runContractCase(claim).then(
    () => '',
    (error) => String(error?.message ?? error),
  )
}
