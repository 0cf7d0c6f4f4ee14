import { createTerminalFilter } from '@/lib/safety'
import type { SandboxProcess } from '@/lib/sandbox'

export interface Screen {
  write(text: string): void
  clear(): void
  size(): { columns: number; rows: number }
}

/** Shows what a program writes, and takes what is typed for it, echoed and line by line. */
export function createForeground(screen: Screen) {
  const filters = { stdout: createTerminalFilter(), stderr: createTerminalFilter() }
  let typed = ''
  let atLineStart = true

  const showSafe = (text: string) => {
    if (text === '') return
    screen.write(text.replaceAll(/\r?\n/g, '\r\n'))
    atLineStart = text.endsWith('\n')
  }

  return {
    show: (stream: 'stdout' | 'stderr', text: string) => showSafe(filters[stream].push(text)),
    /** The prompt begins on a line of its own. */
    finish() {
      if (!atLineStart) screen.write('\r\n')
      atLineStart = true
      typed = ''
    },
    input(data: string, child: Pick<SandboxProcess, 'write' | 'closeStdin'> | null, interrupt: () => void) {
      for (const character of data.replaceAll('\r\n', '\r')) {
        if (character === '\x03') {
          showSafe('^C\n')
          interrupt()
        } else if (character === '\x1a') {
          showSafe('^Z\nA program cannot be paused here. Start it with & to run it beside the shell.\n')
        } else if (character === '\x04') child?.closeStdin()
        else if (character === '\r') {
          showSafe('\n')
          child?.write(`${typed}\n`)
          typed = ''
        } else if (character === '\x7f' && typed !== '') {
          typed = [...typed].slice(0, -1).join('')
          screen.write('\b \b')
        } else if (character >= ' ' && character !== '\x7f') {
          typed += character
          showSafe(character)
        }
      }
    },
  }
}
