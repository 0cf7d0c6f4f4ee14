import { expect, test } from 'vitest'
import { headlineOf } from './headline'

test.each([
  [{ state: 'done', title: 'Read src/x.ts', detail: 'src/x.ts:1–60' }, 'Read', 'src/x.ts:1–60'],
  [{ state: 'done', title: 'Run npm test', detail: 'npm test' }, 'Run', 'npm test'],
  [{ state: 'done', title: 'Search “total”', detail: 'text in src' }, 'Search', '“total” · text in src'],
  [{ state: 'done', title: 'Patch 2 files', detail: '' }, 'Patch', '2 files'],
  [{ state: 'waiting', title: 'Run a command', detail: 'rm -r build\necho done' }, 'Run a command', 'rm -r build'],
] as const)('%o reads %s, %s', (part, verb, target) => {
  expect(headlineOf(part)).toEqual({ verb, target })
})
