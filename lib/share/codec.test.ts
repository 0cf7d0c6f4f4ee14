import { createInflateRaw } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeUtf8, toBase64Url } from '@/lib/base'
import type { FileData } from '@/lib/workspace'
import { decodeProject, encodeProject, type SharedProject } from './codec'
import { deflateRaw } from './deflate'
import { ShareRefused, shareLimits } from './limits'

function project(files: Record<string, FileData>, rest: Partial<SharedProject> = {}): SharedProject {
  return { name: 'Demo', files: new Map(Object.entries(files)), ...rest }
}

async function link(value: unknown): Promise<string> {
  return `v1.${toBase64Url(await deflateRaw(encodeUtf8(typeof value === 'string' ? value : JSON.stringify(value))))}`
}

async function refusal(text: string): Promise<string> {
  const result = await decodeProject(text)
  if (result.ok) return 'accepted'
  expect(result.message).toMatch(/^[A-Z“].{10,}\.$/s)
  return result.reason
}

describe('round trip', () => {
  test('keeps text, binary files, trace and maker', async () => {
    const original = project(
      {
        'src/main.ts': 'export const a = 1\r\n// ü 🎉',
        'logo.png': new Uint8Array([0, 255, 128, 10]),
        '.env.example': '',
        '1': 'one',
      },
      { trace: [{ seq: 1, type: 'turn-start' }], createdBy: 'vitrine 0.1.0' },
    )
    const decoded = await decodeProject(`#${await encodeProject(original)}`)
    expect(decoded).toEqual({ ok: true, project: original })
  })

  test('keeps the symbolic links that stay inside the project', async () => {
    const links = new Map([
      ['src/current', '../a.txt'],
      ['src/out', '../../a.txt'],
      ['a.txt', 'b.txt'],
      ['root', '/etc'],
    ])
    const decoded = await decodeProject(await encodeProject(project({ 'a.txt': '' }, { links })))
    expect(decoded).toMatchObject({ ok: true, project: { links: new Map([['src/current', '../a.txt']]) } })
  })

  test('takes no link that leads out of the project, whoever made it', async () => {
    const links = { ok: 'a.txt', up: '..', deep: 'x/../../y', '../b': 'a.txt', n: 7, 'a.txt/below': 'a.txt' }
    const decoded = await decodeProject(await link({ v: 1, name: 'Demo', files: { 'a.txt': '' }, links }))
    expect(decoded).toMatchObject({ ok: true, project: { links: new Map([['ok', 'a.txt']]) } })
  })

  test('keeps what is executable, and says nothing where that can be seen by the files', async () => {
    const files = { 'run.sh': '#!/bin/sh', tool: new Uint8Array([0x7f]), 'a.txt': '' }
    const roundTrip = async (paths: string[]) =>
      decodeProject(await encodeProject(project(files, { executables: new Set(paths) })))
    expect(await roundTrip(['tool', 'gone', 'a.txt'])).toEqual({
      ok: true,
      project: project(files, { executables: new Set(['a.txt', 'tool']) }),
    })
    expect(await roundTrip([])).toEqual({ ok: true, project: project(files, { executables: new Set() }) })
    expect(await roundTrip(['run.sh'])).toEqual({ ok: true, project: project(files) })
  })

  test('takes nothing for executable that is no file of the project', async () => {
    const executables = ['a.txt', '../b', 7, null]
    const decoded = await decodeProject(await link({ v: 1, name: 'Demo', files: { 'a.txt': '' }, executables }))
    expect(decoded).toMatchObject({ ok: true, project: { executables: new Set(['a.txt']) } })
    const odd = await decodeProject(await link({ v: 1, name: 'Demo', files: {}, executables: 'a.txt' }))
    expect(odd).toEqual({ ok: true, project: project({}) })
  })

  test('writes equal projects as equal text, whatever the order of their files', async () => {
    const forwards = await encodeProject(project({ a: '1', b: '2', c: '3' }))
    const backwards = await encodeProject(project({ c: '3', b: '2', a: '1' }))
    expect(backwards).toBe(forwards)
  })

  test('is plain base64url(deflate-raw(JSON)), readable without this module', async () => {
    const text = await encodeProject(project({ 'a.txt': 'hi', 'b.bin': new Uint8Array([255]) }))
    const inflate = createInflateRaw()
    inflate.end(Buffer.from(text.slice(3), 'base64url'))
    const json = JSON.parse(Buffer.concat(await inflate.toArray()).toString())
    expect(json).toEqual({ v: 1, name: 'Demo', files: { 'a.txt': 'hi', 'b.bin': { base64: '/w==' } } })
  })

  test('cleans names of control and direction characters', async () => {
    const decoded = await decodeProject(await link({ v: 1, name: '\u202Eevil\n<img onerror>', files: {} }))
    expect(decoded.ok && decoded.project.name).toBe('evil <img onerror>')
  })

  for (const seed of [1, 20260101, 728608]) {
    test(`holds for any files (seed ${seed})`, async () => {
      const path = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}[a-z]$/)
      const data = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.uint8Array({ min: 0, max: 255 }).map((bytes) => new Uint8Array(bytes)),
      )
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(fc.tuple(path, data), { selector: ([name]) => name }), async (entries) => {
          const original = project(Object.fromEntries(entries.map(([name, content]) => [`dir/${name}`, content])))
          expect(await decodeProject(await encodeProject(original))).toEqual({ ok: true, project: original })
        }),
        { seed, numRuns: 60 },
      )
    })

    test(`never throws on mutated links (seed ${seed})`, async () => {
      const good = await encodeProject(project({ 'a.ts': 'export const answer = 42\n'.repeat(20) }))
      await fc.assert(
        fc.asyncProperty(fc.nat(good.length - 1), fc.string({ maxLength: 4 }), fc.nat(5), async (at, insert, cut) => {
          const result = await decodeProject(good.slice(0, at) + insert + good.slice(at + cut))
          expect(typeof result.ok).toBe('boolean')
        }),
        { seed, numRuns: 150 },
      )
    })
  }
})

describe('refusals', () => {
  test.each([
    ['', 'not-a-share'],
    ['hello', 'not-a-share'],
    ['v1.', 'damaged'],
    ['v1.@@@', 'damaged'],
    ['v1.AAAA', 'damaged'],
    ['v2.AAAA', 'newer-version'],
  ])('answers %j with %s', async (text, reason) => {
    expect(await refusal(text)).toBe(reason)
  })

  test('finds a cut link damaged', async () => {
    const whole = await encodeProject(
      project({ 'a.ts': Array.from({ length: 500 }, (_, n) => `line ${n * 7919}`).join('\n') }),
    )
    expect(await refusal(whole.slice(0, whole.length >> 1))).toBe('damaged')
  })

  test.each([
    ['[1,2', 'damaged'],
    ['[]', 'bad-shape'],
    ['{"v":1}', 'bad-shape'],
    ['{"v":"1","name":"a","files":{}}', 'bad-shape'],
    ['{"v":2,"name":"a","files":{}}', 'newer-version'],
    ['{"v":1,"name":1,"files":{}}', 'bad-shape'],
    ['{"v":1,"name":"a","files":[]}', 'bad-shape'],
    ['{"v":1,"name":"a","files":{"a":1}}', 'bad-shape'],
    ['{"v":1,"name":"a","files":{"a":{"base64":"***"}}}', 'bad-shape'],
    ['{"v":1,"name":"a","files":{},"trace":{}}', 'bad-shape'],
    [`{"v":1,"name":"a","files":{},"trace":${'['.repeat(100)}${']'.repeat(100)}}`, 'bad-shape'],
    ['{"v":1,"name":"a","files":{"__proto__":"x"}}', 'bad-path'],
  ])('answers the payload %s with %s', async (json, reason) => {
    expect(await refusal(await link(json))).toBe(reason)
  })

  test.each([
    ['../up.ts'],
    ['/etc/passwd'],
    ['C:\\x'],
    ['a//b'],
    ['a/./b'],
    ['nul\u0000l'],
    ['rtl\u202Egpj.exe'],
    ['x'.repeat(261)],
    ['constructor'],
    ['toString'],
    ['a/__proto__/b'],
    [`${'d/'.repeat(20)}f`],
  ])('refuses the path %j', async (path) => {
    expect(await refusal(await link({ v: 1, name: 'a', files: { [path]: '' } }))).toBe('bad-path')
    await expect(encodeProject(project({ [path]: '' }))).rejects.toThrow(ShareRefused)
  })

  test.each([
    ['case', { 'Readme.md': '', 'readme.md': '' }],
    ['Unicode form', { 'é.txt': '', 'e\u0301.txt': '' }],
    ['file and folder', { a: '', 'a/b': '' }],
  ])('refuses paths that differ by %s alone', async (_, files) => {
    expect(await refusal(await link({ v: 1, name: 'a', files }))).toBe('bad-path')
  })

  test('refuses more than 2,000 files', async () => {
    const files = Object.fromEntries(Array.from({ length: shareLimits.files + 1 }, (_, n) => [`f${n}`, `${n}`]))
    expect(await refusal(await link({ v: 1, name: 'a', files }))).toBe('too-many-files')
  })

  test('refuses 10 MB of base64 before it looks inside', async () => {
    const startedAt = performance.now()
    expect(await refusal(`v1.${'A'.repeat(10 * 1024 * 1024)}`)).toBe('too-large')
    expect(performance.now() - startedAt).toBeLessThan(100)
  })

  test('stops a bomb of 200 MB within 100 ms', async () => {
    const bomb = `v1.${toBase64Url(await deflateRaw(new Uint8Array(200 * 1024 * 1024)))}`
    await refusal(bomb)
    const startedAt = performance.now()
    expect(await refusal(bomb)).toBe('too-compressed')
    expect(performance.now() - startedAt).toBeLessThan(100)
  })

  test('never writes a link that it would refuse to read', async () => {
    await expect(encodeProject(project({ 'zeros.txt': '0'.repeat(2_000_000) }))).rejects.toMatchObject({
      reason: 'too-compressed',
    })
    const noise = Array.from({ length: 60_000 }, (_, n) => Math.sin(n)).join(' ')
    await expect(
      encodeProject(project({ 'a.txt': noise, 'b.txt': [...noise].reverse().join('') })),
    ).rejects.toMatchObject({ reason: 'too-large' })
  })
})
