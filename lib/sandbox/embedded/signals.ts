/** Linux numbers. */
export const signalNumbers = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const

export type Signal = keyof typeof signalNumbers

/** What does nothing to a process that does not listen. A Worker cannot be stopped and continued, so those are here too. */
const harmless: ReadonlySet<Signal> = new Set<Signal>([
  'SIGCHLD',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGURG',
  'SIGWINCH',
])

export const endsByDefault = (signal: Signal): boolean => !harmless.has(signal)

/** As a shell reports a process that a signal ended. */
export const exitCodeOf = (signal: Signal): number => 128 + signalNumbers[signal]

export function isSignal(value: unknown): value is Signal {
  return typeof value === 'string' && Object.hasOwn(signalNumbers, value)
}

export function signalOf(number: number): Signal | undefined {
  return (Object.keys(signalNumbers) as Signal[]).find((name) => signalNumbers[name] === number)
}
