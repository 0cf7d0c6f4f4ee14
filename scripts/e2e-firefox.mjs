// `npm run e2e:firefox`: the sandbox's contract, and what users do first in the IDE, in the machine's own Firefox.
import { openFirefox } from './firefox.mjs'
import { loadModule } from './load-module.mjs'
import { serveApp } from './serve-app.mjs'
import { serveSandbox } from './serve-sandbox.mjs'
import { checkNode, ensureInstalled, fail, say } from './setup.mjs'

const maxCaseMs = 90_000
const port = Number(process.env.PORT ?? 3418)
const enter = '\uE007'

/** Programs that a program starts, one after another and side by side. */
const family = `
const { spawn, execFileSync } = require('node:child_process')
const { Worker } = require('node:worker_threads')
const exit = (what) => new Promise((resolve) => what.on('exit', resolve))
const thread = () => exit(new Worker('require("worker_threads").parentPort.postMessage(1)', { eval: true }))
const times = (count, start) => Promise.all(Array.from({ length: count }, start))
;(async () => {
  for (let child = 0; child < 8; child++) await exit(spawn('node', ['-e', '0']))
  execFileSync('node', ['-e', '0'])
  for (let count = 0; count < 8; count++) await thread()
  await times(8, () => exit(spawn('node', ['-e', '0'])))
  await times(8, thread)
  console.log('all came')
})()
`

checkNode()
await ensureInstalled()
const { sandboxContract } = await loadModule('lib/sandbox/sandbox.contract.ts')
const firefox = await openFirefox().catch(({ message }) => fail(message))
const cases = [...sandboxContract.map(([claim]) => [claim, () => runCase(claim)]), ...journey()]
const server = await serveSandbox('contract-page.ts')
const app = await serveApp(port, { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', VITRINE_MODELS: '' })
let failed = 0
try {
  for (const [claim, run] of cases) {
    const late = new Promise((_, reject) =>
      setTimeout(() => reject(new Error(`not done after ${maxCaseMs / 1000} s`)), maxCaseMs).unref(),
    )
    const problem = await Promise.race([run(), late]).then(
      () => '',
      ({ message }) => message,
    )
    if (problem) failed += 1
    say(problem ? `✗ ${claim}: ${problem}` : `✓ ${claim}`)
  }
} finally {
  await firefox.close()
  await server.close()
  app.close()
}
say(`${cases.length - failed} of ${cases.length}`)
process.exit(failed === 0 ? 0 : 1)

async function runCase(claim) {
  await firefox.goto(server.origin)
  await firefox.evaluate((name) => window.runContractCase(name), claim)
}

/** One project, from its template to a reload. */
function journey() {
  return [
    [
      'the agent mends the demo',
      async () => {
        await open('demo')
        await firefox.click('button', /^Fix the failing tests/)
        await firefox.waitForText(/tests 6\/6 · verified/)
      },
    ],
    [
      'tests run again and again',
      async () => {
        for (let run = 1; run <= 5; run++) {
          await firefox.evaluate(
            (text) => window.vitrine.files.write('src/run.ts', text),
            `export const run = ${run}\n`,
          )
          await firefox.waitForText(/before the last change/)
          await firefox.click('button', 'Run tests')
          await firefox.waitForText(/6\/6(?!.*before the last change)/)
        }
        // Long enough that the page has collected what it need not hold.
        for (let run = 1; run <= 20; run++) await runs('npm test', /6 passed/)
      },
    ],
    [
      'the terminal runs commands, one after the other',
      async () => {
        await firefox.click('tab', 'Terminal')
        await firefox.click('textbox', /^Terminal\./)
        await type('node src/main.ts', /Cinnamon roll/)
        await type('echo one two | wc -w && node -p "6 * 7"', /2\s*42/)
        await type('python -c "print(6 * 9)"', /\b54\b/)
        await type('npm test', /6 passed/)
      },
    ],
    [
      'children and threads of a program come and go',
      async () => {
        await firefox.evaluate((text) => window.vitrine.files.write('family.cjs', text), family)
        for (let run = 1; run <= 3; run++) await runs('node family.cjs', /^all came\n$/)
      },
    ],
    [
      'a reload brings files and conversation back',
      async () => {
        await firefox.reload()
        await ready()
        await firefox.waitForText(/tests 6\/6 · verified/)
        await runs('npm test', /6 passed/)
      },
    ],
    [
      'a link to the project is made',
      async () => {
        await firefox.click('button', 'Share')
        await firefox.find('textbox', 'Link')
      },
    ],
    [
      'the preview shows a page, and follows an edit',
      async () => {
        await open('web-page')
        await firefox.click('button', 'Preview')
        await firefox.waitForText(/Tea timer/)
        await firefox.evaluate(async () => {
          const html = await window.vitrine.files.read('index.html')
          await window.vitrine.files.write('index.html', html.replace('</body>', '<p>Fresh bread</p></body>'))
        })
        await firefox.waitForText(/Fresh bread/)
      },
    ],
  ]
}

async function open(template) {
  await firefox.goto(`${app.origin}/p/new?template=${template}`)
  await ready()
}

async function ready() {
  await firefox.evaluate(async () => {
    while (!window.vitrine) await new Promise((resolve) => setTimeout(resolve, 50))
    await window.vitrine.ready
    await window.vitrine.sandbox
  })
}

async function runs(command, expected) {
  const { stdout, stderr } = await firefox.evaluate((line) => window.vitrine.run(line, { timeoutMs: 30_000 }), command)
  if (!expected.test(stdout)) throw new Error(`${command}: ${stdout}${stderr}`)
}

/** Into the terminal. */
async function type(command, expected) {
  await firefox.type(`${command}${enter}`)
  await firefox.waitForText(expected, '.xterm-rows')
}
