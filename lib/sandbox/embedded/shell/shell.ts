import { Bash, defineCommand } from 'just-bash/browser'
import { fromLatin1, toLatin1 } from '@/lib/base'
import { externalCommands } from '../kernel/programs'
import type { ChildProcess } from '../process/host'
import type { MachineHost } from '../process/machine-host'
import { createArchiveCommands } from './archive-commands'
import { type CommandContext, type Execute, failure, success } from './command'
import { createCurlCommands } from './curl'
import { createExpansionCommands } from './expansion-commands'
import { createExternalCommands } from './external-commands'
import { createFunctions } from './functions'
import { createInteractive, interactiveScript } from './interactive'
import { createJobs, lastJobVariable } from './jobs'
import { shellLimits } from './limits'
import { livePrefix, makeLive } from './live-output'
import { rewriteExpansions, runPackageCommands } from './package-commands'
import { codeName, leaveName } from './path-commands'
import { createPipeline } from './pipeline'
import { redirectedName } from './pipeline-marks'
import { createRedirected } from './redirected'
import { readScript } from './script'
import { createShellFs } from './shell-fs'
import { limitShownOutput } from './shown-limit'
import { keepStrictMode } from './strict-mode'
import { createSystemCommands } from './system-commands'
import { createTimeout } from './timeout'
import { createTraps } from './traps'
import { repairWords } from './word-repairs'

/** Time for the running command to notice Ctrl+C before the shell ends without it. */
const interruptGraceMs = 250

/** `sh -c <line>`, `sh <file> <arguments>`, a script on standard input, or `sh -i` for a terminal of ours. */
export async function shell(host: MachineHost): Promise<number> {
  const { VITRINE_TERMINAL: nonce, ...env } = host.env
  host.env = env
  const isInteractive = host.argv[1] === '-i' && nonce !== undefined
  const children = trackChildren(host)
  const script = isInteractive ? { text: interactiveScript, isFile: false } : readScript(host)
  if ('problem' in script) {
    host.stderr(`${script.problem}\n`)
    return script.exitCode
  }
  const hurry: { interrupted: AbortSignal | null } = { interrupted: null }
  const jobs = createJobs(host, hurry)
  const functions = createFunctions()
  /** The script's, as they last were: what a trap sees. */
  let variables: Record<string, string> = {}
  const noteVariables = ({ env }: CommandContext) => {
    variables = Object.fromEntries(env)
  }
  const traps = createTraps(host.pid, noteVariables)
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
    noteVariables(context)
    const line = texts[Number(number)] ?? ''
    leavesNothing = false
    const place = { cwd: context.cwd, env: context.exportedEnv ?? host.env }
    const { id, pid } = jobs.start(line, { ...place, prelude: functions.preludeOf(line, context) })
    await context.assignShellVariable?.(lastJobVariable, String(pid))
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
    ...createExpansionCommands(host),
    ...traps.commands,
    pipeline: pipeline(false),
    [`${livePrefix}pipeline`]: pipeline(true),
    [livePrefix + redirectedName]: createRedirected(host),
    timeout: createTimeout(host, false),
    [`${livePrefix}timeout`]: createTimeout(host, true),
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
      defineCommand(leaveName, async ([code], context) => {
        noteVariables(context)
        return { ...success(), exitCode: Number(code) }
      }),
      defineCommand(codeName, async ([value]) => ({ ...success(), exitCode: Number(value) })),
      ...(interactive?.commands ?? [defineCommand('code', notHere), defineCommand('open', notHere)]),
    ],
    // The Worker itself is the boundary; patching its globals would break the host.
    defenseInDepth: false,
    processInfo: { pid: host.pid },
    sleep: (ms) => sleepUnless(interrupt.signal, ms),
  })
  const parse = (text: string) => {
    const wasTyped = isTyped
    isTyped = false
    const { ast } = bash.transform(text)
    isTyped = wasTyped
    return ast
  }
  // Only what was typed goes out live. What a command runs in turn (xargs, timeout) is that command's output.
  let isTyped = false
  bash.registerTransformPlugin({
    name: 'package-commands',
    transform({ ast }) {
      functions.learn(ast)
      const repaired = runPackageCommands(repairWords(ast, parse), host)
      return { ast: keepStrictMode(rewriteExpansions(repaired, script), { isInteractive }) }
    },
  })
  bash.registerTransformPlugin({
    name: 'live-output',
    transform({ ast }) {
      if (!isTyped) return { ast }
      isTyped = false
      const streamsPipelines = host.kernel !== undefined && !JSON.stringify(ast).includes('PIPESTATUS')
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
  /** What ends the shell. */
  let caught: Signal | null = null
  let leaving: Promise<number> | null = null
  /** The Worker may be another shell's by the time a signal comes, or its grace has passed. */
  let isOver = false
  /** The traps run with the script's functions and its variables as they are at the end. */
  async function runTraps(code: number): Promise<number> {
    const lines = [caught === null ? undefined : traps.lineOf(caught.slice(3)), ...traps.exitLines()]
    let exitCode = code
    for (const line of lines) {
      if (!line) continue
      isTyped = true
      const script = `${functions.text()}${codeName} ${exitCode}\n${line}\n${codeName} ${exitCode}`
      const result = await bash.exec(script, { rawScript: true, env: variables, cwd: variables.PWD ?? host.cwd })
      exitCode = result.exitCode
    }
    return exitCode
  }
  const leave = (code: number) => {
    leaving ??= runTraps(code).finally(() => {
      isOver = true
    })
    return leaving
  }
  host.onSignal((signal) => {
    if (isOver || traps.lineOf(signal.slice(3)) === '') return
    // A terminal goes on after Ctrl+C.
    if (!isInteractive || signal === 'SIGTERM') caught = signal
    interrupt.abort()
    leavesNothing = false
    if (!isInteractive || signal === 'SIGTERM') whole.abort()
    if (signal === 'SIGTERM') for (const child of children) child.kill(signal)
    // A loop of the shell's own goes on whatever its commands do: then the shell ends, and the terminal starts another.
    setTimeout(async () => {
      if (!isOver && (whole.signal.aborted || interactive?.isBusy())) host.exit(await leave(codeOf(signal)))
    }, interruptGraceMs)
  })
  const { complete } = host.stdin
  isTyped = !isInteractive
  const noted = script.text.includes('trap') ? `${script.text}\n${leaveName} "$?"` : script.text
  const result = await bash.exec(noted, {
    signal: whole.signal,
    rawScript: true,
    ...(complete && { stdin: toLatin1(complete), stdinKind: 'bytes' as const }),
  })
  if (whole.signal.aborted) return leave(codeOf(caught))
  // What did not go out live: here it is the little that no statement wrote, such as a syntax error.
  host.stdout(result.stdoutKind === 'bytes' ? fromLatin1(result.stdout) : result.stdout)
  host.stderr(result.stderr.replaceAll(livePrefix, ''))
  host.isIdle = leavesNothing
  return leave(result.exitCode)
}

type Signal = Parameters<Parameters<MachineHost['onSignal']>[0]>[0]

const codeOf = (signal: Signal | null) => (signal === 'SIGTERM' ? 143 : 130)

/** The programs that run: SIGTERM to the shell ends them too, as nobody would be left to. */
function trackChildren(host: MachineHost): ReadonlySet<ChildProcess> {
  const children = new Set<ChildProcess>()
  const spawn = host.spawn.bind(host)
  host.spawn = (...call) => {
    const child = spawn(...call)
    children.add(child)
    void child.exit.finally(() => children.delete(child))
    return child
  }
  return children
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
