// `npm test`: sets up what is missing, then types, lint, unused code, unit tests and real-browser tests.
import { ensureChromium } from './chromium.mjs'
import { checkNode, ensureBuilt, ensureInstalled, say } from './setup.mjs'
import { closeWith, runChecks, runPlaywright } from './suites.mjs'

checkNode()
await ensureInstalled()
say(`Browser: ${await ensureChromium()}`)
await ensureBuilt()
closeWith([...(await runChecks()), await runPlaywright()])
