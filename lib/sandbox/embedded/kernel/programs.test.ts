import { getCommandNames } from 'just-bash/browser'
import { describe, expect, it } from 'vitest'
import { splitPlainCommand } from './command-line'
import { machineCommands, resolveArgv, resolveLine, shellCommands } from './programs'

describe('splitPlainCommand', () => {
  it.each([
    ['node a.js', ['node', 'a.js']],
    [`  node 'a b.js'  "c d" `, ['node', 'a b.js', 'c d']],
    ['vitest run --reporter=json', ['vitest', 'run', '--reporter=json']],
    [`node -e 'for (;;) {}; $x'`, ['node', '-e', 'for (;;) {}; $x']],
    [`node ""`, ['node', '']],
  ])('reads %s as words', (line, words) => {
    expect(splitPlainCommand(line)).toEqual(words)
  })

  it.each([
    'node a.js | cat',
    'node a.js > out',
    'A=1 node a.js',
    'node "$x"',
    'node *.js',
    'cd a && node b',
    "node 'open",
    `node a"b"c`,
    'node a\nnode b',
    'node ~/a.js',
    'node {a,b}.js',
    '',
  ])('leaves %j to the shell', (line) => {
    expect(splitPlainCommand(line)).toBeNull()
  })
})

describe('resolveLine', () => {
  it('runs a known program without a shell', () => {
    expect(resolveLine('npm test')).toEqual({ kind: 'run', bundle: 'process', argv: ['npm', 'test'] })
  })
  it('sees through `bash -lc`', () => {
    expect(resolveLine(`bash -lc 'npm test'`)).toEqual({ kind: 'run', bundle: 'process', argv: ['npm', 'test'] })
  })
  it('starts a shell for everything else', () => {
    expect(resolveLine('ls -la')).toEqual({ kind: 'run', bundle: 'shell', argv: ['sh', '-c', 'ls -la'] })
    expect(resolveLine('npm test && ls')).toMatchObject({ bundle: 'shell' })
  })
  it('loads git by itself', () => {
    expect(resolveLine('git status')).toEqual({ kind: 'run', bundle: 'git', argv: ['git', 'status'] })
  })
  it('is not fooled by names of object properties', () => {
    expect(resolveLine('constructor')).toMatchObject({ bundle: 'shell' })
  })
})

it('quotes the arguments of what a shell has to run', () => {
  expect(resolveArgv(['ls', "it's"])).toEqual({
    kind: 'run',
    bundle: 'shell',
    argv: ['sh', '-c', String.raw`ls 'it'\''s'`],
  })
})

it('finds a program by its path', () => {
  expect(resolveArgv(['/usr/bin/node', 'a.js'])).toMatchObject({ bundle: 'process', argv: ['node', 'a.js'] })
})

it('knows by name what only the shell can run', () => {
  const others = getCommandNames().filter((name) => !machineCommands.includes(name))
  expect([...shellCommands].sort()).toEqual(others.sort())
})
