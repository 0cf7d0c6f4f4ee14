import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../process/host'
import { createFakeHost } from '../../process/testing/fake-host'
import { shell } from '../shell'
import { lines as allLines, files } from './testing/gnu-lines'

const isGnu = (() => {
  try {
    const version = (tool: string) => execFileSync(tool, ['--version'], { encoding: 'utf8' })
    return ['grep', 'sort', 'diff', 'patch'].every((tool) => version(tool).includes('GNU'))
  } catch {
    return false
  }
})()

/** Not on every machine. */
const missing = ['bc', 'cmp', 'hexdump', 'jq', 'xxd'].filter((tool) => {
  try {
    execFileSync('which', [tool], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
})
const lines = allLines.filter((line) => !missing.some((tool) => new RegExp(`\\b${tool}\\b`).test(line)))

/** Times in headers are not those of the other machine. */
const tidy = (text: string, folder = projectRoot) =>
  text.replaceAll(folder, projectRoot).replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, '<time>')

describe.skipIf(!isGnu)('text commands print what GNU’s print', () => {
  const machine = mkdtempSync(join(tmpdir(), 'vitrine-text-'))

  /** All lines in one bash, each in a folder of its own: a process a line would take too long. */
  beforeAll(() => {
    const script = lines.map((line, index) => {
      const folder = join(machine, String(index))
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, 'project', name)), { recursive: true })
        writeFileSync(join(folder, 'project', name), text)
      }
      writeFileSync(join(folder, 'line'), line)
      return `(cd ${folder}/project && eval "$(cat ../line)") >${folder}/stdout 2>${folder}/stderr; echo $? >${folder}/code`
    })
    execFileSync('bash', ['-c', script.join('\n')], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    })
  }, 60_000)
  afterAll(() => rmSync(machine, { recursive: true, force: true }))

  it.each(lines.map((line, index) => [line, index] as const))('%s', async (line, index) => {
    const fake = createFakeHost(['sh', '-c', line], files)
    const exitCode = await shell(fake.host)
    const real = (name: string) => readFileSync(join(machine, String(index), name), 'utf8')
    expect({ stdout: tidy(fake.stdout()), isToldWrong: fake.stderr() !== '', exitCode }).toEqual({
      stdout: tidy(real('stdout'), join(machine, String(index), 'project')),
      isToldWrong: real('stderr') !== '',
      exitCode: Number(real('code')),
    })
  })
})
