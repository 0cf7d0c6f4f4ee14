import { createStore, type StoreApi } from '@/lib/base'
import type { ProcessInfo, Sandbox } from '@/lib/sandbox'

/** A listener may take a signal and go on. */
const killGraceMs = 2000

/** A command that runs, with all that it started. */
export interface RunningJob {
  pid: number
  command: string
  startedAt: number
  /** Where it or one of those below it listens, in ascending order. */
  ports: number[]
}

export interface RunningProcesses {
  state: StoreApi<{ jobs: readonly RunningJob[] }>
  /** Politely, and for certain soon after. */
  kill(pid: number): void
  /** Follows another sandbox from now on; none while there is no sandbox. */
  follow(sandbox: Sandbox | null): void
}

/** What runs in the session's sandbox, as a user thinks of it: commands, not the shells that started them. */
export function createRunningProcesses(): RunningProcesses {
  const state = createStore<{ jobs: readonly RunningJob[] }>(() => ({ jobs: [] }))
  let sandbox: Sandbox | null = null
  let stop = () => {}
  let reading = false
  let isStale = false

  /** One question at a time; what changes meanwhile is asked for once more. */
  async function read(): Promise<void> {
    isStale = true
    if (reading) return
    reading = true
    while (isStale) {
      isStale = false
      const asked = sandbox
      // A sandbox that has gone runs nothing.
      const processes = (await asked?.processes().catch(() => [])) ?? []
      if (asked === sandbox) state.setState({ jobs: toJobs(processes) })
    }
    reading = false
  }

  return {
    state,
    kill(pid) {
      const owner = sandbox
      owner?.kill(pid, 'SIGTERM')
      setTimeout(() => owner?.kill(pid, 'SIGKILL'), killGraceMs)
    },
    follow(next) {
      stop()
      sandbox = next
      const stops = next ? [next.onProcesses(() => void read()), next.onPort(() => void read())] : []
      stop = () => {
        for (const each of stops) each()
      }
      void read()
    },
  }
}

/** The shell of a terminal waits for lines: it is the place where commands run, not one of them. */
const isTerminalShell = ({ command }: ProcessInfo) => command === 'sh -i'

export function toJobs(processes: readonly ProcessInfo[]): RunningJob[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]))
  const jobs = new Map<number, RunningJob>()
  for (const process of processes) {
    if (isTerminalShell(process)) continue
    const { pid, command, startedAt } = jobOf(process, byPid)
    // A shell runs what is started with `&`: the user knows it by what it runs.
    const job = jobs.get(pid) ?? { pid, command: command.replace(/^sh -c /, ''), startedAt, ports: [] }
    jobs.set(pid, { ...job, ports: [...job.ports, ...process.ports].sort((a, b) => a - b) })
  }
  return [...jobs.values()].sort((a, b) => a.startedAt - b.startedAt)
}

/** The command that a process belongs to: the highest above it that no terminal's shell is. */
function jobOf(process: ProcessInfo, byPid: ReadonlyMap<number, ProcessInfo>): ProcessInfo {
  const parent = byPid.get(process.parentPid)
  return parent && !isTerminalShell(parent) ? jobOf(parent, byPid) : process
}
