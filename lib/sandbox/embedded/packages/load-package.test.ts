import { createHash } from 'node:crypto'
import { expect, it, vi } from 'vitest'
import type { PackageFileRequest } from '../protocol'
import { createPackageLoader } from './load-package'
import type { CachedPackage, PackageCache } from './package-cache'

const bytes = new TextEncoder().encode('a tarball')
const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
const tarball = (fields: Partial<PackageFileRequest> = {}): PackageFileRequest => ({
  path: 'a/-/a-1.0.0.tgz',
  integrity,
  full: false,
  ...fields,
})
const metadata: PackageFileRequest = { path: '@scope/a', integrity: null, full: false }

function create(answer: () => Response | Promise<Response>) {
  const kept = new Map<string, CachedPackage>()
  const cache: PackageCache = {
    read: async (key) => kept.get(key) ?? null,
    readAll: async (prefix) => [...kept].flatMap(([key, value]) => (key.startsWith(prefix) ? value : [])),
    write: async (key, value) => void kept.set(key, value),
  }
  const asked: string[] = []
  const fetch = vi.fn(async (url: unknown) => {
    asked.push(String(url))
    return answer()
  }) as unknown as typeof globalThis.fetch
  return { load: createPackageLoader({ fetch, cache: async () => cache }), kept, asked }
}

const offline = () => Promise.reject(new TypeError('Failed to fetch'))

it('loads a tarball once and keeps it under its checksum', async () => {
  const { load, asked } = create(
    () => new Response(bytes, { headers: { 'last-modified': 'Tue, 24 Nov 2026 10:00:00 GMT' } }),
  )
  const publishedAt = Date.parse('2026-11-24T10:00:00Z')
  expect(await load(tarball())).toMatchObject({ ok: true, answer: { cached: false, publishedAt } })
  expect(await load(tarball({ path: 'alias/-/alias-9.0.0.tgz' }))).toMatchObject({
    ok: true,
    answer: { cached: true, publishedAt },
  })
  expect(asked).toEqual(['/api/packages/a/-/a-1.0.0.tgz'])
})

it('lets no tarball in that is not what its checksum says, nor one without', async () => {
  const { load, kept, asked } = create(() => new Response('something else'))
  expect(await load(tarball())).toMatchObject({
    ok: false,
    code: 'EINTEGRITY',
    message: expect.stringContaining('a-1.0.0.tgz'),
  })
  expect(kept.size).toBe(0)
  asked.length = 0
  for (const wrong of [null, '', 'md5-xyz'])
    expect(await load(tarball({ integrity: wrong }))).toMatchObject({ ok: false, code: 'EINTEGRITY' })
  expect(asked).toEqual([])
})

it('takes any of several digests of the strongest kind, and no weaker one', async () => {
  const { load } = create(() => new Response(bytes))
  const sha1 = `sha1-${createHash('sha1').update(bytes).digest('base64')}`
  expect(await load(tarball({ integrity: sha1 }))).toMatchObject({ ok: true })
  expect(await load(tarball({ integrity: `sha512-AAAA ${integrity}` }))).toMatchObject({ ok: true })
  expect(await load(tarball({ integrity: `${sha1} sha512-AAAA` }))).toMatchObject({ ok: false, code: 'EINTEGRITY' })
})

it('asks for old metadata again, and makes do with it offline', async () => {
  let answer: () => Response | Promise<Response> = () => new Response('{"first":1}')
  const { load, kept, asked } = create(() => answer())
  const textOf = async () => {
    const outcome = await load(metadata)
    return outcome.ok ? new TextDecoder().decode(outcome.answer.data) : outcome.code
  }
  expect(await textOf()).toBe('{"first":1}')
  answer = () => new Response('{"second":2}')
  expect(await textOf()).toBe('{"first":1}')
  for (const entry of kept.values()) entry.storedAt -= 6 * 60_000
  answer = offline
  expect(await textOf()).toBe('{"first":1}')
  answer = () => new Response('{"second":2}')
  expect(await textOf()).toBe('{"second":2}')
  expect(asked).toEqual(Array(3).fill('/api/packages/@scope/a'))
})

it('keeps short and full metadata apart', async () => {
  const { load, asked } = create(() => new Response('{}'))
  await load(metadata)
  await load({ ...metadata, full: true })
  expect(asked).toEqual(['/api/packages/@scope/a', '/api/packages/@scope/a?full'])
})

it('asks nobody for what is no package', async () => {
  const { load, asked } = create(() => new Response('{}'))
  for (const path of ['../v1/models', 'https://evil.example/x', 'a/b/c', '']) {
    expect(await load({ ...metadata, path })).toMatchObject({ ok: false, code: 'EINVAL' })
  }
  expect(asked).toEqual([])
})

it('hands on what the server says, and says when there is none', async () => {
  const refuse = (code: string, status: number) => () =>
    Response.json({ error: { code, message: `about ${code}` } }, { status })
  expect(await create(refuse('not_found', 404)).load(metadata)).toEqual({
    ok: false,
    code: 'E404',
    message: 'about not_found',
  })
  expect(await create(refuse('registry_unreachable', 502)).load(metadata)).toMatchObject({ code: 'ENETWORK' })
  expect(await create(offline).load(metadata)).toMatchObject({
    ok: false,
    code: 'ENETWORK',
    message: expect.stringContaining('cannot be reached'),
  })
})

const line = (name: string, version: string) =>
  `${JSON.stringify({ for: { name, wanted: version }, packument: { name, 'dist-tags': {}, versions: {} } })}\n`

it('asks for many packages at once and keeps the answer, in whatever order they are named', async () => {
  const { load, asked } = create(() => new Response(line('a', '1.0.0') + line('b', '2.0.0')))
  expect(await load({ wants: ['a@1.0.0', '@scope/b@>=2 <3'] })).toMatchObject({ ok: true, answer: { cached: false } })
  expect(await load({ wants: ['@scope/b@>=2 <3', 'a@1.0.0'] })).toMatchObject({ ok: true, answer: { cached: true } })
  expect(asked).toEqual(['/api/packages?want=a%401.0.0&want=%40scope%2Fb%40%3E%3D2+%3C3'])
})

it('hands on whole lines as they come, and keeps the whole answer', async () => {
  const [first, second] = [line('a', '1.0.0'), line('b', '2.0.0')]
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>()
  const { load, asked } = create(() => new Response(readable))
  const come: string[] = []
  const loading = load({ wants: ['a@1.0.0'] }, (lines) => come.push(new TextDecoder().decode(lines)))
  const writer = writable.getWriter()
  const write = (text: string) => writer.write(new TextEncoder().encode(text))
  await write(first + second.slice(0, 10))
  await vi.waitFor(() => expect(come).toEqual([first]))
  await write(second.slice(10, 20))
  await write(`${second.slice(20)}{"for":`)
  await vi.waitFor(() => expect(come).toEqual([first, second]))
  await write('1')
  await writer.close()
  const textOf = (outcome: Awaited<ReturnType<typeof load>>) =>
    outcome.ok ? new TextDecoder().decode(outcome.answer.data) : outcome.message
  // A line that breaks off is for whoever reads them to complain about.
  expect(textOf(await loading)).toMatch(/JSON/)

  const whole = create(() => new Response(first + second))
  come.length = 0
  expect(textOf(await whole.load({ wants: ['a@1.0.0'] }, (lines) => come.push(new TextDecoder().decode(lines))))).toBe(
    '',
  )
  expect(come.join('')).toBe(first + second)
  expect(textOf(await whole.load({ wants: ['a@1.0.0'] }))).toBe(first + second)
  expect([asked.length, whole.asked.length]).toEqual([1, 1])
})

it('keeps no answer that is not whole', async () => {
  const error = { code: 'upstream_timeout', message: 'too slow' }
  const failed = JSON.stringify({ for: { name: 'b', wanted: '1' }, error })
  const { load, asked, kept } = create(() => new Response(`${line('a', '1.0.0')}${failed}\n`))
  for (let count = 0; count < 2; count++) expect(await load({ wants: ['a@1.0.0'] })).toMatchObject({ ok: true })
  expect(asked).toHaveLength(2)
  expect(kept.size).toBe(0)
})

it('gives all that it has kept when nobody can be asked', async () => {
  let answer: () => Response | Promise<Response> = () => new Response(line('a', '1.0.0'))
  const { load } = create(() => answer())
  await load({ wants: ['a@1.0.0'] })
  answer = () => new Response(line('b', '2.0.0'))
  await load({ wants: ['b@2.0.0'] })
  answer = offline
  for (const request of [{ wants: ['a@1.0.0', 'b@*'] }, { wants: ['b@*'], cachedOnly: true }]) {
    const outcome = await load(request)
    const text = outcome.ok ? new TextDecoder().decode(outcome.answer.data) : outcome.code
    expect(text).toBe(line('a', '1.0.0') + line('b', '2.0.0'))
    expect(outcome).toMatchObject({ answer: { cached: true } })
  }
})

it('asks nobody for wants that are none, and says when there is no server and nothing kept', async () => {
  const { load, asked } = create(offline)
  for (const wants of [[], ['a'], ['a@file:..'], ['../x@1']])
    expect(await load({ wants })).toMatchObject({ ok: false, code: 'EINVAL' })
  expect(asked).toEqual([])
  expect(await load({ wants: ['a@1'] })).toMatchObject({ ok: false, code: 'ENETWORK' })
})
