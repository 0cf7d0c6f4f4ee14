import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '@/lib/base'
import { projectRoot, type VirtualFs } from '../process/host'
import { createStdin } from '../process/stdin'
import { createFakeHost } from '../process/testing/fake-host'
import { createVirtualFs } from '../process/virtual-fs'
import { git } from './git'
import { lossScenarios } from './testing/loss-scenarios'
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

type RealStep =
  | { kind: 'git'; args: string[]; env: Record<string, string>; answers: string }
  | { kind: 'read'; path: string }
  | { kind: 'link'; path: string; target: string }
  | { kind: 'write'; path: string; content: string | null }

const realGit = fileURLToPath(new URL('testing/real-git.mjs', import.meta.url))

/** What the real git answers to the steps, in their order. */
function runReal(steps: readonly RealStep[]): { folder: string; outcomes: unknown[] } {
  const input = JSON.stringify({ steps })
  return JSON.parse(execFileSync(process.execPath, [realGit], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }))
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(!hasGit)('git prints what the real one prints', () => {
  for (const [title, steps] of Object.entries({ ...scenarios, ...mergeScenarios, ...lossScenarios })) {
    it(title, async () => {
      const ours = openOurs()
      const found: unknown[] = []
      const real: RealStep[] = []
      /** What is to be expected of a step, given what the real one answered. */
      const wanted = new Map<number, (answer: unknown, folder: string) => unknown>()
      for (const [index, step] of steps.entries()) {
        if (typeof step === 'string' || Array.isArray(step) || 'git' in step) {
          const run: Run = typeof step === 'object' && 'git' in step ? step : {}
          const args = Array.isArray(step) ? step : (typeof step === 'string' ? step : step.git).split(' ')
          const name = args.join(' ')
          // Our stashes end their message with a line feed, so their ids differ.
          const hideId = (text: string) => {
            if (run.answers !== undefined) return ''
            return /^stash|autostash/.test(name) ? text.replaceAll(/\b(?:[0-9a-f]{40}|[0-9a-f]{7})\b/g, '<id>') : text
          }
          const { stderr, ...outcome } = await ours.git(args, index, run)
          const more = outcome.exitCode > 1 && { stderr }
          found.push({ name, ...outcome, stdout: hideId(outcome.stdout), ...more })
          wanted.set(real.length, (answer, folder) => {
            const truth = answer as Outcome
            return { name, ...truth, stdout: hideId(truth.stdout.replaceAll(folder, projectRoot)), ...more }
          })
          const env = { ...identity, GIT_EDITOR: 'true', ...datesAt(index), ...run.env }
          real.push({ kind: 'git', args, env, answers: run.answers ?? '' })
        } else if ('read' in step) {
          const path = step.read
          found.push({ path, content: ours.read(path) })
          wanted.set(real.length, (content) => ({ path, content }))
          real.push({ kind: 'read', path })
        } else if ('link' in step) {
          for (const [path, target] of Object.entries(step.link)) {
            ours.link(path, target)
            real.push({ kind: 'link', path, target })
          }
        } else {
          for (const [path, content] of Object.entries(step.write)) {
            ours.write(path, content)
            real.push({ kind: 'write', path, content })
          }
        }
      }
      const { folder, outcomes } = runReal(real)
      const expected = outcomes.flatMap((answer, index) => wanted.get(index)?.(answer, folder) ?? [])
      expect(found).toEqual(expected)
    }, 60_000)
  }
})

it('refuses to merge a file with a folder of its name, and changes nothing', async () => {
  const ours = openOurs()
  const run = (line: string) => ours.git(line.split(' '), 1, {})
  ours.write('a', 'a\n')
  for (const line of ['init -q -b main', 'add .', 'commit -qm base', 'switch -qc side']) await run(line)
  ours.write('d/x', 'x\n')
  for (const line of ['add .', 'commit -qm folder', 'switch -q main']) await run(line)
  ours.write('d', 'file\n')
  for (const line of ['add .', 'commit -qm file']) await run(line)
  expect(await run('merge side')).toMatchObject({ exitCode: 128, stderr: expect.stringContaining('d is a file') })
  expect(ours.read('d')).toBe('file\n')
  expect((await run('status -s')).stdout).toBe('')
})
