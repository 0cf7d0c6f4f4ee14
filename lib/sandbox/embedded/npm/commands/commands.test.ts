import { describe, expect, it } from 'vitest'
import { createTestMachine } from '../testing/machine'
import { createTestRegistry } from '../testing/registry'

const manifest = (fields: object = {}) => ({ name: 'project', version: '1.0.0', ...fields })
const registryOfTools = () =>
  createTestRegistry(
    {
      name: 'tool',
      version: '1.0.0',
      manifest: { bin: 'cli.js', description: 'does things', license: 'MIT' },
      files: { 'cli.js': '' },
    },
    { name: 'tool', version: '1.2.0', manifest: { bin: 'cli.js' }, files: { 'cli.js': '' } },
    {
      name: 'create-thing',
      version: '2.0.0',
      manifest: { bin: { 'create-thing': 'index.js', ct: 'index.js' } },
      files: { 'index.js': '' },
    },
    { name: 'library', version: '3.0.0' },
  )

describe('npx', () => {
  it('runs a command of the project’s own, downloading nothing', async () => {
    const registry = registryOfTools()
    const machine = await createTestMachine({ 'package.json': manifest({ dependencies: { tool: '1.0.0' } }) }, registry)
    await machine.run('npm install')
    registry.asked.length = 0
    await machine.run('npx tool --flag -y')
    expect(machine.started).toEqual([['node', '/home/project/node_modules/.bin/tool', '--flag', '-y']])
    expect(registry.asked).toEqual([])
  })

  it('loads a package outside of the project otherwise, once, and says so', async () => {
    const registry = registryOfTools()
    const machine = await createTestMachine({ 'package.json': manifest() }, registry)
    const { stderr } = await machine.run('npx tool@1.0.0 x')
    expect(stderr).toBe('npm warn exec The following package was not found and will be installed: tool@1.0.0\n')
    expect(machine.started[0]).toEqual(['node', '/tmp/.npm/_npx/tool@1.0.0/node_modules/.bin/tool', 'x'])
    expect(machine.names('.')).toEqual(['package.json'])
    registry.asked.length = 0
    await machine.run('npx tool@1.0.0 y')
    expect(registry.asked).toEqual([])
  })

  it('says that a package has no command', async () => {
    const machine = await createTestMachine({}, registryOfTools())
    expect(await machine.run('npx library')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('library has no command'),
    })
  })

  it('takes the machine’s own programs without asking', async () => {
    const registry = registryOfTools()
    const machine = await createTestMachine({}, registry)
    await machine.run('npx tsc --noEmit')
    expect(machine.started).toEqual([['tsc', '--noEmit']])
    expect(registry.asked).toEqual([])
  })

  it.each([
    ['npm create thing app -- --template x', ['app', '--template', 'x']],
    ['npm init thing@latest app -- --template x', ['app', '--template', 'x']],
    ['pnpm create thing app --template x', ['app', '--template', 'x']],
    ['npm exec --package=create-thing -- ct app', ['app']],
  ])('makes of %s a run of create-thing', async (line, words) => {
    const machine = await createTestMachine({}, registryOfTools())
    expect(await machine.run(line)).toMatchObject({ code: 0 })
    expect(machine.started[0]?.slice(1)).toEqual([expect.stringMatching(/\/\.bin\/(?:create-thing|ct)$/), ...words])
  })
})

describe('npx', () => {
  const own = {
    'package.json': manifest({ bin: { mine: 'mine.js', 'mine-sh': 'mine.sh' } }),
    'mine.js': '#!/usr/bin/env node',
    'mine.sh': '#!/bin/sh',
    'inner/package.json': { name: 'inner', version: '1.0.0', bin: 'run.js' },
    'inner/run.js': '',
  }

  it.each([
    ['npx mine a', ['node', '/home/project/mine.js', 'a']],
    ['npx mine-sh a', ['sh', '/home/project/mine.sh', 'a']],
    ['npx ./inner b', ['node', '/home/project/inner/run.js', 'b']],
    ['npm exec mine -- -f', ['node', '/home/project/mine.js', '-f']],
  ])('%s runs a command of the project itself', async (line, argv) => {
    const registry = registryOfTools()
    const machine = await createTestMachine(own, registry)
    expect(await machine.run(line)).toMatchObject({ code: 0, stderr: '' })
    expect(machine.started).toEqual([argv])
    expect(registry.asked).toEqual([])
  })

  it.each(['npx --no tool', 'npx --no-install tool'])('%s loads nothing', async (line) => {
    const registry = registryOfTools()
    const machine = await createTestMachine({}, registry)
    expect(await machine.run(line)).toMatchObject({
      code: 1,
      stderr: 'npm error npx canceled due to missing packages and no YES option: ["tool"]\n',
    })
    expect(registry.asked).toEqual([])
  })

  it('has all packages at hand that -p names, and is quiet with -y', async () => {
    const machine = await createTestMachine({}, registryOfTools())
    expect(await machine.run('npx -y -p tool@1.0.0 -p create-thing ct x')).toMatchObject({ code: 0, stderr: '' })
    expect(machine.started).toEqual([['node', '/tmp/.npm/_npx/tool@1.0.0+create-thing/node_modules/.bin/ct', 'x']])
    expect(await machine.run('npx -y -p tool@1.0.0 -p create-thing -c tool')).toMatchObject({ code: 0 })
    expect(machine.started[1]).toEqual(['sh', '-c', 'tool'])
  })

  it('says that something is not the name of a package', async () => {
    const machine = await createTestMachine({}, registryOfTools())
    expect(await machine.run('npm view a/b/c')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('“a/b/c” is not the name of a package'),
    })
  })
})

describe('npm ls', () => {
  it('draws what is installed and fails when something is missing', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ dependencies: { tool: '^1.0.0' } }) },
      registryOfTools(),
    )
    expect(await machine.run('npm ls')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('missing: tool@^1.0.0, required by project@1.0.0'),
    })
    await machine.run('npm install library')
    const { code, stdout } = await machine.run('npm ls')
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'project@1.0.0 /home/project\n├── library@3.0.0\n└── tool@1.2.0\n\n',
    })
    expect(JSON.parse((await machine.run('npm ls --json')).stdout)).toMatchObject({
      dependencies: { tool: { version: '1.2.0' } },
    })
  })
})

describe('npm view and outdated', () => {
  it('tell of the registry', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ dependencies: { tool: '1.0.0' } }) },
      registryOfTools(),
    )
    expect((await machine.run('npm view tool version')).stdout).toBe('1.2.0\n')
    expect((await machine.run('npm view tool@1.0.0 license')).stdout).toBe('MIT\n')
    expect(JSON.parse((await machine.run('npm view tool versions --json')).stdout)).toEqual(['1.0.0', '1.2.0'])
    await machine.run('npm install')
    const { code, stdout } = await machine.run('npm outdated')
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^Package +Current +Wanted +Latest +Location +Depended by\ntool +1\.0\.0 +1\.0\.0 +1\.2\.0 +node_modules\/tool +project\n$/,
    )
  })
})

describe('npm init', () => {
  it('writes a package.json and keeps what was there', async () => {
    const machine = await createTestMachine({ 'package.json': { name: 'mine', type: 'module' } }, registryOfTools())
    await machine.run('npm init -y')
    expect(machine.json('package.json')).toMatchObject({
      name: 'mine',
      version: '1.0.0',
      type: 'module',
      license: 'ISC',
    })
  })
})

describe('npm init with more', () => {
  it('leaves what is there in its place, its scripts alone, and takes the author and licence from .npmrc', async () => {
    const mine = { custom: 1, scripts: { a: 'b' }, name: 'mine' }
    const settings = 'init-author-name=Me\ninit-license="MIT"\ninit-version=0.1.0\n'
    const machine = await createTestMachine({ 'package.json': mine, '.npmrc': settings }, registryOfTools())
    await machine.run('npm init -y')
    const defaults = { version: '0.1.0', description: '', main: 'index.js' }
    expect(machine.read('package.json')).toBe(
      `${JSON.stringify({ ...mine, ...defaults, keywords: [], author: 'Me', license: 'MIT', type: 'commonjs' }, null, 2)}\n`,
    )
  })

  it('takes the description from the readme, a start script from server.js, and the rest from options', async () => {
    const machine = await createTestMachine({ 'README.md': '# App\n\nDoes x.\n', 'server.js': '' }, registryOfTools())
    await machine.run('npm init -y --scope=acme --init-license MIT --init-type=module')
    expect(machine.json('package.json')).toMatchObject({
      name: '@acme/project',
      description: 'Does x.',
      main: 'server.js',
      scripts: { start: 'node server.js' },
      license: 'MIT',
      type: 'module',
    })
  })

  it('makes workspaces', async () => {
    const machine = await createTestMachine({ 'package.json': manifest() }, registryOfTools())
    expect(await machine.run('npm init -y -w packages/a')).toMatchObject({ code: 0 })
    expect(machine.json('package.json')).toEqual(manifest({ workspaces: ['packages/a'] }))
    expect(machine.json('packages/a/package.json')).toMatchObject({ name: 'a' })
    expect(machine.names('node_modules')).toContain('a')
  })

  it('says that an option went to npm and not to what it runs', async () => {
    const machine = await createTestMachine({}, registryOfTools())
    expect((await machine.run('npm create thing app --template x')).stderr).toContain(
      'Options of thing come after --: npm create thing -- --template',
    )
    expect(machine.started[0]?.slice(2)).toEqual(['app', 'x'])
  })
})

describe('pnpm and yarn', () => {
  it.each([
    ['pnpm add -D tool', 'npm install -D tool', { devDependencies: { tool: '^1.2.0' } }],
    ['yarn add tool --dev', 'npm install tool --save-dev', { devDependencies: { tool: '^1.2.0' } }],
    ['yarn add tool', 'npm install tool', { dependencies: { tool: '^1.2.0' } }],
  ])('%s is %s, and says so', async (line, words, expected) => {
    const machine = await createTestMachine({ 'package.json': manifest() }, registryOfTools())
    const { code, stderr } = await machine.run(line)
    expect([code, stderr.split('\n')[0]]).toEqual([0, `${line.split(' ')[0]} is carried out by npm here: ${words}`])
    expect(machine.json('package.json')).toMatchObject(expected)
  })

  it('run scripts and commands by their bare names', async () => {
    const scripts = { build: 'echo built' }
    const machine = await createTestMachine(
      { 'package.json': manifest({ scripts, dependencies: { tool: '1.0.0' } }) },
      registryOfTools(),
    )
    await machine.run('yarn')
    await machine.run('pnpm build')
    await machine.run('pnpm tool x')
    expect(machine.started).toEqual([
      ['sh', '-c', 'echo built'],
      ['node', '/home/project/node_modules/.bin/tool', 'x'],
    ])
  })
})

it.each([
  ['npm publish', /publishes nothing/],
  ['npm install -g tool', /nothing global/],
  ['npm audit', /no audit/],
  ['npm rebuild', /Install scripts never run/],
  ['npm search x', /by their names only/],
  ['npm root -g', /nothing global/],
  ['npm logout', /no registry accounts/],
  ['npm nonsense', /Unknown command: "nonsense"/],
])('%s says what it is that cannot be', async (line, message) => {
  const machine = await createTestMachine({ 'package.json': manifest() }, registryOfTools())
  expect(await machine.run(line)).toMatchObject({ code: 1, stderr: expect.stringMatching(message) })
})

describe('npm config', () => {
  it('reads and changes the project’s .npmrc', async () => {
    const machine = await createTestMachine({ 'package.json': manifest() }, registryOfTools())
    expect((await machine.run('npm config get registry')).stdout).toBe('/api/packages/\n')
    await machine.run('npm config set save-exact=true')
    await machine.run('npm set legacy-peer-deps true')
    expect(machine.read('.npmrc')).toBe('save-exact=true\nlegacy-peer-deps=true\n')
    expect((await machine.run('npm get save-exact')).stdout).toBe('true\n')
    await machine.run('npm install tool')
    expect(machine.json('package.json')).toMatchObject({ dependencies: { tool: '1.2.0' } })
    await machine.run('npm config delete save-exact legacy-peer-deps')
    expect(machine.read('.npmrc')).toBeNull()
    expect((await machine.run('npm config get nothing')).stdout).toBe('undefined\n')
  })

  it('shows no tokens', async () => {
    const machine = await createTestMachine({ '.npmrc': '//x.org/:_authToken=secret\na=1\n' }, registryOfTools())
    expect(await machine.run('npm config get //x.org/:_authToken')).toMatchObject({ code: 1, stdout: '' })
    expect((await machine.run('npm config list')).stdout).not.toContain('secret')
  })
})

describe('npm version and npm pkg', () => {
  it('raise the version in package.json and in the lock file', async () => {
    const machine = await createTestMachine({ 'package.json': manifest() }, registryOfTools())
    await machine.run('npm install')
    expect(await machine.run('npm version minor')).toMatchObject({ code: 0, stdout: 'v1.1.0\n' })
    expect(machine.read('package.json')).toContain('"version": "1.1.0"')
    expect(machine.read('package-lock.json')?.match(/"version": "1\.1\.0"/g)).toHaveLength(2)
    expect(await machine.run('npm version patch minor')).toMatchObject({ code: 1 })
    expect(machine.json('package.json')).toMatchObject({ version: '1.1.0' })
    expect(await machine.run('npm version what')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Invalid version: what'),
    })
  })

  it('commit and tag the version where the project is a repository, and run its scripts', async () => {
    const scripts = { preversion: 'echo before', version: 'echo between', postversion: 'echo after' }
    const machine = await createTestMachine(
      { 'package.json': manifest({ scripts }), '.git/HEAD': 'ref: refs/heads/main' },
      registryOfTools(),
    )
    expect(await machine.run('npm version patch -m Release-%s')).toMatchObject({ code: 0 })
    expect(machine.started).toEqual([
      ['git', 'status', '--porcelain'],
      ['sh', '-c', 'echo before'],
      ['sh', '-c', 'echo between'],
      ['git', 'add', 'package.json'],
      ['git', 'commit', '-m', 'Release-1.0.1'],
      ['git', 'tag', '-a', '-m', 'Release-1.0.1', 'v1.0.1'],
      ['sh', '-c', 'echo after'],
    ])
    machine.started.length = 0
    await machine.run('npm version minor --no-git-tag-version --ignore-scripts')
    expect(machine.started).toEqual([])
    expect(machine.json('package.json')).toMatchObject({ version: '1.1.0' })
  })

  it('work on workspaces', async () => {
    const machine = await createTestMachine(
      {
        'package.json': manifest({ workspaces: ['packages/*'] }),
        'packages/a/package.json': '{"name":"@x/a","version":"1.0.0"}',
        'packages/b/package.json': '{"name":"@x/b","version":"1.0.0"}\n',
      },
      registryOfTools(),
    )
    expect(await machine.run('npm pkg get name version -w a -w packages/b')).toMatchObject({
      stdout: JSON.stringify(
        { '@x/a': { name: '@x/a', version: '1.0.0' }, '@x/b': { name: '@x/b', version: '1.0.0' } },
        null,
        2,
      ).concat('\n'),
    })
    await machine.run('npm pkg set private=true --json -w @x/a')
    expect(machine.read('packages/a/package.json')).toBe('{"name":"@x/a","version":"1.0.0","private":true}')
    expect((await machine.run('npm version patch --workspaces')).stdout).toMatch(/^@x\/a\nv1\.0\.1\n@x\/b\nv1\.0\.1\n/)
    expect(machine.json('package-lock.json')).toMatchObject({ packages: { 'packages/b': { version: '1.0.1' } } })
    await machine.run('npm install library -w packages/b')
    expect(machine.json('packages/b/package.json')).toMatchObject({ dependencies: { library: '^3.0.0' } })
    expect(machine.json('package.json')).not.toHaveProperty('dependencies')
    expect(await machine.run('npm install library -w nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No workspaces found:\nnpm error   --workspace=nothing'),
    })
  })

  it('read, set and delete fields', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ scripts: { test: 'node --test' } }) },
      registryOfTools(),
    )
    await machine.run('npm pkg set scripts.lint=eslint files[0]=dist')
    await machine.run('npm pkg set private=true --json')
    await machine.run('npm pkg delete scripts.test')
    expect(machine.json('package.json')).toEqual({
      ...manifest(),
      scripts: { lint: 'eslint' },
      files: ['dist'],
      private: true,
    })
    expect(await machine.run('npm pkg get name')).toMatchObject({ stdout: '"project"\n' })
    expect(await machine.run('npm pkg get scripts.nothing')).toMatchObject({ stdout: '{}\n' })
  })
})
