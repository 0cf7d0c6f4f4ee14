import { describe, expect, it } from 'vitest'
import { npm, npx } from './npm'
import { createFakeHost } from './testing/fake-host'

const manifest = (more: object = {}) => ({
  'package.json': JSON.stringify({
    name: 'sample',
    version: '1.2.3',
    scripts: { test: 'vitest run', build: 'tsc', prebuild: 'echo before' },
    ...more,
  }),
})

function create(argv: string[], files: Record<string, string> = manifest(), exitCode = 0) {
  const spawned: string[][] = []
  const fake = createFakeHost(argv, files, (child) => {
    spawned.push(child)
    return { exitCode }
  })
  return { ...fake, spawned }
}

describe('npm', () => {
  it('runs a script through the shell and prints what npm prints', async () => {
    const { host, stdout, spawned } = create(['npm', 'test'])
    expect(await npm(host)).toBe(0)
    expect(stdout()).toBe('\n> sample@1.2.3 test\n> vitest run\n\n')
    expect(spawned).toEqual([['sh', '-c', 'vitest run']])
  })

  it('passes what follows “--” on, quoted', async () => {
    const { host, spawned } = create(['npm', 'test', '--', '-t', "it's"])
    await npm(host)
    expect(spawned).toEqual([['sh', '-c', String.raw`vitest run -t 'it'\''s'`]])
  })

  it('runs pre scripts first and stops at the first that fails', async () => {
    const passing = create(['npm', 'run', 'build'])
    expect(await npm(passing.host)).toBe(0)
    expect(passing.spawned).toEqual([
      ['sh', '-c', 'echo before'],
      ['sh', '-c', 'tsc'],
    ])
    const failing = create(['npm', 'run', 'build'], manifest(), 5)
    expect(await npm(failing.host)).toBe(5)
    expect(failing.spawned).toEqual([['sh', '-c', 'echo before']])
  })

  it('takes npm’s own options, wherever they stand', async () => {
    const quiet = create(['npm', 'run', '-s', 'build'], manifest({ scripts: { build: 'tsc' } }))
    expect(await npm(quiet.host)).toBe(0)
    expect(quiet.stdout()).toBe('')
    const alone = create(['npm', 'run', '--ignore-scripts', 'build'])
    expect(await npm(alone.host)).toBe(0)
    expect(alone.spawned).toEqual([['sh', '-c', 'tsc']])
    const absent = create(['npm', 'run', 'nothing', '--if-present'])
    expect(await npm(absent.host)).toBe(0)
    const elsewhere = create(['npm', '--prefix', 'app', 'test'], { 'app/package.json': manifest()['package.json'] })
    expect(await npm(elsewhere.host)).toBe(0)
    expect(elsewhere.spawned).toEqual([['sh', '-c', 'vitest run']])
  })

  describe('in a project of workspaces', () => {
    const workspace = (name: string, scripts: object) => JSON.stringify({ name, version: '1.0.0', scripts })
    const files = {
      ...manifest({ workspaces: ['packages/*', 'apps/web', '!packages/old'], scripts: { build: 'root' } }),
      'packages/a/package.json': workspace('a', { build: 'tsc a' }),
      'packages/b/package.json': workspace('@x/b', {}),
      'packages/old/package.json': workspace('old', { build: 'no' }),
      'packages/docs/readme.md': '',
      'apps/web/package.json': workspace('web', { build: 'tsc web' }),
      'apps/other/package.json': workspace('other', { build: 'no' }),
    }

    it.each([
      ['npm run build --workspaces --if-present -- -w', 0, ['tsc a -w', 'tsc web -w']],
      ['npm run build -ws -iwr --if-present', 0, ['root', 'tsc a', 'tsc web']],
      ['npm run build -w a --workspace=web', 0, ['tsc a', 'tsc web']],
      ['npm run build -w ./packages --if-present', 0, ['tsc a']],
      ['npm run build -w @x/b -w a', 1, ['tsc a']],
      ['npm run build -w nothing', 1, []],
    ])('%s runs the scripts of those', async (line, code, lines) => {
      const { host, spawned } = create(line.split(' '), files)
      expect(await npm(host)).toBe(code)
      expect(spawned.map(([, , script]) => script)).toEqual(lines)
    })

    it('says which one failed, and goes on', async () => {
      const { host, stderr, spawned } = create(['npm', 'run', 'build', '-w', 'a', '-w', 'web'], files, 2)
      expect(await npm(host)).toBe(1)
      expect(spawned).toHaveLength(2)
      expect(stderr()).toContain('npm error code 2\nnpm error workspace a@1.0.0\n')
    })
  })

  it('works on the nearest package.json above', async () => {
    const { host, spawned } = create(['npm', 'test'])
    host.fs.mkdir(`${host.cwd}/src/deep`, { recursive: true })
    expect(await npm({ ...host, cwd: `${host.cwd}/src/deep` })).toBe(0)
    expect(spawned).toEqual([['sh', '-c', 'vitest run']])
  })

  it('lists the scripts when one is unknown', async () => {
    const { host, stderr, spawned } = create(['npm', 'run', 'toString'])
    expect(await npm(host)).toBe(1)
    expect(stderr()).toBe(
      [
        'npm error Missing script: "toString"',
        'npm error',
        'npm error Lifecycle scripts included in sample@1.2.3:',
        'npm error   test',
        'npm error     vitest run',
        'npm error available via `npm run`:',
        'npm error   build',
        'npm error     tsc',
        'npm error   prebuild',
        'npm error     echo before',
        '',
      ].join('\n'),
    )
    expect(spawned).toEqual([])
  })

  it('tells scripts of the package and of who called them', async () => {
    const seen: Record<string, string>[] = []
    const { host } = create(['npm', 'run', 'show', '-s'], {
      ...manifest({
        scripts: { show: 'x' },
        bin: 'cli.js',
        config: { port: 80, db: { name: 'a' } },
        engines: { node: '20' },
      }),
    })
    const spawn: typeof host.spawn = (argv, options) => {
      seen.push(options?.env ?? {})
      return host.spawn(argv, options)
    }
    await npm({ ...host, spawn })
    expect(seen).toEqual([
      expect.objectContaining({
        INIT_CWD: '/home/project',
        npm_command: 'run',
        npm_config_loglevel: 'silent',
        npm_config_user_agent: expect.stringMatching(/^npm\/\d+\.\d+\.\d+ node\/v22/),
        npm_lifecycle_event: 'show',
        npm_package_bin_sample: 'cli.js',
        npm_package_config_db_name: 'a',
        npm_package_config_port: '80',
        npm_package_engines_node: '20',
      }),
    ])
    const nested = create(['npm', 'run', 'build'])
    await npm({ ...nested.host, env: { ...seen[0] } })
    expect(nested.stdout()).toBe('')
  })

  it('takes options that are npm’s for its own, and shows help instead of running', async () => {
    const logged = create('npm run --loglevel warn -d build'.split(' '), manifest({ scripts: { build: 'tsc' } }))
    await npm(logged.host)
    expect(logged.spawned).toEqual([['sh', '-c', 'tsc']])
    for (const line of ['npm run -h', 'npm test --help', 'npm --help']) {
      const asked = create(line.split(' '))
      expect([await npm(asked.host), asked.stdout(), asked.spawned]).toEqual([0, expect.stringMatching(/^Usage: /), []])
    }
    const passed = create('npm run build --help'.split(' '))
    await npm(passed.host)
    expect(passed.spawned.at(-1)).toEqual(['sh', '-c', 'tsc --help'])
    const json = create(['npm', 'run', '--json'])
    await npm(json.host)
    expect(JSON.parse(json.stdout())).toEqual({ test: 'vitest run', build: 'tsc', prebuild: 'echo before' })
  })

  it('starts server.js when no script says otherwise', async () => {
    const { host, spawned } = create(['npm', 'start'], { ...manifest(), 'server.js': '' })
    expect(await npm(host)).toBe(0)
    expect(spawned).toEqual([['sh', '-c', 'node server.js']])
  })

  it('says which script was meant by an unknown command', async () => {
    const { host, stderr } = create(['npm', 'build'])
    expect(await npm(host)).toBe(1)
    expect(stderr()).toContain('npm error Unknown command: "build"\nnpm error Did you mean: npm run build\n')
  })

  it('says where a package.json is missing or broken', async () => {
    const missing = create(['npm', 'test'], {})
    expect(await npm(missing.host)).toBe(1)
    expect(missing.stderr()).toMatch(/There is no package\.json in \/home\/project/)
    const broken = create(['npm', 'test'], { 'package.json': '{' })
    expect(await npm(broken.host)).toBe(1)
    expect(broken.stderr()).toMatch(/package\.json cannot be read/)
  })
})

it('npx runs a program of the sandbox', async () => {
  const { host, spawned } = create(['npx', 'vitest', 'run', 'a'])
  expect(await npx(host)).toBe(0)
  expect(spawned).toEqual([['vitest', 'run', 'a']])
})
