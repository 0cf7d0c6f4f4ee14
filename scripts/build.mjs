import { checkNode, ensureBuilt, ensureInstalled } from './setup.mjs'

checkNode()
await ensureInstalled()
await ensureBuilt()
