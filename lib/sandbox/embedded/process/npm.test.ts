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

  it('lists the scripts when one is unknown', async () => {
    const { host, stderr, spawned } = create(['npm', 'run', 'toString'])
    expect(await npm(host)).toBe(1)
    expect(stderr()).toBe(
      [
        'npm error Missing script: "toString"',
        'npm error ',
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
