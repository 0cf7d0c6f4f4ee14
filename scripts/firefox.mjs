// Firefox under WebDriver BiDi, which a release of it speaks as it is; Playwright drives only builds of its own.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const waitMs = 30_000
const pollMs = 100

/** A page in a new Firefox with a profile of its own: `FIREFOX_PATH`, else `firefox` on the path. */
export async function openFirefox(preferences = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'vitrine-firefox-'))
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)})\n`)
  await writeFile(join(profile, 'user.js'), lines.join(''))
  const options = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank']
  const browser = spawn(process.env.FIREFOX_PATH ?? 'firefox', options, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((resolve) => browser.on('close', resolve))
  const call = connect(await addressOf(browser))
  await call('session.new', { capabilities: {} })
  const { contexts } = await call('browsingContext.getTree', {})
  const { context } = contexts[0]

  async function callIn(target, run, given) {
    const { type, result, exceptionDetails } = await call('script.callFunction', {
      functionDeclaration: `async (text) => JSON.stringify(await (${run})(...JSON.parse(text)))`,
      arguments: [{ type: 'string', value: JSON.stringify(given) }],
      awaitPromise: true,
      target: { context: target },
    })
    if (type !== 'success') throw new Error(exceptionDetails.text)
    return result.value === undefined ? undefined : JSON.parse(result.value)
  }

  /** Waits for an element that shows, by its role and its name. */
  async function find(role, name) {
    const { source, flags } = name instanceof RegExp ? name : new RegExp(`^${name}$`)
    return until(`There is no ${role} “${source}”.`, async () => {
      const { result } = await call('script.callFunction', {
        functionDeclaration: String(findElement),
        arguments: [selectors[role], source, flags].map((value) => ({ type: 'string', value })),
        awaitPromise: false,
        target: { context },
      })
      return result?.sharedId
    })
  }

  return {
    goto: (url) => call('browsingContext.navigate', { context, url, wait: 'complete' }),
    reload: () => call('browsingContext.reload', { context, wait: 'complete' }),
    find,
    async click(role, name) {
      const origin = { type: 'element', element: { sharedId: await find(role, name) } }
      const actions = [
        { type: 'pointerMove', x: 0, y: 0, origin },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ]
      await call('input.performActions', { context, actions: [{ type: 'pointer', id: 'mouse', actions }] })
    },
    /** Until the text stands in the page, in one of its frames, or in what the selector finds there. */
    async waitForText(pattern, selector = 'body') {
      let last = ''
      await until(
        () => `${pattern} does not come; what is there: ${last.slice(-2000)}`,
        async () => {
          const { contexts } = await call('browsingContext.getTree', { root: context })
          const texts = await Promise.all(
            withChildren(contexts).map((frame) => callIn(frame, textOf, [selector]).catch(() => '')),
          )
          last = texts.join('\n')
          return pattern.test(last)
        },
      )
    },
    /** Keys by their characters; Enter is `\uE007`. */
    async type(text) {
      const actions = [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ])
      await call('input.performActions', { context, actions: [{ type: 'key', id: 'keyboard', actions }] })
    },
    /** A PNG of what shows at that size. */
    async picture(width, height) {
      await call('browsingContext.setViewport', { context, viewport: { width, height } })
      const { data } = await call('browsingContext.captureScreenshot', { context })
      return Buffer.from(data, 'base64')
    },
    /** The function runs in the page; what it takes and gives is JSON. */
    evaluate: (run, ...given) => callIn(context, run, given),
    async close() {
      browser.kill()
      await ended
      await rm(profile, { recursive: true, force: true })
    },
  }
}

const selectors = { button: 'button', tab: '[role=tab]', textbox: 'textarea, input:not([type=checkbox])' }

/** Runs in the page. */
function findElement(selector, source, flags) {
  const name = new RegExp(source, flags)
  const nameOf = (element) => element.getAttribute('aria-label') ?? element.textContent.trim()
  return [...document.querySelectorAll(selector)].find(
    (element) => element.checkVisibility() && !element.disabled && name.test(nameOf(element)),
  )
}

/** Runs in the page. */
const textOf = (selector) => document.querySelector(selector)?.textContent ?? ''

const withChildren = (contexts) =>
  contexts.flatMap(({ context, children }) => [context, ...withChildren(children ?? [])])

/** Resolves to what the check gives as soon as that is something. */
async function until(problem, check) {
  for (const deadline = Date.now() + waitMs; Date.now() < deadline; await sleep(pollMs)) {
    const found = await check()
    if (found) return found
  }
  throw new Error(typeof problem === 'string' ? problem : problem())
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
