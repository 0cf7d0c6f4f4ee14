import { describe, expect, it, vi } from 'vitest'
import { encodeUtf8 } from '@/lib/base'
import type { SandboxProcess } from '@/lib/sandbox'
import { decodeLine, encodePrompt, type PromptState } from '@/lib/sandbox/embedded/shell/prompt-mark'
import type { Session } from '@/lib/session/types'
import { createWorkspace } from '@/lib/workspace'
import { createLineRunner, createShellRunner } from './runner'
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
  const view = {
    write: (text: string) => written.push(text),
    clear: () => written.push('<clear>'),
    size: () => ({ columns: 80, rows: 24 }),
  }
  const shell = createShell(session, view, createLineRunner(session, view))
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
    for (const command of ['cd src', 'cd nowhere', 'ls']) {
      shell.input(`${command}\r`)
      await settled()
    }
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

/** A terminal on one shell process that answers each line with `answer` and then prompts. */
function openPersistent(answer: (line: string) => { output?: string; state?: Partial<PromptState>; late?: string }) {
  const written: string[] = []
  const opened: unknown[] = []
  const kill = vi.fn()
  let spawned = 0
  const place: PromptState = {
    cwd: '/home/project',
    branch: null,
    branches: [],
    exitCode: 0,
    isUnfinished: false,
    unread: '',
  }
  const spawn = async (command: string, options: { env: Record<string, string> }): Promise<SandboxProcess> => {
    spawned += 1
    const nonce = options.env.VITRINE_TERMINAL ?? ''
    let listener: Parameters<SandboxProcess['onOutput']>[0] = () => undefined
    let end: () => void = () => undefined
    const say = (text: string) => listener({ stream: 'stdout', data: encodeUtf8(text) })
    const exit = new Promise<{ exitCode: number; timedOut: boolean }>((resolve) => {
      end = () => resolve({ exitCode: 0, timedOut: false })
    })
    return {
      pid: 1,
      command,
      exit,
      kill,
      resize: () => undefined,
      closeStdin: () => undefined,
      onOutput(next) {
        listener = next
        say(encodePrompt(nonce, place))
        return () => undefined
      },
      write(data) {
        const line = decodeLine(String(data).trim()) ?? ''
        if (line === 'exit') return end()
        const { output = '', state, late } = answer(line)
        // A program that knows only a part of the mark cannot pretend to be the prompt.
        say(`${output}${encodePrompt('other', { ...place, cwd: '/forged' })}`)
        Object.assign(place, state)
        say(encodePrompt(nonce, place))
        if (late !== undefined) setTimeout(() => say(encodePrompt(nonce, { late })), 0)
      },
    }
  }
  const memory = new Map<string, unknown>()
  const session = {
    workspace: createWorkspace(new Map([['src/main.ts', '']])),
    runtime: { spawn },
    memory: { get: (key: string) => memory.get(key), set: (key: string, value: unknown) => memory.set(key, value) },
  } as unknown as Session
  const view = {
    write: (text: string) => written.push(text),
    clear: () => written.push('<clear>'),
    size: () => ({ columns: 80, rows: 24 }),
  }
  const runner = createShellRunner(session, view, (request) => opened.push(request))
  const shell = createShell(session, view, runner)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: strips escape sequences
  const screen = () => written.join('').replace(/\x1b\[[0-9;]*[A-Za-z]/g, '')
  return { shell, runner, screen, raw: () => written.join(''), memory, spawned: () => spawned }
}

describe('a terminal with a shell of its own', () => {
  it('runs all lines in one shell and shows its folder and branch', async () => {
    const { shell, screen, spawned } = openPersistent((line) => ({
      output: `ran ${line}\n`,
      state: { cwd: '/home/project/src', branch: 'main' },
    }))
    shell.input('cd src\r')
    await settled()
    shell.input('ls\r')
    await settled()
    expect(screen()).toContain('ran cd src\r\n')
    expect(screen()).toMatch(/ran ls\r\n\r~\/src main ❯ $|ran ls\r\n\r~\/src main ❯ \r$/)
    expect(screen()).not.toContain('forged')
    expect(spawned()).toBe(1)
  })

  it('shows a branch and a folder whose names hold escape sequences without obeying them', async () => {
    const { shell, raw } = openPersistent(() => ({
      state: { cwd: '/home/project/a\x1b[2Jb', branch: 'main\x1b]0;title\x07\x9b5A\u202e' },
    }))
    shell.input('ls\r')
    await settled()
    expect(raw()).toContain('~/a?[2Jb')
    expect(raw()).toContain('main?]0;title??5A?')
    for (const sequence of ['\x1b[2J', '\x1b]0', '\x9b', '\u202e']) expect(raw()).not.toContain(sequence)
  })

  it('asks for more while a line is unfinished', async () => {
    const { shell, screen } = openPersistent((line) => ({ state: { isUnfinished: line === 'if true' } }))
    shell.input('if true\r')
    await settled()
    expect(screen()).toMatch(/\r> \r$/)
    shell.input('fi\r')
    await settled()
    expect(screen()).toMatch(/~ ❯ \r$/)
  })

  it('puts what no program took of the typing into the next line', async () => {
    const lines: string[] = []
    const { shell, screen } = openPersistent((line) => {
      lines.push(line)
      return { state: { unread: line === 'slow' ? 'next\nhal' : '' } }
    })
    shell.input('slow\r')
    shell.input('f')
    await settled()
    expect(lines).toEqual(['slow', 'next'])
    expect(screen()).toMatch(/❯ half\r\S*$|❯ half/)
  })

  it('types what came too late for the prompt', async () => {
    const lines: string[] = []
    const { shell } = openPersistent((line) => {
      lines.push(line)
      return { state: { isUnfinished: line === "echo 'a" }, ...(line === "echo 'a" && { late: "b'\n" }) }
    })
    shell.input("echo 'a\r")
    await settled()
    await settled()
    expect(lines).toEqual(["echo 'a", "b'"])
  })

  it('starts another shell when the first has ended', async () => {
    const { shell, spawned } = openPersistent(() => ({}))
    shell.input('exit\r')
    await settled()
    shell.input('ls\r')
    await settled()
    expect(spawned()).toBe(2)
  })

  it('finds earlier lines with Ctrl+R', async () => {
    const { shell, memory, screen } = openPersistent(() => ({}))
    for (const line of ['npm test', 'node a.js', 'ls']) {
      shell.input(`${line}\r`)
      await settled()
    }
    for (const key of ['\x12', 'n', '\x12']) shell.input(key)
    expect(screen()).toMatch(/\(search\) n: npm test/)
    shell.input('\r')
    await settled()
    expect(memory.get('terminal-history')).toEqual(['npm test', 'node a.js', 'ls', 'npm test'])
  })
})
