/** What a command line of GNU `timeout` says, or why it says nothing. */
type TimeoutArguments = TimedCommand | { problem: string }
type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGKILL'

interface TimedCommand {
  /** 0 for no limit. */
  limitMs: number
  killAfterMs: number
  signal: EndingSignal
  keepsStatus: boolean
  argv: string[]
}

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const signals: Record<string, EndingSignal> = {
  INT: 'SIGINT',
  2: 'SIGINT',
  KILL: 'SIGKILL',
  9: 'SIGKILL',
  TERM: 'SIGTERM',
  15: 'SIGTERM',
}

export function parseTimeout(args: readonly string[]): TimeoutArguments {
  const out: TimedCommand = { limitMs: 0, killAfterMs: 0, signal: 'SIGTERM', keepsStatus: false, argv: [] }
  const left = [...args]
  for (let word = left[0]; word?.startsWith('-'); word = left[0]) {
    left.shift()
    if (word === '--') break
    if (/^(--foreground|-f|--verbose|-v)$/.test(word)) continue
    if (/^(--preserve-status|-p)$/.test(word)) {
      out.keepsStatus = true
      continue
    }
    const [, name = '', inline] = /^(--signal|--kill-after|-s|-k)(?:=?(.+))?$/.exec(word) ?? []
    if (name === '') return { problem: `unrecognized option '${word}'` }
    const value = inline ?? left.shift() ?? ''
    if (name.endsWith('s') || name === '--signal') {
      const signal = signals[value.replace(/^SIG/, '')]
      if (!signal) return { problem: `${value}: invalid signal` }
      out.signal = signal
    } else {
      const ms = durationOf(value)
      if (ms === null) return { problem: `invalid time interval '${value}'` }
      out.killAfterMs = ms
    }
  }
  const [duration = '', ...argv] = left
  if (argv.length === 0) return { problem: 'missing operand' }
  const limitMs = durationOf(duration)
  if (limitMs === null) return { problem: `invalid time interval '${duration}'` }
  return { ...out, limitMs, argv }
}

function durationOf(text: string): number | null {
  const [, number = '', unit = 's'] = /^(\d+\.?\d*|\.\d+)([smhd])?$/.exec(text) ?? []
  return number === '' ? null : Number(number) * (unitMs[unit] ?? 1000)
}
