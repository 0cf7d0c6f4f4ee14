import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../process/host'
import { createFakeHost } from '../process/testing/fake-host'
import { shell } from './shell'

/** Scripts that end in a line of `###`. */
const scripts = readFileSync(join(import.meta.dirname, 'testing/bash-scripts.txt'), 'utf8')
  .split('\n###\n')
  .map((script) => script.trim())
  .filter(Boolean)

const files: Record<string, string> = {
  'a.txt': 'alpha\nbeta\ngamma\n',
  'b.txt': 'beta\ndelta\n',
  'src/x.ts': 'export const x = 1\nconst y = 2\n',
  'src/n.txt': '1\n2\n',
  'data.csv': 'bob,3\namy,5\n',
}

const isBash = (() => {
  try {
    return execFileSync('bash', ['--version'], { encoding: 'utf8' }).includes('version 5.')
  } catch {
    return false
  }
})()

describe.skipIf(!isBash)('scripts do what they do in bash', () => {
  const machine = mkdtempSync(join(tmpdir(), 'vitrine-bash-'))
  const placeOf = (index: number) => join(machine, String(index), 'project')

  beforeAll(() => {
    const runs = scripts.map((script, index) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(placeOf(index), name)), { recursive: true })
        writeFileSync(join(placeOf(index), name), text)
      }
      writeFileSync(join(machine, `${index}.sh`), script)
      const run = `HOME=$PWD bash -c "$(cat ../../${index}.sh)"`
      return `(cd ${placeOf(index)} && ${run}) >${machine}/${index}.out 2>${machine}/${index}.err; echo $? >${machine}/${index}.code`
    })
    execFileSync('bash', ['-c', runs.join('\n')], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      stdio: 'ignore',
    })
  }, 60_000)
  afterAll(() => rmSync(machine, { recursive: true, force: true }))

  it.each(scripts.map((script, index) => [script, index] as const))('%s', async (script, index) => {
    const fake = createFakeHost(['bash', '-c', script], files)
    const exitCode = await shell(fake.host)
    const real = (kind: string) => readFileSync(join(machine, `${index}.${kind}`), 'utf8')
    expect({ stdout: fake.stdout(), isToldWrong: fake.stderr() !== '', exitCode }).toEqual({
      stdout: real('out').replaceAll(placeOf(index), projectRoot),
      isToldWrong: real('err') !== '',
      exitCode: Number(real('code')),
    })
  })
})
