// Runs the steps of a scenario with the real git, in a folder of its own: `{ steps, env }` comes in as JSON, the outcomes go
// out. A small process, since starting others takes longer the larger the one is that starts them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const { steps } = JSON.parse(readFileSync(0, 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'vitrine-git-'))
const own = {
  PATH: process.env.PATH,
  HOME: folder,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_PAGER: 'cat',
  GIT_MERGE_AUTOEDIT: 'no',
  COLUMNS: '80',
  LC_ALL: 'C',
}

function run({ args, env, answers }) {
  const options = {
    cwd: folder,
    env: { ...process.env, ...own, ...env },
    encoding: 'utf8',
    input: answers,
    stdio: 'pipe',
  }
  try {
    return { stdout: execFileSync('git', args, options), exitCode: 0 }
  } catch ({ stdout, status }) {
    return { stdout, exitCode: status }
  }
}

function write(path, content) {
  if (content === null) return rmSync(path)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

const outcomes = steps.map((step) => {
  if (step.kind === 'git') return run(step)
  const path = join(folder, step.path)
  if (step.kind === 'read') return existsSync(path) ? readFileSync(path, 'utf8') : null
  if (step.kind === 'link') symlinkSync(step.target, path)
  else write(path, step.content)
  return null
})
rmSync(folder, { recursive: true, force: true })
process.stdout.write(JSON.stringify({ folder, outcomes }))
