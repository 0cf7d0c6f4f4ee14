import type { MachineHost } from '../process/machine-host'
import { type Commands, failure, success } from './command'

interface Job {
  id: number
  pid: number
  command: string
  /** Null while it runs. */
  exitCode: number | null
  exit: Promise<number>
  isTold: boolean
}

interface JobPlace {
  cwd: string
  env: Record<string, string>
  /** Goes before the line, and is not shown with it. */
  prelude: string
}

export interface Jobs {
  /** Runs a command line beside the shell; answers its number and pid. */
  start(line: string, place: JobPlace): { id: number; pid: number }
  /** `[1]+  Done  node a.js` for each job that has ended since the last call. */
  report(): string
  has(pid: number): boolean
  commands: Commands
}

/** How signals reach what the shell does itself. */
export interface Hurry {
  interrupted: AbortSignal | null
  /** A signal that the shell sent to itself; false when no trap hears it. */
  tell(signal: string): boolean
}

/** What `$!` is. */
export const lastJobVariable = 'VITRINE_LAST_JOB'
/** `wait` under a name that just-bash does not have. */
export const waitName = 'vitrine:wait'

/** The shell's background jobs: `&`, `jobs`, `fg`, `bg`, `wait`, `kill %1`, `disown`. */
export function createJobs(host: MachineHost, hurry: Hurry): Jobs {
  const jobs = new Map<number, Job>()

  function start(line: string, { cwd, env, prelude }: JobPlace) {
    const child = host.spawn(['sh', '-c', prelude + line], { cwd, env })
    child.onOutput(({ stream, data }) => host[stream](data))
    const id = Math.max(0, ...jobs.keys()) + 1
    const job: Job = { id, pid: child.pid, command: line, exitCode: null, exit: child.exit, isTold: false }
    void child.exit.then((code) => {
      job.exitCode = code
    })
    jobs.set(id, job)
    return { id, pid: child.pid }
  }

  const stateOf = ({ exitCode }: Job) =>
    exitCode === null ? 'Running' : exitCode === 0 ? 'Done' : exitCode > 128 ? 'Terminated' : `Exit ${exitCode}`
  const lineOf = (job: Job) => {
    const mark = job.id === Math.max(...jobs.keys()) ? '+' : '-'
    return `[${job.id}]${mark}  ${stateOf(job).padEnd(24)}${job.command}${job.exitCode === null ? ' &' : ''}\n`
  }

  function find(word: string | undefined): Job | undefined {
    if (word === undefined || word === '%%' || word === '%+') return [...jobs.values()].at(-1)
    const number = Number(word.replace(/^%/, ''))
    if (word.startsWith('%')) {
      return jobs.get(number) ?? [...jobs.values()].find(({ command }) => command.startsWith(word.slice(1)))
    }
    return [...jobs.values()].find(({ pid, id }) => pid === number || id === number)
  }

  /** Until it ends or Ctrl+C comes. */
  function settle(job: Job): Promise<number> {
    const interrupted = new Promise<number>((resolve) => {
      hurry.interrupted?.addEventListener('abort', () => resolve(130), { once: true })
    })
    return Promise.race([job.exit, interrupted])
  }

  /** `wait -n`: the first of them that ends. */
  async function waitForAny(words: readonly string[]) {
    const chosen = (words.length > 0 ? words.map(find) : [...jobs.values()]).filter((job) => job !== undefined)
    if (chosen.length === 0) return { ...success(), exitCode: 127 }
    const { job, exitCode } = await Promise.race(
      chosen.map(async (each) => ({ job: each, exitCode: await settle(each) })),
    )
    jobs.delete(job.id)
    return { ...success(), exitCode }
  }

  /** `kill -0`: whether it is there. */
  async function probe(words: readonly string[]) {
    const running = await host.list()
    for (const word of words) {
      const pid = word.startsWith('%') ? find(word)?.pid : Number(word)
      if (pid !== host.pid && !running.some((entry) => entry.pid === pid))
        return failure(`kill: (${word}) - No such process`)
    }
    return success()
  }

  const commands: Commands = {
    async jobs(args) {
      const all = [...jobs.values()]
      const text = args.includes('-p') ? all.map(({ pid }) => `${pid}\n`).join('') : all.map(lineOf).join('')
      for (const job of all) if (job.exitCode !== null) jobs.delete(job.id)
      return success(text)
    },
    async fg([word]) {
      const job = find(word)
      if (!job) return failure(`fg: ${word ?? 'current'}: no such job`)
      host.stdout(`${job.command}\n`)
      const stop = () => host.kernel?.kill(job.pid, 'SIGINT')
      hurry.interrupted?.addEventListener('abort', stop, { once: true })
      const exitCode = await job.exit
      jobs.delete(job.id)
      return { ...success(), exitCode }
    },
    async bg([word]) {
      const job = find(word)
      return job ? success(`[${job.id}]+ ${job.command} &\n`) : failure(`bg: ${word ?? 'current'}: no such job`)
    },
    async [waitName](args) {
      if (args.includes('-n')) return waitForAny(args.filter((word) => !word.startsWith('-')))
      const words = args.filter((word) => !word.startsWith('-'))
      let exitCode = 0
      const chosen = words.length > 0 ? words.map(find) : [...jobs.values()]
      for (const [index, job] of chosen.entries()) {
        if (!job) return failure(`wait: pid ${words[index]} is not a child of this shell`, 127)
        exitCode = await settle(job)
        job.isTold = true
        if (job.exitCode !== null) jobs.delete(job.id)
      }
      return { ...success(), exitCode: words.length > 0 ? exitCode : 0 }
    },
    async disown([word]) {
      const job = find(word)
      if (!job) return failure(`disown: ${word ?? 'current'}: no such job`)
      jobs.delete(job.id)
      return success()
    },
    async kill(args) {
      if (args[0] === '-l') return success('HUP INT QUIT KILL USR1 USR2 TERM CONT STOP\n')
      if (args[0] === '-0') return probe(args.slice(1))
      const signalWord = /^-(?:s$|(?:SIG)?([A-Z0-9]+)$)/.exec(args[0] ?? '')
      const rest = signalWord ? args.slice(args[0] === '-s' ? 2 : 1) : args
      const name = signalName(args[0] === '-s' ? (args[1] ?? '') : (signalWord?.[1] ?? 'TERM'))
      if (name === null) return failure(`kill: ${args[0]}: invalid signal specification`)
      if (rest.length === 0) return failure('kill: usage: kill [-s signal | -signal] pid | %job ...', 2)
      for (const word of rest) {
        const target = word.startsWith('%') ? find(word)?.pid : Number(word)
        if (target === undefined) return failure(`kill: ${word}: no such job`)
        if (Number.isNaN(target)) return failure(`kill: ${word}: arguments must be process or job IDs`)
        if (target === host.pid && name !== null && hurry.tell(name)) continue
        if (!host.kernel?.kill(target, name)) return failure(`kill: (${word}) - No such process`)
      }
      return success()
    },
  }

  return {
    start,
    has: (pid) => [...jobs.values()].some((job) => job.pid === pid),
    commands,
    report() {
      let text = ''
      for (const job of [...jobs.values()]) {
        if (job.exitCode === null || job.isTold) continue
        text += lineOf(job)
        jobs.delete(job.id)
      }
      return text
    },
  }
}

const numbers: Record<string, string> = {
  0: '',
  1: 'HUP',
  2: 'INT',
  3: 'QUIT',
  9: 'KILL',
  15: 'TERM',
  18: 'CONT',
  19: 'STOP',
}
type SignalName = Parameters<NonNullable<MachineHost['kernel']>['kill']>[1]

function signalName(word: string): SignalName {
  const name = `SIG${numbers[word] ?? word.replace(/^SIG/, '')}`
  const known: readonly string[] = [
    'SIGHUP',
    'SIGINT',
    'SIGQUIT',
    'SIGKILL',
    'SIGUSR1',
    'SIGUSR2',
    'SIGTERM',
    'SIGCONT',
    'SIGSTOP',
  ]
  return known.includes(name) ? (name as SignalName) : null
}
