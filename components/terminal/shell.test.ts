import { describe, expect, it, vi } from 'vitest'
import { encodeUtf8 } from '@/lib/base'
import type { SandboxProcess } from '@/lib/sandbox'
import type { Session } from '@/lib/session/types'
import { createWorkspace } from '@/lib/workspace'
import { createShell } from './shell'

/** A shell on a sandbox that answers with `output`; `screen` is all that was written, without escape sequences. */
function open(output = 'ok\n') {
  const written: string[] = []
  const kill = vi.fn()
  const stdin: string[] = []
  let finish = () => {}
  const spawn = vi.fn(async (command: string, _options?: unknown): Promise<SandboxProcess> => {
    const exit = new Promise<{ exitCode: number; timedOut: boolean }>((resolve) => {
      finish = () => resolve({ exitCode: 0, timedOut: false })
    })
    return {
      pid: 1,
      command,
      onOutput: (listener) => {
        listener({ stream: 'stdout', data: encodeUtf8(output) })
        return () => {}
      },
      write: (data) => stdin.push(String(data)),
      closeStdin: () => {},
      resize: () => {},
      kill,
      exit,
    }
  })
  const memory = new Map<string, unknown>()
  const session = {
    workspace: createWorkspace(new Map([['src/main.ts', '']])),
    runtime: { spawn },
    memory: { get: (key: string) => memory.get(key), set: (key: string, value: unknown) => memory.set(key, value) },
  } as unknown as Session
  const shell = createShell(session, {
    write: (text) => written.push(text),
    clear: () => written.push('<clear>'),
    size: () => ({ columns: 80, rows: 24 }),
  })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: strips escape sequences
  const screen = () => written.join('').replace(/\x1b\[[0-9;]*[A-Za-z]/g, '')
  return { shell, spawn, kill, stdin, memory, screen, finish: () => finish() }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('shell', () => {
  it('runs a line in the sandbox and comes back with a prompt', async () => {
    const { shell, spawn, screen, finish } = open()
    shell.input('npm test\r')
    await settled()
    finish()
    await settled()
    expect(spawn).toHaveBeenCalledWith('npm test', { cwd: '', terminal: { columns: 80, rows: 24 } })
    expect(screen()).toMatch(/ok\r\n\r~ ❯ \r$/)
  })

  it('keeps the folder that cd went to', async () => {
    const { shell, spawn, screen } = open()
    shell.input('cd src\r')
    shell.input('cd nowhere\r')
    shell.input('ls\r')
    await settled()
    expect(screen()).toContain('cd: nowhere: no such folder')
    expect(spawn.mock.calls[0]?.[1]).toMatchObject({ cwd: 'src' })
  })

  it('interrupts, then kills', async () => {
    const { shell, kill } = open()
    shell.input('sleep 100\r')
    await settled()
    shell.input('\x03')
    shell.input('\x03')
    expect(kill.mock.calls).toEqual([['SIGINT'], ['SIGKILL']])
  })

  it('hands what is typed to the running program, line by line', async () => {
    const { shell, stdin } = open()
    shell.input('node ask.js\r')
    await settled()
    shell.input('Adx\x7fa\r')
    expect(stdin).toEqual(['Ada\n'])
  })

  it('recalls earlier lines and remembers them', async () => {
    const { shell, spawn, memory, finish } = open()
    shell.input('one\r')
    await settled()
    finish()
    await settled()
    shell.input('\x1b[A\r')
    await settled()
    expect(spawn.mock.calls.map(([command]) => command)).toEqual(['one', 'one'])
    expect(memory.get('terminal-history')).toEqual(['one'])
  })

  it('runs pasted lines one after the other', async () => {
    const { shell, spawn, finish } = open()
    shell.input('one\rtwo\r')
    await settled()
    expect(spawn).toHaveBeenCalledTimes(1)
    finish()
    await settled()
    expect(spawn.mock.calls.map(([command]) => command)).toEqual(['one', 'two'])
  })

  it('does not let a program reach the title or the clipboard', async () => {
    const { shell, screen } = open('a\x1b]52;c;ZXZpbA==\x07b\n')
    shell.input('evil\r')
    await settled()
    expect(screen()).toContain('ab\r\n')
    expect(screen()).not.toContain(']52')
  })

  it('says why a command could not start', async () => {
    const { shell, spawn, screen } = open()
    spawn.mockRejectedValueOnce(new Error('The sandbox is gone.'))
    shell.input('ls\r')
    await settled()
    expect(screen()).toMatch(/The sandbox is gone\.\r\n\r~ ❯ \r$/)
  })
})
