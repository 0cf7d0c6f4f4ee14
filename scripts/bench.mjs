// `npm run bench [name…]`: measures the production build; prints one JSON object a line:
// {"bench","value","unit","baseline","ratio"}; `baseline` and `ratio` are null where there is nothing to compare with.
import { agent } from './bench/agent.mjs'
import { candidates } from './bench/candidates.mjs'
import { firstLoad } from './bench/first-load.mjs'
import { install } from './bench/install.mjs'
import { reload } from './bench/reload.mjs'
import { sandbox } from './bench/sandbox.mjs'
import { testSpeed } from './bench/test-speed.mjs'
import { ensureChromium } from './chromium.mjs'
import { serveApp } from './serve-app.mjs'
import { checkNode, ensureBuilt, ensureInstalled, fail } from './setup.mjs'

let nextPort = 3421
const benches = { 'first-load': firstLoad, 'test-speed': testSpeed, sandbox, install, candidates, agent, reload }

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !(name in benches))
if (unknown) fail(`There is no bench “${unknown}”. There are: ${Object.keys(benches).join(', ')}.`)

checkNode()
await ensureInstalled()
const executablePath = await ensureChromium()
await ensureBuilt()
const { chromium } = await import('playwright')
const server = await serve()
const browser = await chromium.launch({
  executablePath,
  args: ['--disable-gpu', '--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
})
try {
  for (const [name, bench] of Object.entries(benches))
    if (wanted.length === 0 || wanted.includes(name)) await bench({ browser, origin: server.origin, serve })
} finally {
  await browser.close()
  server.close()
}

/** Without variables the scripted model answers. */
function serve(variables = {}) {
  return serveApp(nextPort++, { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', ...variables })
}
