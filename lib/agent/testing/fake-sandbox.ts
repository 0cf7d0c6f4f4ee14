import { encodeUtf8 } from '@/lib/base'
import type {
  Diagnostic,
  ExitStatus,
  Sandbox,
  SandboxProcess,
  SpawnOptions,
  TestOptions,
  TestReport,
} from '@/lib/sandbox'

/** What a command of the fake machine does: prints, then exits; or never ends. */
export type Command = (options: SpawnOptions) => { output?: string; exitCode?: number; endless?: boolean }

export interface FakeSandboxOptions {
  commands?: Record<string, Command>
  test?: (options: TestOptions) => TestReport | Promise<TestReport>
  check?: () => Diagnostic[]
}

/** A machine that keeps to a script and remembers what it was asked to run. */
export function createFakeSandbox({ commands = {}, test, check }: FakeSandboxOptions): {
  sandbox: Sandbox
  ran: string[]
} {
  const ran: string[] = []
  const sandbox: Sandbox = {
    kind: 'embedded',
    bootMs: 0,
    mount: async () => {},
    apply: async () => {},
    snapshot: async () => new Map(),
    onFiles: () => () => {},
    async spawn(command, options = {}) {
      ran.push(command)
      const run = commands[command] ?? (() => ({ output: `sh: ${command}: not found\n`, exitCode: 127 }))
      return createProcess(command, run(options))
    },
    async test(options = {}) {
      ran.push('test')
      return (await test?.(options)) ?? { passed: 0, failed: 0, skipped: 0, durationMs: 0, suites: [] }
    },
    check: async () => check?.() ?? [],
    processes: async () => [],
    onProcesses: () => () => {},
    kill: () => {},
    onPort: () => () => {},
    connect: async (port) => Promise.reject(new Error(`Nothing listens on port ${port}.`)),
    fork: async () => sandbox,
    dispose: async () => {},
  }
  return { sandbox, ran }
}

function createProcess(command: string, plan: ReturnType<Command>): SandboxProcess {
  let finish: (status: ExitStatus) => void = () => {}
  const exit = new Promise<ExitStatus>((resolve) => {
    finish = resolve
  })
  let show: (text: string) => void = () => {}
  return {
    pid: 1,
    command,
    onOutput(listener) {
      show = (text) => listener({ stream: 'stdout', data: encodeUtf8(text) })
      queueMicrotask(() => {
        if (plan.output) show(plan.output)
        if (!plan.endless) finish({ exitCode: plan.exitCode ?? 0, timedOut: false })
      })
      return () => {}
    },
    write: (data) => show(`echo ${String(data)}`),
    closeStdin: () => {},
    resize: () => {},
    kill: () => finish({ exitCode: 137, timedOut: false }),
    exit,
  }
}
