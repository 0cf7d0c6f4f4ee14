// `npm run check`: types, lint, unused code and unit tests; no browser.

import { checkNode, ensureInstalled } from './setup.mjs'
import { closeWith, runChecks } from './suites.mjs'

checkNode()
await ensureInstalled()
closeWith(await runChecks())
