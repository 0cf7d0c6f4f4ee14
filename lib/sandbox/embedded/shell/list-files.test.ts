import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createVirtualFs } from '../process/virtual-fs'
import type { CommandContext } from './command'
import { listFiles } from './list-files'

const fs = createVirtualFs([])
const hour = 3600 * 1000
const now = Math.floor(Date.now() / 1000) * 1000
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vitrine-ls-'))
  fs.mkdir('/p', { recursive: true })
  const made: [path: string, bytes: number, ageMs: number][] = [
    ['a.txt', 3, hour],
    ['big.bin', 123_456, 2 * hour],
    ['run.sh', 10, 400 * 24 * hour],
    ['.hidden', 1, hour],
    ['src/x.js', 5, hour],
    ['src/deep/y.js', 5, hour],
  ]
  for (const path of ['src', 'src/deep', 'empty']) {
    fs.mkdir(`/p/${path}`)
    mkdirSync(join(folder, path))
  }
  for (const [path, bytes, ageMs] of made) {
    writeFileSync(join(folder, path), 'x'.repeat(bytes))
    utimesSync(join(folder, path), (now - ageMs) / 1000, (now - ageMs) / 1000)
    fs.writeFile(`/p/${path}`, 'x'.repeat(bytes))
    fs.utimes(`/p/${path}`, now - ageMs)
  }
  chmodSync(join(folder, 'run.sh'), 0o755)
  fs.chmod('/p/run.sh', 0o755)
  for (const [path, target] of [
    ['current', 'a.txt'],
    ['folder', 'src'],
    ['broken', 'nowhere'],
  ] as const) {
    symlinkSync(target, join(folder, path))
    fs.symlink(target, `/p/${path}`)
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const context = {
  cwd: '/p',
  fs: { resolvePath: (base: string, path: string) => (path === '.' ? base : `${base}/${path}`) },
} as CommandContext

/** What differs between machines: owners, and how many names and bytes a folder has. */
const comparable = (text: string) =>
  text
    .replaceAll(/^([-dl][-rwx]{9}) +\d+ \S+ \S+ +/gm, '$1 1 owner ')
    .replaceAll(/^(d\S+ 1 owner )\d+ (.{12})/gm, '$1<size> <date>')
    .replaceAll(/^(l\S+ 1 owner \d+ ).{12}/gm, '$1<date>')

const cases = [
  '',
  '-a',
  '-A1',
  '-l',
  '-lA',
  '-lh big.bin a.txt',
  '-R',
  '-lR src',
  '-S -r a.txt big.bin run.sh',
  '-t a.txt big.bin run.sh',
  '-F',
  '-p',
  '-d src folder',
  '-l folder',
  'folder',
  'folder/',
  '-l folder/',
  '-l broken current',
  'src empty a.txt',
  'a.txt none src',
  'empty',
  '--all --color=always empty',
]

it.skipIf(process.platform !== 'linux').each(cases)('ls %s prints what coreutils print', (line) => {
  const args = line === '' ? [] : line.split(' ')
  const env = { ...process.env, LC_ALL: 'C' }
  let expected = ''
  let exitCode = 0
  try {
    const real = args.filter((word) => !word.startsWith('--color'))
    expected = execFileSync('ls', real, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const failed = error as { stdout: string; status: number }
    expected = failed.stdout
    exitCode = failed.status
  }
  const found = listFiles(fs, args, context)
  expect({ stdout: comparable(found.stdout), exitCode: found.exitCode }).toEqual({
    stdout: comparable(expected),
    exitCode,
  })
})

it('says what is not there and what it does not know', () => {
  expect(listFiles(fs, ['none'], context).stderr).toBe("ls: cannot access 'none': No such file or directory\n")
  expect(listFiles(fs, ['-l', '-Y'], context)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("'Y'") })
})
