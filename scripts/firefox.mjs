// Firefox under WebDriver BiDi, which a release of it speaks as it is; Playwright drives only builds of its own.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A page in a new Firefox with a profile of its own: `FIREFOX_PATH`, else `firefox` on the path. */
export async function openFirefox() {
  const profile = await mkdtemp(join(tmpdir(), 'vitrine-firefox-'))
  const options = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank']
  const browser = spawn(process.env.FIREFOX_PATH ?? 'firefox', options, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((resolve) => browser.on('close', resolve))
  const call = connect(await addressOf(browser))
  await call('session.new', { capabilities: {} })
  const { contexts } = await call('browsingContext.getTree', {})
  const { context } = contexts[0]
  return {
    goto: (url) => call('browsingContext.navigate', { context, url, wait: 'complete' }),
    /** The function runs in the page; what it takes and gives is JSON. */
    async evaluate(run, ...given) {
      const { type, result, exceptionDetails } = await call('script.callFunction', {
        functionDeclaration: `async (text) => JSON.stringify(await (${run})(...JSON.parse(text)))`,
        arguments: [{ type: 'string', value: JSON.stringify(given) }],
        awaitPromise: true,
        target: { context },
      })
      if (type !== 'success') throw new Error(exceptionDetails.text)
      return result.value === undefined ? undefined : JSON.parse(result.value)
    },
    async close() {
      browser.kill()
      await ended
      await rm(profile, { recursive: true, force: true })
    },
  }
}

function addressOf(browser) {
  return new Promise((resolve, reject) => {
    let said = ''
    browser.on('error', () => reject(new Error('Firefox could not be started: set FIREFOX_PATH to its program.')))
    browser.on('close', () => reject(new Error(`Firefox has ended:\n${said}`)))
    browser.stderr.on('data', (data) => {
      said += data
      const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(said) ?? []
      if (address) resolve(`${address}/session`)
    })
  })
}

/** Commands that are answered by their number. */
function connect(address) {
  const socket = new WebSocket(address)
  const opened = new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error(`Firefox does not answer on ${address}.`))
  })
  const waiting = new Map()
  let lastId = 0
  socket.onmessage = ({ data }) => {
    const { id, type, result, message } = JSON.parse(data)
    const { resolve, reject } = waiting.get(id) ?? {}
    waiting.delete(id)
    if (type === 'error') reject?.(new Error(message))
    else resolve?.(result)
  }
  return async (method, params) => {
    await opened
    lastId += 1
    const id = lastId
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      socket.send(JSON.stringify({ id, method, params }))
    })
  }
}
