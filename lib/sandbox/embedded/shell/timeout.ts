import { joinBytes } from '@/lib/base'
import type { MachineHost } from '../process/machine-host'
import { bytesResult, childInput, type Execute, failure } from './command'
import { CommandFailure, readToolOptions } from './text/tool-options'

const spec = {
  flags: { '--preserve-status': [], '--foreground': [] },
  values: { '--signal': ['-s'], '--kill-after': ['-k'] },
}
const seconds: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** GNU's `timeout`: the command is a process, and what it printed until it was ended is there. */
export function createTimeout(host: MachineHost, isLive: boolean): Execute {
  return async (args, context) => {
    try {
      const at = args.findIndex(
        (word, index) => !word.startsWith('-') && !/^(?:-[sk]|--signal|--kill-after)$/.test(args[index - 1] ?? ''),
      )
      const options = readToolOptions('timeout', args.slice(0, at), spec, 125)
      const [duration = '', ...argv] = at === -1 ? [] : args.slice(at)
      if (argv.length === 0) return failure("timeout: missing operand\nTry 'timeout --help' for more information.", 125)
      const limit = readSeconds(duration)
      const signal = signalOf(options.value('--signal') ?? 'TERM')
      const child = host.spawn(argv, {
        cwd: context.cwd,
        env: context.exportedEnv ?? host.env,
        stdin: childInput(context),
        ...(!isLive && { output: 'captured' as const }),
      })
      const chunks: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] }
      child.onOutput(({ stream, data }) => (isLive ? host[stream](data) : chunks[stream].push(data)))
      context.signal?.addEventListener('abort', () => child.kill('SIGINT'))
      let isOver = false
      const stop = () => {
        isOver = true
        child.kill(signal)
        const grace = options.value('--kill-after')
        if (grace !== undefined) setTimeout(() => child.kill('SIGKILL'), readSeconds(grace) * 1000)
      }
      const timer = limit > 0 ? setTimeout(stop, limit * 1000) : undefined
      const code = await child.exit
      clearTimeout(timer)
      const isKilled = signal === 'SIGKILL' || (options.value('--kill-after') !== undefined && code === 137)
      const exitCode = isOver && !options.has('--preserve-status') ? (isKilled ? 137 : 124) : code
      const stderr = new TextDecoder().decode(joinBytes(chunks.stderr))
      return { ...bytesResult(joinBytes(chunks.stdout)), stderr, exitCode }
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      return failure(error.message, error.exitCode)
    }
  }
}

function readSeconds(text: string): number {
  const [, number, unit = ''] = /^(\d*\.?\d+)([smhd]?)$/.exec(text) ?? []
  if (number === undefined) throw new CommandFailure(`timeout: invalid time interval '${text}'`, 125)
  return Number(number) * (seconds[unit] ?? 1)
}

function signalOf(word: string): 'SIGINT' | 'SIGTERM' | 'SIGKILL' {
  const known = { INT: 'SIGINT', 2: 'SIGINT', TERM: 'SIGTERM', 15: 'SIGTERM', KILL: 'SIGKILL', 9: 'SIGKILL' } as const
  const name = word.replace(/^SIG/, '')
  if (!Object.hasOwn(known, name)) throw new CommandFailure(`timeout: ${word}: invalid signal`, 125)
  return known[name as keyof typeof known]
}
