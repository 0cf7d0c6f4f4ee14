import { expect, it } from 'vitest'
import { createStaticServer, staticOrigin } from './static-server'

const files = new Map<string, string>([
  ['index.html', '<h1>Home</h1>'],
  ['about.html', 'About'],
  ['docs/index.html', 'Docs'],
  ['public/50%.png', 'png'],
  ['src/main.ts', 'export const answer: number = 42'],
  ['src/style.css', 'p { color: red }'],
])

async function get(path: string, destination = 'document', from = files) {
  const { status, headers, body } = await createStaticServer(() => from).request({
    method: 'GET',
    url: new URL(path, staticOrigin),
    headers: new Headers({ 'sec-fetch-dest': destination }),
    body: null,
    signal: new AbortController().signal,
  })
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body
  return { status, type: headers[0]?.[1], text }
}

it('answers pages with and without their ending, and folders by their index', async () => {
  expect(await get('/')).toMatchObject({ status: 200, text: '<h1>Home</h1>' })
  expect(await get('/about')).toMatchObject({ status: 200, text: 'About' })
  expect(await get('/docs')).toEqual({ status: 301, type: '/docs/', text: null })
  expect(await get('/docs/')).toMatchObject({ status: 200, text: 'Docs' })
})

it('finds what is in public, also under a name that is no valid URL', async () => {
  expect(await get('/50%.png', 'image')).toEqual({ status: 200, type: 'image/png', text: 'png' })
})

it('strips types for module scripts, and turns CSS into a module', async () => {
  expect((await get('/src/main', 'script')).text).toContain('export const answer = 42')
  expect((await get('/src/style.css', 'script')).text).toContain('createElement')
  expect(await get('/src/style.css', 'style')).toMatchObject({
    type: 'text/css; charset=utf-8',
    text: 'p { color: red }',
  })
})

it('says what is missing, by the project’s own page when there is one', async () => {
  expect(await get('/nowhere')).toMatchObject({ status: 404, text: 'Not in the project: /nowhere' })
  expect(await get('/nowhere', 'document', new Map([...files, ['404.html', 'Lost?']]))).toMatchObject({
    status: 404,
    text: 'Lost?',
  })
})

it('gives nothing outside of the project or of packages', async () => {
  expect((await get('/../../etc/passwd')).status).toBe(404)
  expect(
    (await get('/node_modules/x/index.js', 'script', new Map([...files, ['node_modules/x/index.js', '1']]))).status,
  ).toBe(404)
})
