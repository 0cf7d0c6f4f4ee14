import { describe, expect, it } from 'vitest'
import { createTestMachine } from '../testing/machine'
import { createTestRegistry } from '../testing/registry'

const manifest = (fields: object = {}) => ({ name: 'project', version: '1.0.0', ...fields })
const registryOfDebug = () =>
  createTestRegistry(
    { name: 'ms', version: '2.0.0' },
    { name: 'ms', version: '2.1.0' },
    { name: 'debug', version: '4.0.0', manifest: { dependencies: { ms: '^2.1.0' } } },
    { name: 'mri', version: '1.0.0', manifest: { engines: { node: '>=99' } } },
    { name: 'mac', version: '1.0.0', manifest: { os: ['darwin'] } },
  )

describe('npm explain', () => {
  it('says who wants a package, of each that is there', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ dependencies: { debug: '4', ms: '2.0.0' } }) },
      registryOfDebug(),
    )
    await machine.run('npm install')
    expect(await machine.run('npm why ms')).toMatchObject({
      code: 0,
      stdout: [
        'ms@2.1.0',
        'node_modules/debug/node_modules/ms',
        '  ms@"^2.1.0" from debug@4.0.0',
        '  node_modules/debug',
        '    debug@"4" from the root project',
        '',
        'ms@2.0.0',
        'node_modules/ms',
        '  ms@"2.0.0" from the root project',
        '',
      ].join('\n'),
    })
    expect((await machine.run('npm explain ms@2.0.0')).stdout).not.toContain('2.1.0')
    expect(await machine.run('npm explain nothing')).toMatchObject({ code: 1 })
  })
})

describe('npm prune and dedupe', () => {
  it('take away what package.json does not ask for', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ devDependencies: { mri: '1' } }) },
      registryOfDebug(),
    )
    await machine.run('npm install')
    await machine.run('npm install --no-save ms')
    expect((await machine.run('npm ls')).stdout).toContain('ms@2.1.0 extraneous')
    expect((await machine.run('npm prune')).stdout).toMatch(/^\nremoved 1 package in /)
    expect((await machine.run('npm prune --omit=dev')).stdout).toMatch(/^\nremoved 1 package in /)
    expect(machine.names('node_modules')).toEqual(['.package-lock.json'])
  })

  it('take it away without a lock file, too', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ dependencies: { ms: '2', debug: '4' } }), '.npmrc': 'package-lock=false\n' },
      registryOfDebug(),
    )
    await machine.run('npm install')
    await machine.run('npm install --no-save mri')
    machine.write('package.json', JSON.stringify(manifest({ dependencies: { ms: '2' } })))
    machine.write('node_modules/by-hand/package.json', JSON.stringify({ name: 'by-hand', version: '1.0.0' }))
    expect((await machine.run('npm prune --dry-run')).stdout).toContain('remove debug 4.0.0')
    expect((await machine.run('npm prune')).stdout).toMatch(/^\nremoved 3 packages in /)
    expect(machine.names('node_modules')).toEqual(['.package-lock.json', 'ms'])
    expect((await machine.run('npm prune')).stdout).toMatch(/^\nup to date in /)
  })

  it('bring what is missing, and write the lock file, as npm does', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ dependencies: { debug: '4' } }) },
      registryOfDebug(),
    )
    machine.write('node_modules/ms/package.json', JSON.stringify({ name: 'ms', version: '2.1.0' }))
    expect((await machine.run('npm prune')).stdout).toMatch(/^\nadded 1 package in /)
    expect(machine.names('node_modules')).toEqual(['.package-lock.json', 'debug', 'ms'])
    expect(machine.json('package-lock.json')).toMatchObject({ packages: { 'node_modules/ms': { version: '2.1.0' } } })
  })

  it('bring together what may be one', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ dependencies: { debug: '4', ms: '2.0.0' } }) },
      registryOfDebug(),
    )
    await machine.run('npm install')
    machine.write('package.json', JSON.stringify(manifest({ dependencies: { debug: '4', ms: '^2.0.0' } })))
    const { stdout } = await machine.run('npm find-dupes')
    expect(stdout).toContain('change ms to 2.1.0')
    expect(machine.names('node_modules/debug/node_modules')).toContain('ms')
    await machine.run('npm dedupe')
    expect(machine.names('node_modules/debug/node_modules')).not.toContain('ms')
  })
})

describe('npm ls', () => {
  it('marks what stands nearer to the project, what is wrong, and only so deep as asked', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ dependencies: { debug: '4', ms: '2.1.0' }, devDependencies: { mri: '1' } }) },
      registryOfDebug(),
    )
    await machine.run('npm install')
    expect((await machine.run('npm ls --all')).stdout).toBe(
      'project@1.0.0 /home/project\n├─┬ debug@4.0.0\n│ └── ms@2.1.0 deduped\n├── mri@1.0.0\n└── ms@2.1.0\n\n',
    )
    expect((await machine.run('npm ls --omit=dev')).stdout).not.toContain('mri')
    expect((await machine.run('npm ls --parseable --depth=0')).stdout.split('\n').slice(0, 2)).toEqual([
      '/home/project',
      '/home/project/node_modules/debug',
    ])
    machine.write('package.json', JSON.stringify(manifest({ dependencies: { ms: '1' } })))
    expect(await machine.run('npm ls ms')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('ms@2.1.0 invalid: "1" from the root project'),
    })
  })
})

describe('settings', () => {
  it.each([
    ['npm ci --only=production', {}],
    ['npm install --production', {}],
    ['npm ci', { '.npmrc': 'omit[]=dev\n' }],
    ['npm ci', { '.npmrc': 'omit="dev"\n' }],
  ])('%s leaves out what is for development: %j', async (line, more) => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ dependencies: { ms: '2.1.0' }, devDependencies: { debug: '4' } }), ...more },
      registryOfDebug(),
    )
    await machine.run('npm install --package-lock-only')
    await machine.run(line)
    expect(machine.names('node_modules')).toEqual(['.package-lock.json', 'ms'])
  })

  it('keep what is installed where there is no lock file', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest(), '.npmrc': 'package-lock=false\n' },
      registryOfDebug(),
    )
    await machine.run('npm install ms')
    expect((await machine.run('npm install debug')).stdout).toMatch(/^\nadded 1 package in /)
    expect((await machine.run('npm install')).stdout).toMatch(/^\nup to date in /)
  })

  it('are quiet when asked, and tell of a dry run what it would do', async () => {
    const machine = await createTestMachine({ 'package.json': manifest() }, registryOfDebug())
    expect((await machine.run('npm install --dry-run ms')).stdout).toMatch(/^add ms 2\.1\.0\n\nadded 1 package in /)
    expect(machine.names('node_modules')).toEqual([])
    expect(await machine.run('npm install --silent ms')).toMatchObject({ code: 0, stdout: '', stderr: '' })
    await machine.run('npm install -DE debug')
    expect(machine.json('package.json')).toMatchObject({ devDependencies: { debug: '4.0.0' } })
  })
})

it('says what of a package does not fit', async () => {
  const machine = await createTestMachine({ 'package.json': manifest() }, registryOfDebug())
  expect((await machine.run('npm install mri')).stderr).toBe(
    'npm warn EBADENGINE Unsupported engine: mri@1.0.0 wants {"node":">=99"}, and this is {"node":"v22.23.2","npm":"11.19.1"}\n',
  )
  expect(await machine.run('npm install mri --engine-strict')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Required: {"node":">=99"}'),
  })
  expect(await machine.run('npm install mac')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Unsupported platform for mac@1.0.0: wanted {"os":["darwin"]}'),
  })
})

describe('npm view', () => {
  it.each([
    ['npm view ms dist-tags', "{ latest: '2.1.0' }\n"],
    ['npm view ms@^2 version', "ms@2.0.0 '2.0.0'\nms@2.1.0 '2.1.0'\n"],
    ['npm view ms name version', "name = 'ms'\nversion = '2.1.0'\n"],
    ['npm view ms nothing', ''],
    ['npm view debug dependencies.ms', '^2.1.0\n'],
    ['npm view ms@^2 version --json', '[\n  "2.0.0",\n  "2.1.0"\n]\n'],
  ])('%s shows as npm does', async (line, shown) => {
    const machine = await createTestMachine({ 'package.json': manifest() }, registryOfDebug())
    expect(await machine.run(line)).toMatchObject({ code: 0, stdout: shown })
  })

  it('gives what is outdated as JSON too', async () => {
    const machine = await createTestMachine(
      { 'package.json': manifest({ dependencies: { ms: '2.0.0' } }) },
      registryOfDebug(),
    )
    await machine.run('npm install')
    expect(JSON.parse((await machine.run('npm outdated --json')).stdout)).toEqual({
      ms: {
        current: '2.0.0',
        wanted: '2.0.0',
        latest: '2.1.0',
        dependent: 'project',
        location: '/home/project/node_modules/ms',
      },
    })
  })
})
