import { expect, it } from 'vitest'
import { createTestMachine } from './testing/machine'
import { createTestRegistry } from './testing/registry'

const manifest = (fields: object = {}) => ({ name: 'project', version: '1.0.0', ...fields })

it('installs a package with its dependencies, and writes package.json and the lock file as npm does', async () => {
  const registry = createTestRegistry(
    {
      name: 'a',
      version: '1.2.0',
      manifest: { dependencies: { b: '^1.0.0' }, bin: 'cli.js', license: 'MIT' },
      files: { 'cli.js': '1', 'lib/index.js': 'a' },
    },
    { name: 'b', version: '1.0.0' },
    { name: 'b', version: '1.1.0', files: { 'index.js': 'b 1.1' } },
    { name: 'b', version: '2.0.0' },
  )
  const machine = await createTestMachine({ 'package.json': manifest() }, registry)
  expect(await machine.run('npm install a')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\nadded 2 packages in \d+ms\n$/),
  })
  expect(machine.json('package.json')).toEqual(manifest({ dependencies: { a: '^1.2.0' } }))
  expect(machine.read('node_modules/a/lib/index.js')).toBe('a')
  expect(machine.read('node_modules/b/index.js')).toBe('b 1.1')
  expect(machine.read('node_modules/.bin/a')).toBe('1')
  const lock = machine.json('package-lock.json') as { packages: Record<string, object> }
  expect(lock).toMatchObject({ name: 'project', version: '1.0.0', lockfileVersion: 3, requires: true })
  expect(lock.packages).toEqual({
    '': { name: 'project', version: '1.0.0', dependencies: { a: '^1.2.0' } },
    'node_modules/a': {
      version: '1.2.0',
      resolved: 'https://registry.example/a/-/a-1.2.0.tgz',
      integrity: expect.stringMatching(/^sha512-/),
      license: 'MIT',
      dependencies: { b: '^1.0.0' },
      bin: { a: 'cli.js' },
    },
    'node_modules/b': {
      version: '1.1.0',
      resolved: 'https://registry.example/b/-/b-1.1.0.tgz',
      integrity: expect.stringMatching(/^sha512-/),
    },
  })
  expect(await machine.run('npm install')).toMatchObject({ stdout: expect.stringContaining('up to date') })
})

it('nests what conflicts and shares what does not', async () => {
  const registry = createTestRegistry(
    { name: 'a', version: '1.0.0', manifest: { dependencies: { c: '^1.0.0' } } },
    { name: 'b', version: '1.0.0', manifest: { dependencies: { c: '^2.0.0' } } },
    { name: 'c', version: '1.0.0', files: { 'index.js': 'one' } },
    { name: 'c', version: '2.0.0', files: { 'index.js': 'two' } },
  )
  const machine = await createTestMachine({ 'package.json': manifest({ dependencies: { a: '1', b: '1' } }) }, registry)
  await machine.run('npm install')
  expect(machine.read('node_modules/c/index.js')).toBe('one')
  expect(machine.read('node_modules/b/node_modules/c/index.js')).toBe('two')
})

it('keeps what is installed below a package when only that package changes', async () => {
  const registry = createTestRegistry(
    { name: 'a', version: '1.0.0', manifest: { dependencies: { c: '1' } } },
    { name: 'a', version: '1.1.0', manifest: { dependencies: { c: '1' } }, files: { 'new.js': '' } },
    { name: 'c', version: '1.0.0' },
    { name: 'c', version: '2.0.0' },
  )
  const machine = await createTestMachine(
    { 'package.json': manifest({ dependencies: { a: '1.0.0', c: '2' } }) },
    registry,
  )
  await machine.run('npm install')
  expect(machine.names('node_modules/a')).toEqual(['node_modules', 'package.json'])
  expect(await machine.run('npm install a@1.1.0')).toMatchObject({
    stdout: expect.stringContaining('changed 1 package'),
  })
  expect(machine.names('node_modules/a')).toEqual(['new.js', 'node_modules', 'package.json'])
  expect(machine.names('node_modules/a/node_modules/c')).toEqual(['package.json'])
})

it('makes the commands of packages executable, and those of the project’s own folders', async () => {
  const registry = createTestRegistry({
    ...{ name: 'a', version: '1.0.0', manifest: { bin: { a: 'a.js' } } },
    files: { 'a.js': '', 'other.js': '' },
  })
  const machine = await createTestMachine(
    {
      'package.json': manifest({ dependencies: { a: '1', own: 'file:own' } }),
      'own/package.json': { name: 'own', version: '1.0.0', bin: { own: 'cli.js' } },
      'own/cli.js': '',
    },
    registry,
  )
  await machine.run('npm install')
  const paths = ['node_modules/.bin/a', 'node_modules/a/other.js', 'node_modules/.bin/own', 'own/cli.js']
  expect(paths.map((path) => machine.isExecutable(path))).toEqual([true, false, true, true])
})

it('removes packages with what only they needed, and their commands', async () => {
  const registry = createTestRegistry(
    {
      name: 'a',
      version: '1.0.0',
      manifest: { dependencies: { b: '1' }, bin: { run: 'x.js' } },
      files: { 'x.js': '' },
    },
    { name: 'b', version: '1.0.0' },
    { name: 'c', version: '1.0.0' },
  )
  const machine = await createTestMachine({ 'package.json': manifest() }, registry)
  await machine.run('npm install a c')
  expect(machine.names('node_modules/.bin')).toEqual(['run'])
  expect(await machine.run('npm uninstall a')).toMatchObject({ stdout: expect.stringContaining('removed 2 packages') })
  expect(machine.names('node_modules')).toEqual(['.bin', '.package-lock.json', 'c'])
  expect(machine.names('node_modules/.bin')).toEqual([])
  expect(machine.json('package.json')).toEqual(manifest({ dependencies: { c: '^1.0.0' } }))
})

it('installs peers, and says which packages do not go together', async () => {
  const registry = createTestRegistry(
    { name: 'plugin', version: '1.0.0', manifest: { peerDependencies: { host: '^1.0.0' } } },
    { name: 'host', version: '1.5.0' },
    { name: 'host', version: '2.0.0' },
  )
  const machine = await createTestMachine({ 'package.json': manifest() }, registry)
  await machine.run('npm install plugin')
  expect(machine.json('node_modules/host/package.json')).toMatchObject({ version: '1.5.0' })
  const clash = await createTestMachine({ 'package.json': manifest({ dependencies: { host: '2' } }) }, registry)
  const { code, stderr } = await clash.run('npm install plugin')
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /ERESOLVE[\s\S]*Found: host@2\.0\.0[\s\S]*peer host@"\^1\.0\.0" from plugin@1\.0\.0[\s\S]*--legacy-peer-deps/,
  )
  expect(clash.names('node_modules')).toEqual([])
  expect(await clash.run('npm install plugin --legacy-peer-deps')).toMatchObject({ code: 0 })
})

it('obeys overrides, aliases, saved types and exactness', async () => {
  const registry = createTestRegistry(
    { name: 'a', version: '1.0.0', manifest: { dependencies: { b: '^1.0.0' } } },
    { name: 'b', version: '1.0.0' },
    { name: 'b', version: '1.9.0' },
  )
  const machine = await createTestMachine({ 'package.json': manifest({ overrides: { b: '1.0.0' } }) }, registry)
  await machine.run('npm install -D -E a')
  await machine.run('npm i other@npm:b@1.9.0')
  expect(machine.json('package.json')).toMatchObject({
    devDependencies: { a: '1.0.0' },
    dependencies: { other: 'npm:b@^1.9.0' },
  })
  expect(machine.json('node_modules/b/package.json')).toMatchObject({ version: '1.0.0' })
  expect(machine.json('node_modules/other/package.json')).toMatchObject({ name: 'b', version: '1.9.0' })
  await machine.run('npm ci --omit=dev')
  expect(machine.names('node_modules')).toEqual(['.package-lock.json', 'other'])
})

it('takes the WebAssembly build of what comes in one for each processor, and locks them all', async () => {
  const build = (cpu: string) => ({ name: `tool-${cpu}`, version: '1.0.0', manifest: { os: ['linux'], cpu: [cpu] } })
  const registry = createTestRegistry(
    {
      name: 'tool',
      version: '1.0.0',
      manifest: { optionalDependencies: { 'tool-x64': '1.0.0', 'tool-wasm32': '1.0.0' } },
    },
    build('x64'),
    build('wasm32'),
  )
  const machine = await createTestMachine({ 'package.json': manifest({ dependencies: { tool: '1' } }) }, registry)
  await machine.run('npm install')
  expect(machine.names('node_modules')).toEqual(['.package-lock.json', 'tool', 'tool-wasm32'])
  const { packages } = machine.json('package-lock.json') as { packages: object }
  expect(Object.keys(packages)).toContain('node_modules/tool-x64')
  await machine.run('npm ci')
  expect(machine.names('node_modules')).toEqual(['.package-lock.json', 'tool', 'tool-wasm32'])
})

it('puts the WebAssembly build in the place of a native package, under its name', async () => {
  const registry = createTestRegistry(
    { name: 'esbuild', version: '0.28.2', manifest: { scripts: { postinstall: 'node install.js' } } },
    { name: 'esbuild-wasm', version: '0.28.2', files: { 'lib/main.js': 'wasm' } },
  )
  const machine = await createTestMachine({ 'package.json': manifest({ dependencies: { esbuild: '*' } }) }, registry)
  const { stderr, stdout } = await machine.run('npm install')
  expect(stderr).toContain('WebAssembly builds stand in for native ones: esbuild@0.28.2 → esbuild-wasm')
  expect(stdout).not.toContain('Install scripts')
  expect(machine.read('node_modules/esbuild/lib/main.js')).toBe('wasm')
  expect(machine.json('node_modules/esbuild/package.json')).toMatchObject({ name: 'esbuild', version: '0.28.2' })
  expect(machine.read('package-lock.json')).not.toContain('esbuild-wasm')
})

it('takes the next older twin of the same line, or the package itself when there is none', async () => {
  const registry = createTestRegistry(
    { name: 'rollup', version: '4.5.2', files: { 'which.js': 'native' } },
    { name: '@rollup/wasm-node', version: '3.9.0' },
    { name: '@rollup/wasm-node', version: '4.5.0', files: { 'which.js': '4.5.0' } },
    { name: '@rollup/wasm-node', version: '4.6.0' },
    { name: 'esbuild', version: '0.28.2', files: { 'which.js': 'native' } },
    { name: 'esbuild-wasm', version: '0.27.9' },
  )
  const machine = await createTestMachine({ 'package.json': manifest() }, registry)
  expect(await machine.run('npm install rollup esbuild')).toMatchObject({ code: 0 })
  expect(machine.read('node_modules/rollup/which.js')).toBe('4.5.0')
  expect(machine.read('node_modules/esbuild/which.js')).toBe('native')
})

it('says what cannot run here and what can instead', async () => {
  const registry = createTestRegistry({
    name: 'bcrypt',
    version: '6.0.0',
    manifest: { scripts: { install: 'node-gyp-build' } },
    files: { 'binding.gyp': '{}' },
  })
  const machine = await createTestMachine({ 'package.json': manifest() }, registry)
  const { code, stdout, stderr } = await machine.run('npm install bcrypt')
  expect(code).toBe(0)
  expect(stderr).toContain('bcrypt has native code, which cannot run in the sandbox; take bcryptjs.')
  expect(stdout).toContain('Install scripts never run in the sandbox; left out: bcrypt (install)')
  expect(machine.started).toEqual([])
})

it('npm ci gives exactly what is locked, and refuses a lock file that does not fit', async () => {
  const registry = createTestRegistry({ name: 'a', version: '1.0.0' })
  const machine = await createTestMachine({ 'package.json': manifest() }, registry)
  expect((await machine.run('npm ci')).stderr).toContain('npm ci needs a package-lock.json')
  await machine.run('npm install a')
  registry.add({ name: 'a', version: '1.1.0' })
  machine.write('node_modules/stray/index.js', '')
  expect(await machine.run('npm ci')).toMatchObject({ code: 0, stdout: expect.stringContaining('added 1 package in') })
  expect(machine.names('node_modules')).toEqual(['.package-lock.json', 'a'])
  expect(machine.json('node_modules/a/package.json')).toMatchObject({ version: '1.0.0' })
  machine.write('package.json', JSON.stringify(manifest({ dependencies: { a: '^2.0.0' } })))
  const { code, stderr } = await machine.run('npm ci')
  expect(code).toBe(1)
  expect(stderr).toContain('a@^2.0.0, but the lock file has 1.0.0')
})

it('leaves everything as it was when one package cannot be had', async () => {
  const registry = createTestRegistry(
    { name: 'a', version: '1.0.0' },
    { name: 'b', version: '1.0.0', manifest: { dependencies: { nowhere: '1' } } },
  )
  const machine = await createTestMachine({ 'package.json': manifest() }, registry)
  await machine.run('npm install a')
  const before = [machine.read('package.json'), machine.read('package-lock.json'), machine.names('node_modules')]
  const { code, stderr } = await machine.run('npm install b')
  expect(code).toBe(1)
  expect(stderr).toMatch(/E404[\s\S]*nowhere/)
  expect([machine.read('package.json'), machine.read('package-lock.json'), machine.names('node_modules')]).toEqual(
    before,
  )
})

it('draws nothing over what runs when a line of the crawl comes late', async () => {
  const registry = createTestRegistry({
    name: 'tool',
    version: '1.0.0',
    manifest: { bin: 'cli.js' },
    files: { 'cli.js': '1' },
  })
  let sayLate = () => {}
  const fetchPackage: typeof registry.fetchPackage = async (request, onLines) => {
    if (!('wants' in request)) return registry.fetchPackage(request)
    await registry.fetchPackage(request, onLines)
    const late = { for: { name: 'late', wanted: '*' }, packument: { name: 'late', 'dist-tags': {}, versions: {} } }
    sayLate = () => onLines?.(new TextEncoder().encode(`${JSON.stringify(late)}\n`))
    // This crawl goes on.
    return new Promise(() => {})
  }
  const machine = await createTestMachine(
    { 'package.json': manifest() },
    { fetchPackage },
    { terminal: { columns: 80, rows: 24 }, onStart: () => sayLate() },
  )
  const { code, stderr } = await machine.run('npx -y tool')
  expect(code).toBe(0)
  expect(machine.started).toHaveLength(1)
  expect(stderr).toContain('Working out')
  expect(stderr.endsWith('\r\x1b[K')).toBe(true)
})
