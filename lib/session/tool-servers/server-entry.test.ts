import { expect, it } from 'vitest'
import { readEntry } from './server-entry'

const taken = [{ address: 'https://issues.example/mcp', name: 'Issues' }]
const read = (entry: { address?: string; name?: string; token?: string }) =>
  readEntry({ address: 'https://tools.example/mcp', name: '', token: '', keepInTab: false, ...entry }, taken)

it.each([
  ['tools.example/mcp', 'https://tools.example/mcp'],
  [' https://Tools.Example:443/mcp#top ', 'https://tools.example/mcp'],
  ['https://tools.example', 'https://tools.example/'],
])('takes the address “%s” as %s', (text, address) =>
  expect(read({ address: text })).toMatchObject({ ok: true, entry: { address } }),
)

it.each([
  ['', 'Write an address'],
  ['two words', 'Write an address'],
  ['http://tools.example/mcp', 'https://'],
  ['javascript://tools.example/mcp', 'https://'],
  ['https://user:pass@tools.example/mcp', 'no sign-in'],
  ['https://tools.example/mcp?key=1', '“?”'],
  ['https://issues.example/mcp', 'in the list already'],
])('refuses the address “%s”', (address, problem) =>
  expect(read({ address })).toMatchObject({ ok: false, field: 'address', problem: expect.stringContaining(problem) }),
)

it('takes a name that tells servers apart and cannot be mistaken for more', () => {
  expect(read({ name: '  My  notes ' })).toMatchObject({ ok: true, entry: { name: 'My notes' } })
  for (const name of ['issues', '<b>', 'a\u200bb', 'x'.repeat(41), '-']) {
    expect(read({ name }), name).toMatchObject({ ok: false, field: 'name' })
  }
})

it('takes a token with or without its scheme, and none that could be more than one header', () => {
  expect(read({ token: ' Bearer hush-hush-0123\n' })).toMatchObject({ ok: true, entry: { token: 'hush-hush-0123' } })
  for (const token of ['short', 'hush-hush\r\nx: y', 'hüsh-hush-0123']) {
    expect(read({ token }), token).toMatchObject({ ok: false, field: 'token' })
  }
})
