import npmDefaults from 'npm-registry-fetch/lib/default-opts.js'
import { describe, expect, it } from 'vitest'
import { baseUrlProblem, readEnv } from './env'

it('stands on its own: without variables the scripted model answers', () => {
  expect(readEnv({})).toEqual({
    openAiKey: null,
    isOwnKey: false,
    ownKeys: true,
    upstream: null,
    models: null,
    moderationModel: null,
    apiTokens: [],
    publicUrl: null,
    sandboxOrigin: null,
    registryUrl: npmDefaults.registry.replace(/\/$/, ''),
    toolServers: [],
    toolServerTokens: new Map(),
    ownToolServers: null,
    trustedProxyHops: 0,
    requestsPerMinute: 300,
    upstreamIdleMs: 60_000,
  })
})

it('takes OpenAI when only a key is given, and empty variables for none', () => {
  expect(readEnv({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: '' }).upstream).toBe('https://api.openai.com/v1')
})

it('names the variable that is wrong and never its value', () => {
  const read = () =>
    readEnv({
      OPENAI_BASE_URL: 'http://evil.example/v1?key=hush',
      VITRINE_API_TOKENS: 'short-hush',
      VITRINE_REQUESTS_PER_MINUTE: 'many',
    })
  expect(read).toThrow(/OPENAI_BASE_URL: must be https/)
  expect(read).toThrow(/VITRINE_API_TOKENS: .*16 characters/)
  expect(read).toThrow(/VITRINE_REQUESTS_PER_MINUTE: must be a whole number/)
  expect(read).not.toThrow(/hush/)
})

describe('VITRINE_REGISTRY_URL', () => {
  it.each([
    ['https://npm.example.org/', 'https://npm.example.org'],
    ['http://verdaccio:4873', 'http://verdaccio:4873'],
    ['https://user:token@npm.example.org/npm', 'https://user:token@npm.example.org/npm'],
  ])('can be %s', (url, expected) => expect(readEnv({ VITRINE_REGISTRY_URL: url }).registryUrl).toBe(expected))

  it.each(['registry', 'ftp://npm.example.org', 'https://npm.example.org/?x=1', 'http://user:hush@npm.example.org'])(
    'cannot be %s, and the value is not repeated',
    (url) => {
      const read = () => readEnv({ VITRINE_REGISTRY_URL: url })
      expect(read).toThrow(/^VITRINE_REGISTRY_URL: must/)
      expect(read).not.toThrow(/hush/)
    },
  )
})

describe('VITRINE_MCP_SERVERS', () => {
  it('is a list of whole addresses, each once', () => {
    const text = 'https://tools.example.org/mcp, http://localhost:8100/mcp/ ,https://tools.example.org/mcp,'
    expect(readEnv({ VITRINE_MCP_SERVERS: text }).toolServers).toEqual([
      'https://tools.example.org/mcp',
      'http://localhost:8100/mcp/',
    ])
  })

  it.each([
    'http://tools.example.org/mcp',
    'https://tools.example.org/mcp,https://169.254.169.254/hush',
    'https://user:hush@tools.example.org/mcp',
    'https://tools.example.org/mcp?token=hush',
    'hush',
    Array.from({ length: 33 }, (_, index) => `https://tools.example.org/hush${index}`).join(','),
  ])('cannot be %s, and the value is not repeated', (text) => {
    const read = () => readEnv({ VITRINE_MCP_SERVERS: text })
    expect(read).toThrow(/^VITRINE_MCP_SERVERS: holds /)
    expect(read).not.toThrow(/hush/)
  })
})

describe('VITRINE_MCP_TOKENS', () => {
  const servers = 'https://tools.example.org/mcp, http://localhost:8100/mcp'

  it('gives servers their tokens', () => {
    const tokens = 'https://tools.example.org/mcp hush-hush-1,  http://localhost:8100/mcp  hush=hush/2+~'
    const read = readEnv({ VITRINE_MCP_SERVERS: servers, VITRINE_MCP_TOKENS: tokens }).toolServerTokens
    expect([...read]).toEqual([
      ['https://tools.example.org/mcp', 'hush-hush-1'],
      ['http://localhost:8100/mcp', 'hush=hush/2+~'],
    ])
    expect(readEnv({}).toolServerTokens.size).toBe(0)
  })

  it.each(['hush-hush-1', 'https://tools.example.org/mcp hush hush-1', 'https://tools.example.org/other hush-hush-1'])(
    'cannot be %s, and the value is not repeated',
    (text) => {
      const read = () => readEnv({ VITRINE_MCP_SERVERS: servers, VITRINE_MCP_TOKENS: text })
      expect(read).toThrow(/^VITRINE_MCP_TOKENS: /)
      expect(read).not.toThrow(/hush/)
    },
  )
})

describe('OPENAI_BASE_URL', () => {
  it.each([
    'https://api.openai.com/v1',
    'http://localhost:11434/v1',
    'http://127.0.0.1:1234/v1/',
    'http://[::1]:8000/v1',
    'https://llm.example.org:8443/openai/v1',
  ])('can be %s', (url) => expect(baseUrlProblem(url)).toBeNull())

  it.each([
    'http://llm.example.org/v1',
    'https://169.254.169.254/v1',
    'https://user:pw@llm.example.org/v1',
    'https://llm.example.org/v1?x=1',
    'https://LLM.example.org/v1',
    'https://llm.example.org/a/../v1',
    'http://2130706433/v1',
    'https://metadata.google.internal/',
    'file:///etc/passwd',
    'https://[::ffff:a9fe:a9fe]/v1',
    'ftp://x',
    '',
  ])('cannot be %j', (url) => expect(baseUrlProblem(url)).not.toBeNull())
})

describe('the second origin', () => {
  const read = (sandbox: string, ide = 'https://ide.example.org') =>
    readEnv({ VITRINE_SANDBOX_ORIGIN: sandbox, VITRINE_PUBLIC_URL: ide }).sandboxOrigin

  it.each([
    ['https://preview.example.org', 'https://ide.example.org'],
    ['http://preview.vitrine.localhost:3000', 'http://ide.vitrine.localhost:3000'],
  ])('can be %s', (sandbox, ide) => expect(read(sandbox, ide)).toBe(sandbox))

  it.each([
    ['http://preview.example.org', 'https'],
    ['https://192.0.2.7', 'name'],
    ['https://[::1]:8080', 'name'],
    ['https://ide.example.org', 'above'],
    ['https://example.org', 'above'],
    ['https://preview.example.org/path', 'origin only'],
  ])('cannot be %s', (sandbox, why) =>
    expect(() => read(sandbox)).toThrow(new RegExp(`VITRINE_SANDBOX_ORIGIN: .*${why}`)),
  )

  it('needs to know who may show it', () => {
    expect(() => readEnv({ VITRINE_SANDBOX_ORIGIN: 'https://preview.example.org' })).toThrow(/needs VITRINE_PUBLIC_URL/)
  })
})
