import { describe, expect, it } from 'vitest'
import { onCommandLine } from './specs'
import { createTestMachine } from './testing/machine'
import { createTestRegistry } from './testing/registry'
import { writeTarball } from './testing/write-tar'

it.each([
  ['./lib', 'file:/home/project/src/lib'],
  ['../lib/', 'file:/home/project/lib'],
  ['lib/', 'file:/home/project/src/lib'],
  ['file:lib', 'file:/home/project/src/lib'],
  ['named@file:lib', 'named@file:/home/project/src/lib'],
  ['@x/named@./lib', '@x/named@file:/home/project/src/lib'],
  ['lib-1.0.0.tgz', 'file:/home/project/src/lib-1.0.0.tgz'],
  ['/tmp/a.tar.gz', 'file:/tmp/a.tar.gz'],
  ...[
    'lib',
    '@x/lib',
    'lib@^1',
    'lib@npm:other@1',
    'user/repo',
    'https://x.example/a.tgz',
    'git@x.example:a/b.tar',
  ].map((word) => [word, word]),
])('%s means %s', (word, meaning) => {
  expect(onCommandLine({ cwd: '/home/project/src' }, [word])).toEqual([meaning])
})

describe('a tarball of the project', () => {
  const tarball = writeTarball([
    {
      path: 'package/package.json',
      text: JSON.stringify({ name: 'packed', version: '2.0.0', bin: 'cli.js', dependencies: { a: '1' } }),
    },
    { path: 'package/cli.js', text: 'packed' },
  ])
  const create = async () => {
    const machine = await createTestMachine(
      { 'package.json': { name: 'project', version: '1.0.0' } },
      createTestRegistry({ name: 'a', version: '1.0.0' }),
    )
    machine.write('vendor/packed-2.0.0.tgz', tarball)
    return machine
  }

  it('is installed with what it depends on, and again by the lock file', async () => {
    const machine = await create()
    expect(await machine.run('npm install ./vendor/packed-2.0.0.tgz')).toMatchObject({ code: 0, stderr: '' })
    expect(machine.json('package.json')).toMatchObject({ dependencies: { packed: 'file:vendor/packed-2.0.0.tgz' } })
    expect(machine.json('package-lock.json')).toMatchObject({
      packages: {
        'node_modules/packed': {
          version: '2.0.0',
          resolved: 'file:vendor/packed-2.0.0.tgz',
          integrity: expect.stringMatching(/^sha512-/),
        },
      },
    })
    expect(machine.names('node_modules')).toEqual(['.bin', '.package-lock.json', 'a', 'packed'])
    expect(await machine.run('npm ci')).toMatchObject({ code: 0, stderr: '' })
    expect(machine.read('node_modules/.bin/packed')).toBe('packed')
  })

  it('is refused when it is another one than the lock file knows, or none', async () => {
    const machine = await create()
    await machine.run('npm install vendor/packed-2.0.0.tgz')
    machine.write(
      'vendor/packed-2.0.0.tgz',
      writeTarball([{ path: 'package/package.json', text: '{"name":"packed","version":"2.0.0"}' }]),
    )
    expect(await machine.run('npm ci')).toMatchObject({ code: 1, stderr: expect.stringContaining('EINTEGRITY') })
    machine.write('vendor/packed-2.0.0.tgz', 'text')
    expect(await machine.run('npm install ./vendor/packed-2.0.0.tgz')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('vendor/packed-2.0.0.tgz is not the tarball of a package'),
    })
  })
})

it('a folder is linked by its path, and one that is no package is named', async () => {
  const machine = await createTestMachine(
    {
      'package.json': { name: 'project', version: '1.0.0' },
      'lib/package.json': { name: 'lib', version: '1.0.0' },
      'nameless/package.json': { version: '1.0.0' },
      'empty/index.js': '',
    },
    createTestRegistry(),
  )
  expect(await machine.run('npm install file:lib')).toMatchObject({ code: 0, stderr: '' })
  expect(machine.json('package.json')).toMatchObject({ dependencies: { lib: 'file:lib' } })
  for (const [word, why] of [
    ['./nameless', 'gives the package no name'],
    ['./empty', '/home/project/empty has no package.json'],
    ['./missing', 'There is no folder /home/project/missing'],
  ]) {
    expect(await machine.run(`npm install ${word}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(why ?? ''),
    })
  }
})
