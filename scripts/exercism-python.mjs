// Runs every practice exercise of Exercism's Python track with its example solution, natively and in the sandbox:
// `npm run exercism:python [-- <checkout of github.com/exercism/python>]`. Without a checkout it makes one in the cache.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = join(root, 'node_modules/.cache/exercism-python')
const checkout = process.argv[2] ?? cache

if (!existsSync(join(checkout, 'exercises/practice'))) {
  mkdirSync(dirname(checkout), { recursive: true })
  const url = 'https://github.com/exercism/python.git'
  execFileSync('git', ['clone', '--quiet', '--depth', '1', url, checkout], { stdio: 'inherit' })
}
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/playwright/cli.js'), 'test', 'lib/sandbox/embedded/python/exercism.browser.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, VITRINE_EXERCISM_PYTHON: join(checkout, 'exercises/practice') },
  },
)
process.exit(status ?? 1)
