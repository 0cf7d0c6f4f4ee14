import { expect, it } from 'vitest'
import { labelOf, parseWant } from './want'
import { wantOf, wantOfWord } from './want-of'

it.each(['react@^19.0.0', '@types/node@*', 'a@1.x || >=2.5.0 || 5.0.0 - 7.2.3', 'a@latest', 'a@~1.0.0-beta.1+build'])(
  'reads %s and writes it again',
  (label) => {
    const want = parseWant(label)
    expect(want && labelOf(want)).toBe(label)
  },
)

it.each([
  '',
  'react',
  'react@',
  '@types/node',
  '../v1@1',
  '.npmrc@1',
  'a/b@1',
  'a@file:../b',
  'a@https://evil.example',
  'a@1\n',
  'node_modules@1',
  `a@${'1'.repeat(201)}`,
])('refuses %j', (label) => expect(parseWant(label)).toBeNull())

it('knows what a line of dependencies asks of the registry', () => {
  expect(wantOf('a', '^1.0.0')).toEqual({ name: 'a', wanted: '^1.0.0' })
  expect(wantOf('a', '')).toEqual({ name: 'a', wanted: '*' })
  expect(wantOf('a', 'npm:@scope/b@~2.0.0')).toEqual({ name: '@scope/b', wanted: '~2.0.0' })
  for (const elsewhere of ['file:../b', 'git+https://x.example/y.git', 'user/repository', 'https://x.example/y.tgz'])
    expect(wantOf('a', elsewhere)).toBeNull()
  expect(wantOf('', '^1')).toBeNull()
})

it('knows what a word of a command line asks of the registry', () => {
  expect(wantOfWord('react')).toEqual({ name: 'react', wanted: '*' })
  expect(wantOfWord('react@beta')).toEqual({ name: 'react', wanted: 'beta' })
  expect(wantOfWord('r@npm:react@19')).toEqual({ name: 'react', wanted: '19' })
  expect(wantOfWord('./folder')).toBeNull()
})
