import { expect, it } from 'vitest'
import { parseRegistryPath } from './registry-path'

it.each([
  ['lodash', { kind: 'metadata', name: 'lodash' }],
  ['@types/node', { kind: 'metadata', name: '@types/node' }],
  ['JSONStream', { kind: 'metadata', name: 'JSONStream' }],
  ['lodash/-/lodash-4.17.21.tgz', { kind: 'tarball', name: 'lodash', file: 'lodash-4.17.21.tgz' }],
  ['@types/node/-/node-20.1.0.tgz', { kind: 'tarball', name: '@types/node', file: 'node-20.1.0.tgz' }],
])('reads %s', (path, expected) => {
  expect(parseRegistryPath(path)).toEqual(expected)
})

it.each([
  '',
  '/lodash',
  '../lodash',
  '..',
  '.npmrc',
  'lodash/',
  'lodash/latest',
  '@types%2fnode',
  'lodash?write=true',
  'lodash#x',
  '-/v1/search',
  '-/npm/v1/security/audits',
  '@scope',
  'a/b/c',
  'lodash/-/../../x.tgz',
  'lodash/-/x.tar',
  'http://evil.example/x',
  '//evil.example/x',
  'lodash\n',
  'node_modules',
  'a'.repeat(401),
])('refuses %j', (path) => {
  expect(parseRegistryPath(path)).toBeNull()
})
