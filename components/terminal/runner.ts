import { createId, messageOf } from '@/lib/base'
import type { SandboxProcess } from '@/lib/sandbox'
import {
  createMarkReader,
  encodeLine,
  type OpenRequest,
  type ShellMark,
} from '@/lib/sandbox/embedded/shell/prompt-mark'
import type { Session } from '@/lib/session/types'
import { changeFolder } from './completion'
import { createForeground, type Screen } from './foreground'

export interface Place {
  /** Project-relative; above or beside the project it is the absolute path. */
  cwd: string
  branch: string | null
  branches: readonly string[]
  isUnfinished: boolean
}

/** What runs the lines of one terminal. */
export interface Runner {
  place(): Place
  /** Resolves when the next line may be typed, to what was typed ahead of it. */
  run(line: string): Promise<string>
  /** What is typed while a line runs. */
  input(data: string): void
  /** Takes what was typed while a line ran, and came too late for what `run` resolves to. */
  onLateInput(listener: (data: string) => void): void
  resize(): void
  /** Gives up the rest of an unfinished line. */
  reset(): void
  dispose(): void
}

const root = '/home/project'
const home: Place = { cwd: '', branch: null, branches: [], isUnfinished: false }

/**
 * One shell for the life of the terminal, so that folder, variables, functions, aliases and jobs stay from line to line.
 * It starts with the first line; when it ends (`exit`, a loop that had to be killed), the next line starts another where
 * it stood.
 */
export function createShellRunner(session: Session, screen: Screen, onOpen: (request: OpenRequest) => void): Runner {
  const foreground = createForeground(screen)
  let place = home
  let shell: SandboxProcess | null = null
  let prompts = 0
  let sent = 0
  let interrupts = 0
  let resolveRun: ((typedAhead: string) => void) | null = null
  let takeLate: (data: string) => void = () => undefined
  /** Late input of the line before. */
  let late = ''

  const finishRun = (unread = '') => {
    const unsent = foreground.finish()
    // As on any terminal, Ctrl+C takes back what was typed.
    resolveRun?.(interrupts > 0 ? '' : (late + unread).replaceAll('\n', '\r') + unsent)
    interrupts = 0
    late = ''
    resolveRun = null
  }

  function takeMark(mark: ShellMark) {
    if ('open' in mark) return onOpen(mark)
    if ('late' in mark) {
      if (resolveRun) late += mark.late
      else takeLate(mark.late.replaceAll('\n', '\r'))
      return
    }
    const { cwd, branch, branches, isUnfinished, unread } = mark
    const relative = cwd === root ? '' : cwd.startsWith(`${root}/`) ? cwd.slice(root.length + 1) : cwd
    place = { cwd: relative, branch, branches, isUnfinished }
    prompts += 1
    // The first prompt of a shell may come before or after the line that it was started for.
    if (sent > 0 && prompts > sent) finishRun(unread)
  }

  async function start(): Promise<SandboxProcess> {
    const nonce = createId()
    const marks = createMarkReader(nonce)
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
    prompts = 0
    sent = 0
    const cwd = place.cwd.startsWith('/') ? '' : place.cwd
    const child = await session.runtime.spawn('sh -i', {
      cwd,
      env: { VITRINE_TERMINAL: nonce },
      terminal: screen.size(),
    })
    shell = child
    child.onOutput(({ stream, data }) => {
      const text = decoders[stream].decode(data, { stream: true })
      if (stream === 'stderr') foreground.show(stream, text)
      else
        for (const part of marks.read(text)) typeof part === 'string' ? foreground.show(stream, part) : takeMark(part)
    })
    void child.exit.then(() => {
      if (shell === child) shell = null
      place = { ...place, isUnfinished: false }
      finishRun()
    })
    return child
  }

  return {
    place: () => place,
    async run(line) {
      const finished = new Promise<string>((resolve) => {
        resolveRun = resolve
      })
      try {
        const child = shell ?? (await start())
        sent += 1
        child.write(encodeLine(line))
        if (interrupts > 0) child.kill('SIGINT')
        return await finished
      } catch (error) {
        resolveRun = null
        screen.write(`\x1b[31m${messageOf(error)}\x1b[0m\r\n`)
        return ''
      }
    },
    input: (data) =>
      foreground.input(data, shell, () => {
        interrupts += 1
        shell?.kill(interrupts > 1 ? 'SIGKILL' : 'SIGINT')
      }),
    onLateInput(listener) {
      takeLate = listener
    },
    resize: () => shell?.resize(screen.size()),
    reset() {
      if (!place.isUnfinished) return
      // The shell waits for the rest of the line: it goes, and the next line starts a new one.
      shell?.kill('SIGKILL')
      shell = null
      place = { ...place, isUnfinished: false }
    },
    dispose: () => shell?.kill('SIGKILL'),
  }
}

/** A process a line, for a sandbox whose shell is not ours. Only the folder stays. */
export function createLineRunner(session: Session, screen: Screen): Runner {
  const foreground = createForeground(screen)
  let cwd = ''
  let child: SandboxProcess | null = null
  let interrupts = 0

  return {
    place: () => ({ ...home, cwd }),
    async run(line) {
      const folder = /^cd(?:\s+([^;&|]*))?$/.exec(line)
      if (folder) {
        const next = changeFolder(cwd, folder[1] ?? '', session.workspace.files.keys())
        if (next === null) screen.write(`cd: ${folder[1]}: no such folder in the project\r\n`)
        else cwd = next
        return ''
      }
      interrupts = 0
      try {
        child = await session.runtime.spawn(line, { cwd, terminal: screen.size() })
        const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
        child.onOutput(({ stream, data }) => foreground.show(stream, decoders[stream].decode(data, { stream: true })))
        if (interrupts > 0) child.kill('SIGINT')
        await child.exit
      } catch (error) {
        screen.write(`\x1b[31m${messageOf(error)}\x1b[0m\r\n`)
      }
      child = null
      return foreground.finish()
    },
    input: (data) =>
      foreground.input(data, child, () => {
        interrupts += 1
        child?.kill(interrupts > 1 ? 'SIGKILL' : 'SIGINT')
      }),
    onLateInput: () => undefined,
    resize: () => child?.resize(screen.size()),
    reset: () => undefined,
    dispose: () => child?.kill('SIGKILL'),
  }
}
