import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '@/lib/base'
import { projectRoot, type VirtualFs } from '../process/host'
import { createStdin } from '../process/stdin'
import { createFakeHost } from '../process/testing/fake-host'
import { createVirtualFs } from '../process/virtual-fs'
import { git } from './git'
import { mergeScenarios } from './testing/merge-scenarios'
import { scenarios } from './testing/scenarios'

const hasGit = (() => {
  try {
    return execFileSync('git', ['--version']).length > 0
  } catch {
    return false
  }
})()

const identity = {
  GIT_AUTHOR_NAME: 'Ada Lovelace',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada Lovelace',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}
const datesAt = (step: number) => ({
  GIT_AUTHOR_DATE: `${1_700_000_000 + step * 60} +0100`,
  GIT_COMMITTER_DATE: `${1_700_000_000 + step * 60} +0100`,
})

interface Outcome {
  stdout: string
  exitCode: number
}

interface Run {
  env?: Record<string, string>
  answers?: string
}

/** Lines that git runs: real commands, which change the file that the line ends with. */
function runEditor(fs: VirtualFs, line: string): { exitCode: number } {
  const path = /\S+$/.exec(line)?.[0].replaceAll("'", '') ?? ''
  const copy = join(mkdtempSync(join(tmpdir(), 'vitrine-git-')), 'file')
  folders.push(dirname(copy))
  writeFileSync(copy, fs.readFile(path))
  execFileSync('sh', ['-c', line.replace(/\S+$/, copy)])
  fs.writeFile(path, readFileSync(copy))
  return { exitCode: 0 }
}

/** Our git on files in memory. */
function openOurs() {
  const fs = createVirtualFs([])
  fs.mkdir(projectRoot, { recursive: true })
  return {
    async git(args: string[], step: number, { env = {}, answers = '' }: Run): Promise<Outcome & { stderr: string }> {
      const fake = createFakeHost(['git', ...args], {}, ([, , line = '']) => runEditor(fs, line))
      const stdin = createStdin(encodeUtf8(answers))
      Object.assign(fake.host, { fs, stdin, env: { GIT_EDITOR: 'true', ...identity, ...datesAt(step), ...env } })
      const exitCode = await git(fake.host)
      return { stdout: fake.stdout(), stderr: fake.stderr(), exitCode }
    },
    write(path: string, content: string | null) {
      const full = `${projectRoot}/${path}`
      if (content === null) return fs.rm(full)
      fs.mkdir(dirname(full), { recursive: true })
      fs.writeFile(full, content)
    },
    link: (path: string, target: string) => fs.symlink(target, `${projectRoot}/${path}`),
    read(path: string): string | null {
      const full = `${projectRoot}/${path}`
      return fs.exists(full) ? decodeUtf8(fs.readFile(full)) : null
    },
  }
}

/** The real one, in a folder of its own. */
function openReal() {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-git-'))
  folders.push(folder)
  const env = {
    ...identity,
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_PAGER: 'cat',
    GIT_MERGE_AUTOEDIT: 'no',
    GIT_EDITOR: 'true',
    COLUMNS: '80',
    LC_ALL: 'C',
  }
  return {
    git(args: string[], step: number, { env: extra = {}, answers = '' }: Run): Outcome {
      try {
        const stdout = execFileSync('git', args, {
          cwd: folder,
          env: { ...process.env, ...env, ...datesAt(step), ...extra },
          encoding: 'utf8',
          input: answers,
          stdio: 'pipe',
        })
        return { stdout, exitCode: 0 }
      } catch (error) {
        const { stdout, status } = error as { stdout: string; status: number }
        return { stdout, exitCode: status }
      }
    },
    write(path: string, content: string | null) {
      const full = join(folder, path)
      if (content === null) return rmSync(full)
      mkdirSync(dirname(full), { recursive: true })
      writeFileSync(full, content)
    },
    link: (path: string, target: string) => symlinkSync(target, join(folder, path)),
    read(path: string): string | null {
      const full = join(folder, path)
      return existsSync(full) ? execFileSync('cat', [full], { encoding: 'utf8' }) : null
    },
    folder,
  }
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(!hasGit)('git prints what the real one prints', () => {
  for (const [title, steps] of Object.entries({ ...scenarios, ...mergeScenarios })) {
    it(title, async () => {
      const ours = openOurs()
      const real = openReal()
      const found: unknown[] = []
      const expected: unknown[] = []
      for (const [index, step] of steps.entries()) {
        if (typeof step === 'string' || Array.isArray(step) || 'git' in step) {
          const run: Run = typeof step === 'object' && 'git' in step ? step : {}
          const args = Array.isArray(step) ? step : (typeof step === 'string' ? step : step.git).split(' ')
          const name = args.join(' ')
          // Our stashes end their message with a line feed, so their ids differ.
          const hideId = (text: string) => {
            if (run.answers !== undefined) return ''
            return name.startsWith('stash') ? text.replaceAll(/[0-9a-f]{40}/g, '<id>') : text
          }
          const { stderr, ...outcome } = await ours.git(args, index, run)
          found.push({ name, ...outcome, stdout: hideId(outcome.stdout), ...(outcome.exitCode > 1 && { stderr }) })
          const truth = real.git(args, index, run)
          const stdout = truth.stdout.replaceAll(real.folder, projectRoot)
          expected.push({ name, ...truth, stdout: hideId(stdout), ...(outcome.exitCode > 1 && { stderr }) })
        } else if ('read' in step) {
          found.push({ path: step.read, content: ours.read(step.read) })
          expected.push({ path: step.read, content: real.read(step.read) })
        } else if ('link' in step) {
          for (const [path, target] of Object.entries(step.link)) {
            ours.link(path, target)
            real.link(path, target)
          }
        } else {
          for (const [path, content] of Object.entries(step.write)) {
            ours.write(path, content)
            real.write(path, content)
          }
        }
      }
      expect(found).toEqual(expected)
    }, 60_000)
  }
})
