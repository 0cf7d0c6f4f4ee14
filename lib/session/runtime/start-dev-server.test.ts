import { describe, expect, it, vi } from 'vitest'
import { encodeUtf8 } from '@/lib/base'
import type { ExitStatus, SandboxProcess } from '@/lib/sandbox'
import { createWorkspace } from '@/lib/workspace'
import type { Session } from '../types'
import { startDevServer } from './start-dev-server'

interface Run {
  command: string
  say(text: string): void
  end(exitCode: number): void
}

function open(files: Record<string, string>, { installed = false } = {}) {
  const runs: Run[] = []
  const told: string[] = []
  const spawn = async (command: string): Promise<SandboxProcess> => {
    let listener: Parameters<SandboxProcess['onOutput']>[0] = () => undefined
    let end: (status: ExitStatus) => void = () => undefined
    const exit = new Promise<ExitStatus>((resolve) => {
      end = resolve
    })
    runs.push({
      command,
      say: (text) => listener({ stream: 'stdout', data: encodeUtf8(text) }),
      end: (exitCode) => end({ exitCode, timedOut: false }),
    })
    return {
      pid: runs.length,
      command,
      exit,
      onOutput(next) {
        listener = next
        return () => undefined
      },
      kill: () => end({ exitCode: 143, timedOut: false }),
      write: () => undefined,
      closeStdin: () => undefined,
      resize: () => undefined,
    }
  }
  const run = async () => ({ exitCode: installed ? 0 : 1, stdout: '', stderr: '', durationMs: 1, timedOut: false })
  const runtime = { spawn, run } as unknown as Session['runtime']
  const workspace = createWorkspace(new Map(Object.entries(files)))
  const server = startDevServer(workspace, runtime, (line) => told.push(line))
  return { server, runs, told }
}

const project = (scripts: object, dependencies: object = {}) => JSON.stringify({ scripts, dependencies })
const viteApp = { 'index.html': '', 'package.json': project({ dev: 'vite' }, { react: '1' }) }

describe('the server of a project', () => {
  it('is started after its packages are there, and tells how far it is', async () => {
    const { runs, told } = open(viteApp)
    await vi.waitFor(() => expect(runs).toHaveLength(1))
    runs[0]?.say('\x1b[32m[##..]\x1b[0m 10%\r[####] 90%')
    expect(told).toEqual(['npm install', '[####] 90%'])
    runs[0]?.end(0)
    await vi.waitFor(() => expect(runs.map(({ command }) => command)).toEqual(['npm install', 'npm run dev']))
  })

  it('is started at once where packages are installed or not needed', async () => {
    for (const { runs } of [
      open(viteApp, { installed: true }),
      open({ 'package.json': project({ start: 'node server.js' }) }),
    ]) {
      await vi.waitFor(() => expect(runs).toHaveLength(1))
      expect(runs[0]?.command).toMatch(/^npm run (dev|start)$/)
    }
  })

  it.each([
    ['a page shows without it', { 'index.html': '', 'package.json': project({ start: 'node server.js' }) }],
    ['there is no script', { 'package.json': project({ test: 'vitest' }) }],
    ['there is no package.json', {}],
    ['package.json is half typed', { 'package.json': '{"scripts": {' }],
  ])('is none when %s', (_reason, files) => {
    expect(open(files).server).toBeNull()
  })

  it('says why it did not start', async () => {
    const { server, runs } = open(viteApp)
    await vi.waitFor(() => expect(runs).toHaveLength(1))
    runs[0]?.say('10%\rnpm error no network\n')
    runs[0]?.end(1)
    await expect(server?.done).rejects.toThrow('“npm install” ended with exit code 1.\nnpm error no network')
    expect(runs).toHaveLength(1)
  })

  it('says so when the script ends by itself, as one that is no server does', async () => {
    const { server, runs } = open({ 'package.json': project({ start: 'node print.js' }) })
    await vi.waitFor(() => expect(runs).toHaveLength(1))
    runs[0]?.say('Total 12.05\n')
    runs[0]?.end(0)
    await expect(server?.done).rejects.toThrow('“npm run start” has ended and left no server behind.\nTotal 12.05')
  })

  it('is not missed when somebody ends it', async () => {
    const { server, runs } = open(viteApp, { installed: true })
    await vi.waitFor(() => expect(runs).toHaveLength(1))
    runs[0]?.end(143)
    await expect(server?.done).resolves.toBeUndefined()
  })

  it('is not missed when it is stopped', async () => {
    const { server, runs } = open(viteApp)
    await vi.waitFor(() => expect(runs).toHaveLength(1))
    server?.stop()
    await expect(server?.done).resolves.toBeUndefined()
    expect(runs).toHaveLength(1)
  })
})
