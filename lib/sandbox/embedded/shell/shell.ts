import { Bash, defineCommand } from 'just-bash/browser'
import { fromLatin1, toLatin1 } from '@/lib/base'
import { externalCommands } from '../kernel/programs'
import type { MachineHost } from '../process/machine-host'
import { createArchiveCommands } from './archive-commands'
import { type Execute, failure, success } from './command'
import { createCurlCommands } from './curl'
import { createExternalCommands } from './external-commands'
import { createInteractive, interactiveScript } from './interactive'
import { createJobs } from './jobs'
import { shellLimits } from './limits'
import { livePrefix, makeLive } from './live-output'
import { runPackageCommands } from './package-commands'
import { createPipeline } from './pipeline'
import { quote } from './quote'
import { createShellFs } from './shell-fs'
import { limitShownOutput } from './shown-limit'
import { createSystemCommands } from './system-commands'

/** Time for the running command to notice Ctrl+C before the shell ends without it. */
const interruptGraceMs = 250

/** `sh -c <line>`, `sh <file> <arguments>`, a script on standard input, or `sh -i` for a terminal of ours. */
export async function shell(host: MachineHost): Promise<number> {
  const { VITRINE_TERMINAL: nonce, ...env } = host.env
  host.env = env
  const isInteractive = host.argv[1] === '-i' && nonce !== undefined
  const hurry: { interrupted: AbortSignal | null } = { interrupted: null }
  const jobs = createJobs(host, hurry)
  const texts: string[] = []
  /** Stages that nobody waits for and jobs outlive the command line. */
  let leavesNothing = !isInteractive
  const isProgram = (name: string) => externalCommands.includes(name)

  let interrupt = new AbortController()
  const mark = host.stdout
  const limit = isInteractive ? limitShownOutput(host) : null
  const begin = () => {
    limit?.reset()
    interrupt = new AbortController()
    hurry.interrupted = interrupt.signal
  }
  begin()

  const background = defineCommand(`${livePrefix}background`, async ([number], context) => {
    const line = texts[Number(number)] ?? ''
    leavesNothing = false
    const { id, pid } = jobs.start(line, { cwd: context.cwd, env: context.exportedEnv ?? host.env })
    await context.assignShellVariable?.('VITRINE_LAST_JOB', String(pid))
    if (isInteractive) host.stderr(`[${id}] ${pid}\n`)
    return success()
  })
  const interactive = isInteractive
    ? createInteractive({ host, transform: (line) => transformTyped(line), jobs, nonce, begin, mark })
    : null
  const pipeline = (isLive: boolean): Execute => {
    const run = createPipeline(host, isProgram, isLive)
    return (...call) => {
      leavesNothing = false
      return run(...call)
    }
  }
  const own = {
    ...createArchiveCommands(),
    ...createCurlCommands(host),
    ...createSystemCommands(host),
    ...jobs.commands,
    pipeline: pipeline(false),
    [`${livePrefix}pipeline`]: pipeline(true),
  }
  const bash = new Bash({
    fs: createShellFs(host.fs, host),
    cwd: host.cwd,
    env: { ...host.env },
    executionLimits: shellLimits,
    customCommands: [
      ...Object.entries(own).map(([name, execute]) => defineCommand(name, execute)),
      ...createExternalCommands(host),
      background,
      ...(interactive?.commands ?? [defineCommand('code', notHere), defineCommand('open', notHere)]),
    ],
    // The Worker itself is the boundary; patching its globals would break the host.
    defenseInDepth: false,
    processInfo: { pid: host.pid },
    sleep: (ms) => sleepUnless(interrupt.signal, ms),
  })
  bash.registerTransformPlugin({
    name: 'package-commands',
    transform: ({ ast }) => ({ ast: runPackageCommands(ast, host) }),
  })
  // Only what was typed goes out live. What a command runs in turn (xargs, timeout) is that command's output.
  let isTyped = false
  bash.registerTransformPlugin({
    name: 'live-output',
    transform({ ast }) {
      if (!isTyped) return { ast }
      isTyped = false
      const streamsPipelines = host.kernel !== undefined && !/pipefail|PIPESTATUS/.test(JSON.stringify(ast))
      const awaitsInput = !isInteractive && host.stdin.complete === null
      return { ast: makeLive(ast, { background: (text) => texts.push(text) - 1, streamsPipelines, awaitsInput }) }
    },
  })
  const transformTyped = (line: string) => {
    isTyped = true
    try {
      return bash.transform(line).script
    } finally {
      isTyped = false
    }
  }

  const whole = new AbortController()
  host.onSignal((signal) => {
    interrupt.abort()
    leavesNothing = false
    const code = signal === 'SIGINT' ? 130 : 143
    if (!isInteractive || signal === 'SIGTERM') whole.abort()
    // A loop of the shell's own goes on whatever its commands do: then the shell ends, and the terminal starts another.
    setTimeout(() => (whole.signal.aborted || interactive?.isBusy() ? host.exit(code) : undefined), interruptGraceMs)
  })
  const { complete } = host.stdin
  isTyped = !isInteractive
  const result = await bash.exec(isInteractive ? interactiveScript : commandLineOf(host.argv), {
    signal: whole.signal,
    rawScript: true,
    ...(complete && { stdin: toLatin1(complete), stdinKind: 'bytes' as const }),
  })
  if (whole.signal.aborted) return 130
  // What did not go out live: here it is the little that no statement wrote, such as a syntax error.
  host.stdout(result.stdoutKind === 'bytes' ? fromLatin1(result.stdout) : result.stdout)
  host.stderr(result.stderr.replaceAll(livePrefix, ''))
  host.isIdle = leavesNothing
  return result.exitCode
}

function sleepUnless(stop: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    stop.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

async function notHere() {
  return failure('The editor can be reached from the terminal only.')
}

function commandLineOf(argv: string[]): string {
  const [name = 'sh', flag = '', line] = argv
  if (/^-[a-z]*c$/.test(flag) && line !== undefined && argv.length === 3) return line
  return [name, ...argv.slice(1)].map(quote).join(' ')
}
