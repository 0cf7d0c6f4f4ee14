import { expect, type Page, test } from 'playwright/test'
import { decodeProject, parseShareHash } from '@/lib/share'
import { upstreamAppPort, upstreamPort } from './support/ports'
import { startUpstream, type Upstream } from './support/upstream'
import { newProject, workspaceReady } from './support/workbench'

const origin = `http://localhost:${upstreamAppPort}`
const key = 'sk-own-canary-key-0123456789abcdef'
const serverKey = 'test-key-that-must-stay-on-the-server'
let upstream: Upstream

test.beforeAll(async () => {
  upstream = await startUpstream(upstreamPort)
})
test.afterAll(() => upstream.close())
test.beforeEach(async ({ page }) => {
  upstream.reset()
  await newProject(page, 'demo', origin)
})

const ask = (page: Page) => page.evaluate(() => window.vitrine.agent.send('Explain src/money.ts'))
const sentKeys = () => [...new Set(upstream.headers.map(({ authorization }) => authorization))]

async function openDialog(page: Page) {
  await page.getByRole('button', { name: /^Model:/ }).click()
  await page.getByRole('button', { name: 'Connect a model…' }).click()
  return page.getByRole('dialog', { name: 'Connect a model' })
}

async function useKey(page: Page, { keepInTab = false } = {}) {
  const dialog = await openDialog(page)
  await dialog.getByLabel('API key').fill(key)
  if (keepInTab) await dialog.getByLabel(/Keep it until/).check()
  await dialog.getByRole('button', { name: 'Use key' }).click()
  await expect(dialog.getByText('Your key is in use')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
}

/** Everything that the page keeps or shows, as text; bytes are read as text too. */
async function everythingKept(page: Page): Promise<string> {
  const kept = await page.evaluate(async () => {
    const values: unknown[] = [document.documentElement.outerHTML, { ...localStorage }, document.cookie, location.href]
    const wait = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await wait(indexedDB.open(name))
      for (const store of database.objectStoreNames) {
        values.push(await wait(database.transaction(store).objectStore(store).getAll()))
      }
      database.close()
    }
    const { agent, files } = window.vitrine
    values.push(agent.events(), agent.history(), await files.snapshot())
    const asText = (_name: string, value: unknown) =>
      value instanceof Uint8Array ? new TextDecoder().decode(value) : value instanceof Map ? [...value] : value
    return JSON.stringify(values, asText)
  })
  const link = await page.evaluate(() => window.vitrine.share.link({ trace: true }))
  const decoded = await decodeProject(parseShareHash(new URL(link).hash) ?? '')
  expect(decoded.ok).toBe(true)
  const shared = decoded.ok ? [...decoded.project.files, decoded.project.trace] : []
  return kept + JSON.stringify(shared)
}

test('a key that is refused says so and is forgotten; one that is not answers from then on', async ({ page }) => {
  upstream.refusedKey = 'sk-wrong-canary-0123456789'
  const dialog = await openDialog(page)
  await dialog.getByLabel('API key').fill(upstream.refusedKey)
  await dialog.getByRole('button', { name: 'Use key' }).click()
  await expect(dialog.getByRole('alert')).toHaveText(/The key was refused: .*not valid \(401\)/)
  await dialog.getByLabel('API key').fill(key)
  await dialog.getByRole('button', { name: 'Use key' }).click()
  await expect(dialog.getByText('Your key is in use')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('button', { name: 'Model: test-model, with your own key' })).toBeVisible()
  expect((await ask(page)).status).toBe('done')
  expect(sentKeys()).toEqual([`Bearer ${key}`])
})

test('the key goes upstream in one header, and is kept, shown, exported and shared nowhere', async ({ page }) => {
  const ours: string[] = []
  page.on('request', (request) => {
    if (JSON.stringify(request.headers()).includes(key)) ours.push(new URL(request.url()).pathname)
  })
  await useKey(page)
  await ask(page)
  expect(upstream.requests.length).toBeGreaterThan(1)
  for (const [index, headers] of upstream.headers.entries()) {
    expect(headers.authorization).toBe(`Bearer ${key}`)
    const { authorization, ...others } = headers
    expect(JSON.stringify([others, upstream.requests[index]])).not.toContain('canary')
  }
  expect([...new Set(ours)].sort()).toEqual(['/api/v1/models', '/api/v1/responses'])
  expect(await page.evaluate(() => ({ ...sessionStorage }))).toEqual({})
  expect(await everythingKept(page)).not.toContain('canary')

  await page.reload()
  await workspaceReady(page)
  upstream.reset()
  await ask(page)
  expect(sentKeys()).toEqual([`Bearer ${serverKey}`])
})

test('kept for the tab it outlives a reload, is out of reach of what runs, and goes when it is forgotten', async ({
  page,
}) => {
  await useKey(page, { keepInTab: true })
  await page.reload()
  await workspaceReady(page)
  await ask(page)
  expect(sentKeys()).toEqual([`Bearer ${key}`])
  expect(await everythingKept(page)).not.toContain('canary')

  const spy = `const seen = []
for (const look of [() => JSON.stringify({ ...sessionStorage }), () => JSON.stringify({ ...localStorage }), () => parent.sessionStorage.length, () => JSON.stringify(process.env)])
  try { seen.push(String(look())) } catch (error) { seen.push(error.name) }
console.log(seen.join(' '))`
  await page.evaluate((text) => window.vitrine.files.write('spy.js', text), spy)
  const { stdout } = await page.evaluate(() => window.vitrine.run('node spy.js'))
  expect(stdout).toMatch(/ReferenceError|SecurityError|TypeError/)
  expect(stdout).not.toContain('canary')

  await page.getByRole('button', { name: /^Model:.*own key/ }).click()
  await page.getByRole('button', { name: 'Forget key' }).click()
  await expect(page.getByRole('button', { name: 'Connect a model…' })).toBeVisible()
  expect(await page.evaluate(() => ({ ...sessionStorage }))).toEqual({})
  upstream.reset()
  await ask(page)
  expect(sentKeys()).toEqual([`Bearer ${serverKey}`])
})

test('a key that stops working in mid conversation fails the turn with what to do', async ({ page }) => {
  await useKey(page)
  upstream.refusedKey = key
  const result = await ask(page)
  expect(result).toMatchObject({ status: 'failed', error: { code: 'key_refused' } })
  expect(JSON.stringify(result)).not.toContain('canary')
  await page.getByRole('button', { name: 'Change or forget the key' }).click()
  await page.getByRole('button', { name: 'Forget key' }).click()
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Retry' }).click()
  await expect.poll(sentKeys).toEqual([`Bearer ${serverKey}`])
})
