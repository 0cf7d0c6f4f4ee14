import { describe, expect, it } from 'vitest'
import { findCommand, isNodeAt } from './find-command'
import { programOf, systemFiles } from './system-files'
import { createFakeHost } from './testing/fake-host'
import { createVirtualFs } from './virtual-fs'

const root = '/home/project'
const { host } = createFakeHost(['node'], {
  'tool.js': '#!/usr/bin/env node\n',
  'tool.sh': '#!/bin/sh\necho',
  'flags.js': '#!/usr/bin/env -S node --no-warnings\n',
  'plain.txt': 'text',
  'bare.sh': 'echo',
  'off.sh': '#!/bin/sh\n',
  'node_modules/.bin/off': '#!/bin/sh\n',
  'node_modules/.bin/ls': '#!/bin/sh\n',
  'node_modules/.bin/eslint': '#!/usr/bin/env node\n',
})
for (const path of ['off.sh', 'node_modules/.bin/off', 'node_modules/.bin/ls']) host.fs.chmod(`${root}/${path}`, 0o644)
host.fs.chmod(`${root}/bare.sh`, 0o755)
const find = (...argv: string[]) =>
  findCommand(host.fs, argv, { cwd: root, path: `${root}/node_modules/.bin:/usr/local/bin:/usr/bin:/bin` })

describe('findCommand', () => {
  it.each([
    [
      ['node', 'a.js'],
      ['node', 'a.js'],
    ],
    [
      ['/usr/local/bin/node', 'a.js'],
      ['node', 'a.js'],
    ],
    [
      ['/bin/sh', '-c', 'x'],
      ['sh', '-c', 'x'],
    ],
    [
      ['ls', '-l'],
      ['ls', '-l'],
    ],
    [['/bin/ls'], ['ls']],
    [
      ['./tool.js', '1'],
      ['node', `./tool.js`, '1'],
    ],
    [[`${root}/tool.sh`], ['sh', `${root}/tool.sh`]],
    [
      ['./bare.sh', '1'],
      ['sh', `./bare.sh`, '1'],
    ],
    [['./flags.js'], ['node', '--no-warnings', `./flags.js`]],
    [
      ['eslint', '.'],
      ['node', `${root}/node_modules/.bin/eslint`, '.'],
    ],
  ])('runs %j as %j', (argv, expected) => {
    expect(find(...argv)).toEqual(expected)
  })

  it.each([
    ['no-such-thing', 'ENOENT'],
    ['./nowhere', 'ENOENT'],
    ['./plain.txt', 'EACCES'],
    ['./off.sh', 'EACCES'],
    ['off', 'EACCES'],
    [root, 'EACCES'],
  ])('answers %s with %s', (name, code) => {
    expect(find(name)).toBe(code)
  })
})

describe('systemFiles', () => {
  const fs = createVirtualFs([...systemFiles()])

  it('has each command under the names that scripts use', () => {
    expect(
      ['/bin/sh', '/usr/bin/node', '/usr/bin/env', '/bin/ls', '/dev/null'].filter((path) => !fs.exists(path)),
    ).toEqual([])
    expect(fs.stat('/usr/bin/node')).toMatchObject({ kind: 'file', mode: 0o755 })
  })

  it('runs a command whose file was copied elsewhere', () => {
    fs.mkdir('/tmp')
    fs.writeFile('/tmp/my-node', fs.readFile('/usr/bin/node'))
    fs.chmod('/tmp/my-node', 0o755)
    expect(findCommand(fs, ['/tmp/my-node', '-v'], { cwd: '/', path: '' })).toEqual(['node', '-v'])
    expect(findCommand(fs, ['./my-node'], { cwd: '/tmp', path: '' })).toEqual(['node'])
    expect(isNodeAt(fs, '/tmp/my-node')).toBe(true)
    expect(isNodeAt(fs, '/bin/ls')).toBe(false)
  })

  it('takes no name that is not a command', () => {
    expect(programOf('#!/usr/lib/vitrine/program constructor')).toBeNull()
  })
})
