import { expect, test } from 'vitest'
import { headlineOf } from './headline'

test.each([
  [{ state: 'done', title: 'Read src/x.ts', detail: 'src/x.ts:1–60' }, 'Read', 'src/x.ts:1–60'],
  [{ state: 'done', title: 'Run npm test', detail: 'npm test' }, 'Run', 'npm test'],
  [{ state: 'done', title: 'Search “total”', detail: 'text in src' }, 'Search', '“total” · text in src'],
  [{ state: 'done', title: 'Patch 2 files', detail: '' }, 'Patch', '2 files'],
  [{ state: 'waiting', title: 'Run a command', detail: 'rm -r build\necho done' }, 'Run a command', 'rm -r build'],
  [
    { state: 'done', title: 'Edit src/x.ts', detail: '*** Begin Patch\n*** Update File: src/x.ts\n' },
    'Edit',
    'src/x.ts',
  ],
  [{ state: 'done', title: 'Run cd lib\nls', detail: 'cd lib\nls' }, 'Run', 'cd lib'],
  [
    { state: 'waiting', title: 'Change a protected file', detail: '*** Begin Patch\n*** Update File: .env\n+A=1\n' },
    'Change a protected file',
    '.env',
  ],
] as const)('%o reads %s, %s', (part, verb, target) => {
  expect(headlineOf(part)).toEqual({ verb, target })
})
