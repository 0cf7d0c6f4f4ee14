import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GET } from '@/app/api/mcp/route'
import { firstRewrite } from '@/lib/agent/testing/append-only'
import { call, reply, say } from '@/lib/agent/testing/scripted'
import { type StandInServer, startToolServer } from '@/lib/agent/testing/tool-server'
import { createWorld, ofType, outputs, run } from '@/lib/agent/testing/world'
import { declaredTarget, endToolSession, handle, toolMessage } from '@/lib/server'
import { pageRequest } from '@/lib/server/testing/loopback'
import { createPageStorage } from '../testing/page-storage'
import { createDeclaredServers } from './declared-servers'
import { createToolServers } from './tool-servers'

const never = new AbortController().signal
const address = 'https://tools.example/mcp'
const token = 'hush-hush-0123'
const note = { name: 'find_note', description: 'Finds a note.', annotations: { readOnlyHint: true } }

let server: StandInServer
let browser = createPageStorage()
let tab = createPageStorage()

/** Our routes, as a page reaches them; whatever a user declares leads to the stand-in. */
const target = declaredTarget((_address, message) => fetch(server.address, { ...message, redirect: 'manual' }))
const post = handle({ access: 'write', body: 'json' }, toolMessage(target))
const end = handle({ access: 'write' }, endToolSession(target))
const fetchRoutes: typeof globalThis.fetch = async (input, init = {}) => {
  const { body, ...rest } = init
  const request = pageRequest(String(input), body ?? undefined, rest)
  if (request.method === 'GET') return GET(request)
  return request.method === 'DELETE' ? end(request) : post(request)
}

const reload = () => createDeclaredServers({ browser: () => browser, tab: () => tab })

/** A project opened in a page that knows the declared servers. */
function openProject(declared: ReturnType<typeof reload>, remembered?: unknown) {
  const project = { kept: remembered }
  const { api, turn } = createToolServers({
    assertMayRun() {},
    declared,
    remembered,
    remember(value) {
      project.kept = structuredClone(value)
    },
    fetch: fetchRoutes,
  })
  return { api, turn, project, shown: () => api.state.getState().servers }
}

const entry = { address, name: 'Notes', token: '', keepInTab: false }

beforeEach(async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {})
  vi.stubEnv('VITRINE_OWN_MCP_SERVERS', undefined)
  vi.stubEnv('VITRINE_MCP_SERVERS', undefined)
  browser = createPageStorage()
  tab = createPageStorage()
  server = await startToolServer({ tools: [note] })
})
afterEach(async () => {
  await server.close()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('a server that the user declares', () => {
  it('is the user’s in every project, off in each until it is switched on there', async () => {
    const first = openProject(reload())
    await first.api.declare(entry)
    expect(first.shown()).toMatchObject([{ address, name: 'Notes', isOwn: true, id: 'own', on: false, tools: [] }])
    expect(server.messages).toEqual([])
    await first.api.setOn(address, true)
    expect(first.turn.enabled()).toMatchObject([{ name: 'Notes', address, tools: [{ name: 'find_note' }] }])
    const called = await first.turn.call({ address, tool: 'find_note', arguments: {} }, never)
    expect(called).toEqual({ ok: true, text: 'find_note ran' })

    const second = openProject(reload())
    expect(second.shown()).toMatchObject([{ address, name: 'Notes', on: false }])
    await second.api.load()
    expect(second.shown()).toMatchObject([{ address, name: 'Notes', on: false }])
    const again = openProject(reload(), first.project.kept)
    expect(again.turn.enabled()).toMatchObject([{ name: 'Notes', tools: [{ name: 'find_note' }] }])
  })

  it('stays for this page when the browser has no room to store it, and is stored once it has', () => {
    const declared = reload()
    declared.save({ address: `${address}/first`, name: '' })
    const { setItem } = browser
    browser.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    declared.save({ address, name: 'Notes' })
    expect(declared.list()).toMatchObject([{ address: `${address}/first` }, { address }])
    expect(reload().list()).toHaveLength(1)
    browser.setItem = setItem
    declared.remove(`${address}/first`)
    expect(reload().list()).toEqual([{ address, name: 'Notes' }])
  })

  it('cannot be declared by what is stored with a project', async () => {
    const planted = [{ address, isOwn: true, on: true, tools: [{ ...note, inputSchema: {}, on: true }] }]
    const { api, turn, shown } = openProject(reload(), planted)
    expect([shown(), turn.enabled()]).toEqual([[], []])
    await api.load()
    expect(shown()).toEqual([])
    const listed = openProject(reload(), [{ ...planted[0], isOwn: false }])
    await expect(listed.turn.call({ address, tool: 'find_note', arguments: {} }, never)).rejects.toThrow('not allow')
    expect(server.messages).toEqual([])
  })

  it('is gone everywhere once it is removed, also in a page that shows it still', async () => {
    const first = openProject(reload())
    await first.api.declare(entry)
    await first.api.setOn(address, true)
    const other = openProject(reload(), first.project.kept)
    await first.api.remove(address)
    expect([first.shown(), first.turn.enabled(), server.sessions.size]).toEqual([[], [], 0])
    server.messages.splice(0)
    expect(other.turn.enabled()).toEqual([])
    await expect(other.turn.call({ address, tool: 'find_note', arguments: {} }, never)).rejects.toThrow('removed')
    expect(openProject(reload(), other.project.kept).shown()).toEqual([])
    expect(server.messages).toEqual([])
  })

  it('is not called where the operator does not allow it, or allows it itself', async () => {
    const declared = reload()
    declared.save({ address, name: '' })
    vi.stubEnv('VITRINE_OWN_MCP_SERVERS', 'off')
    const { api, shown } = openProject(declared)
    await api.load()
    expect(api.state.getState()).toMatchObject({ mayAdd: false, servers: [{ isOwn: true, id: null }] })
    await api.setOn(address, true)
    expect(shown()).toMatchObject([{ on: false, problem: expect.stringContaining('does not allow') }])
    vi.stubEnv('VITRINE_MCP_SERVERS', address)
    await api.load()
    expect(shown()).toMatchObject([{ isOwn: false, id: expect.stringMatching(/^[\w-]{22}$/) }])
    expect(server.messages).toEqual([])
  })
})

describe('its token', () => {
  it('goes along with each request and is kept nowhere but in memory, or in the tab when the user says so', async () => {
    const declared = reload()
    const { api, shown, project } = openProject(declared)
    await api.declare({ ...entry, token })
    await api.setOn(address, true)
    expect(server.headers.map(({ authorization }) => authorization)).toEqual(Array(3).fill(`Bearer ${token}`))
    expect(shown()).toMatchObject([{ token: 'memory' }])
    const stored = () =>
      browser.text() + tab.text() + JSON.stringify(project.kept) + JSON.stringify(api.state.getState())
    expect(stored()).not.toContain(token)
    expect(openProject(reload()).shown()).toMatchObject([{ token: 'none' }])

    await api.declare({ ...entry, token, keepInTab: true }, address)
    expect(openProject(reload()).shown()).toMatchObject([{ token: 'tab' }])
    expect(browser.text() + JSON.stringify(project.kept)).not.toContain(token)
    await api.forgetToken(address)
    expect(shown()).toMatchObject([{ token: 'none' }])
    expect(stored()).not.toContain(token)
  })

  it('stays with its address: another one does not get it', async () => {
    const { api, shown } = openProject(reload())
    await api.declare({ ...entry, token })
    const moved = 'https://moved.example/mcp'
    await api.declare({ ...entry, address: moved }, address)
    expect(shown()).toMatchObject([{ address: moved, token: 'none', on: false }])
    await api.check({ address: moved, token: '' }, never)
    expect(server.headers.some(({ authorization }) => authorization !== undefined)).toBe(false)
    await api.declare({ ...entry, address: moved, name: 'Other' }, moved)
    expect(shown()).toMatchObject([{ address: moved, name: 'Other' }])
  })
})

describe('a check', () => {
  it('says who is there and changes nothing', async () => {
    const { api, shown } = openProject(reload())
    expect(await api.check({ address, token }, never)).toEqual({
      name: 'stand-in',
      version: '1',
      protocol: '2025-06-18',
      tools: 1,
    })
    expect(server.headers.every(({ authorization }) => authorization === `Bearer ${token}`)).toBe(true)
    await vi.waitFor(() => expect(server.sessions.size).toBe(0))
    expect([shown(), browser.text()]).toEqual([[], '[]'])
  })

  it('says exactly what is wrong', async () => {
    const { api } = openProject(reload())
    const problem = (to = address) =>
      api.check({ address: to, token: '' }, never).then(String, (error) => error.message)
    expect(await problem('https://10.0.0.1/mcp')).toContain('must lead to the public internet')
    await server.close()
    expect(await problem()).toContain('could not be reached')
    const answering = async (initialize: NonNullable<Parameters<typeof startToolServer>[0]>['initialize']) => {
      server = await startToolServer({ ...(initialize && { initialize }) })
      const said = await problem()
      await server.close()
      return said
    }
    expect(await answering((response) => response.writeHead(200, { 'content-type': 'text/html' }).end())).toContain(
      'may not speak MCP',
    )
    expect(await answering((response) => response.writeHead(404).end())).toContain('no MCP over streamable HTTP')
    expect(
      await answering((response) =>
        response.writeHead(401, { 'www-authenticate': 'Bearer resource_metadata="https://a.example"' }).end(),
      ),
    ).toContain('a sign-in by OAuth')
    server = await startToolServer({ version: '1999-01-01' })
    expect(await problem()).toContain('speaks version 1999-01-01')
  })
})

it('is asked about, marked as foreign, and told in items that are appended, like any other server’s', async () => {
  const project = openProject(reload())
  const world = createWorld({ approve: () => ({ decision: 'always' }) })
  const dependencies = { toolServers: project.turn }
  const use = (id: string) => reply(call(id, 'use_server_tool', { server: 'Notes', tool: 'find_note', arguments: {} }))
  const turns = [await run(world, [reply(say('None yet.'))], { dependencies })]
  await project.api.declare(entry)
  await project.api.setOn(address, true)
  turns.push(await run(world, [use('c1'), use('c2'), reply(say('Found.'))], { dependencies }))
  await project.api.remove(address)
  turns.push(await run(world, [use('c3'), reply(say('Gone.'))], { dependencies }))

  const events = turns.flatMap((turn) => turn.events)
  const rule = `use_server_tool ${address} find_note`
  // “Always” holds from the second time on: the first answer brought text from outside.
  expect(ofType(events, 'approval-request').map(({ approval }) => approval.rule)).toEqual([rule, rule])
  expect(ofType(events, 'taint').map(({ source }) => source)).toContain('text of “Notes find_note”')
  expect(outputs(events).c3).toContain('No tools of other servers can be used here')
  const requests = turns.flatMap((turn) => turn.requests)
  expect(firstRewrite(requests, events)).toBeNull()
  expect(new Set(requests.map(({ tools }) => JSON.stringify(tools))).size).toBe(1)
})
