import { describe, expect, it } from 'vitest'
import { createTestMachine } from '../testing/machine'
import { createTestRegistry } from '../testing/registry'

const project = {
  'package.json': { name: '@x/lib', version: '1.2.0', bin: 'cli.js', files: ['dist', '!dist/*.map'] },
  'README.md': '# lib',
  LICENSE: 'MIT',
  'cli.js': '#!/usr/bin/env node\nconsole.log(1)\n',
  'dist/index.js': 'module.exports = 1',
  'dist/index.js.map': '{}',
  'src/index.ts': 'export default 1',
  '.env': 'SECRET=1',
  'node_modules/a/package.json': { name: 'a', version: '1.0.0' },
}

describe('npm pack', () => {
  it('packs what `files` lists and npm always takes, and installs elsewhere', async () => {
    const machine = await createTestMachine(project, createTestRegistry())
    const { code, stdout, stderr } = await machine.run('npm pack')
    expect([code, stdout]).toEqual([0, 'x-lib-1.2.0.tgz\n'])
    expect(stderr.split('\n').filter((line) => /^npm notice \d+B /.test(line))).toEqual([
      'npm notice 3B LICENSE',
      'npm notice 5B README.md',
      'npm notice 35B cli.js',
      'npm notice 18B dist/index.js',
      expect.stringMatching(/^npm notice \d+B package\.json$/),
    ])
    machine.write('app/package.json', '{"name":"app","version":"1.0.0"}')
    expect(await machine.run('npm install --prefix app ./x-lib-1.2.0.tgz')).toMatchObject({ code: 0, stderr: '' })
    expect(machine.names('app/node_modules/@x/lib')).toEqual(['LICENSE', 'README.md', 'cli.js', 'dist', 'package.json'])
    expect(machine.read('app/node_modules/.bin/lib')).toContain('console.log(1)')
  })

  it('makes the commands of a package executable', async () => {
    const machine = await createTestMachine(project, createTestRegistry())
    const [packed] = JSON.parse((await machine.run('npm pack --json')).stdout)
    const modes = packed.files.map(({ path, mode }: { path: string; mode: number }) => [path, mode.toString(8)])
    expect(modes).toContainEqual(['cli.js', '755'])
    expect(modes).toContainEqual(['README.md', '644'])
  })

  it('goes by .npmignore, else by .gitignore, where there are no `files`', async () => {
    const files = {
      'package.json': { name: 'lib', version: '1.0.0' },
      '.gitignore': 'dist\n',
      'dist/index.js': '',
      'test/a.test.js': '',
    }
    const listed = async (more: object) => {
      const machine = await createTestMachine({ ...files, ...more }, createTestRegistry())
      const { stdout } = await machine.run('npm pack --dry-run --json')
      expect(machine.names('.')).not.toContain('lib-1.0.0.tgz')
      const [{ files: found }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
      return found.map(({ path }) => path)
    }
    expect(await listed({})).toEqual(['package.json', 'test/a.test.js'])
    expect(await listed({ '.npmignore': 'test\n' })).toEqual(['dist/index.js', 'package.json'])
  })

  it('makes the same tarball of the same files', async () => {
    const sums = await Promise.all(
      [1, 2].map(async () => {
        const machine = await createTestMachine(project, createTestRegistry())
        return /shasum: \w+/.exec((await machine.run('npm pack --dry-run')).stderr)?.[0]
      }),
    )
    expect(sums[0]).toMatch(/^shasum: [0-9a-f]{40}$/)
    expect(sums[1]).toBe(sums[0])
  })

  it('takes along what the project bundles, which is installed as anything else', async () => {
    const machine = await createTestMachine(
      {
        'package.json': { name: 'lib', version: '1.0.0', bundleDependencies: ['a'], dependencies: { a: '1' } },
        'app/package.json': { name: 'app', version: '1.0.0' },
      },
      createTestRegistry({ name: 'a', version: '1.0.0', files: { 'index.js': 'a' } }),
    )
    expect(await machine.run('npm install')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('added 1 package'),
    })
    await machine.run('npm pack')
    expect(await machine.run('npm install --prefix app ./lib-1.0.0.tgz')).toMatchObject({ code: 0 })
    expect(machine.read('app/node_modules/lib/node_modules/a/index.js')).toBe('a')
  })

  it('runs the scripts that stand before and after it, and stops at one that fails', async () => {
    const scripts = { prepack: 'build', postpack: 'clean' }
    const machine = await createTestMachine(
      { 'package.json': { name: 'lib', version: '1.0.0', scripts } },
      createTestRegistry(),
    )
    expect(await machine.run('npm pack --silent')).toMatchObject({ code: 0, stdout: 'lib-1.0.0.tgz\n' })
    expect(machine.started).toEqual([
      ['sh', '-c', 'build'],
      ['sh', '-c', 'clean'],
    ])
  })

  it.each([
    ['npm pack left-pad', '“left-pad” is no folder of the project'],
    ['npm pack ./nameless', 'gives the package no name'],
    ['npm pack ./young', 'must have a name and a version'],
  ])('%s says why not', async (line, why) => {
    const machine = await createTestMachine(
      { 'nameless/package.json': {}, 'young/package.json': { name: 'young' } },
      createTestRegistry(),
    )
    expect(await machine.run(line)).toMatchObject({ code: 1, stderr: expect.stringContaining(why) })
  })
})
