// `npm run conformance`: runs every `*.conformance.ts` against the shared fixtures. Skips nothing: no fixtures, no pass.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkNode, ensureInstalled, fail, root } from './setup.mjs'
import { closeWith, runVitest } from './suites.mjs'

const folder = resolve(root, process.env.VITRINE_FIXTURES ?? join('..', 'shared', 'fixtures'))
if (!existsSync(join(folder, 'README.md'))) {
  fail(`The fixtures are not in ${folder}. Put them beside the project, or set VITRINE_FIXTURES to their folder.`)
}

checkNode()
await ensureInstalled()
const env = { VITRINE_SUITE: 'conformance', VITRINE_FIXTURES: folder }
closeWith([await runVitest({ title: 'Conformance', env })])
