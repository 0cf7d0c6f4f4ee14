// `npm run e2e:webcontainer`: the sandbox's contract on the real WebContainer. Needs the network and its vendor's servers.
import { ensureChromium } from './chromium.mjs'
import { checkNode, ensureInstalled, runBin, say } from './setup.mjs'

checkNode()
await ensureInstalled()
say(`Browser: ${await ensureChromium()}`)
const env = { ...process.env, VITRINE_SUITE: 'webcontainer' }
process.exit(
  await runBin('playwright/cli.js', ['test', 'lib/sandbox/webcontainer/webcontainer.browser.test.ts'], { env }),
)
