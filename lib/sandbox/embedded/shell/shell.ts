import { Bash, defineCommand } from 'just-bash/browser'
import { toLatin1 } from '@/lib/base'
import { externalCommands } from '../kernel/programs'
import type { ChildProcess } from '../process/host'
import type { MachineHost } from '../process/machine-host'
import { endsByDefault, exitCodeOf, isSignal, type Signal } from '../signals'
import { createArchiveCommands } from './archive-commands'
import { type CommandContext, type Execute, failure, success } from './command'
import { createCurlCommands } from './curl'
import { createExpansionCommands } from './expansion-commands'
import { createExternalCommands } from './external-commands'
import { createFunctions } from './functions'
import { createInteractive, interactiveScript } from './interactive'
import { createJobs, type Hurry, lastJobVariable } from './jobs'
import { shellLimits } from './limits'
import { livePrefix, makeLive } from './live-output'
import { keepLoopStatus } from './loop-status'
import { createMake } from './make/make'
import { outLoud, writeResult } from './out-loud'
import { rewriteExpansions, runPackageCommands } from './package-commands'
import { codeName, leaveName } from './path-commands'
import { createPipeline } from './pipeline'
import { redirectedName } from './pipeline-marks'
import { createRedirected } from './redirected'
import { readScript } from './script'
import { expandSelects, readSelects, selectCommands } from './select'
import { createShellCommands } from './shell-commands'
import { createShellFs } from './shell-fs'
import { limitShownOutput } from './shown-limit'
import { keepStrictMode } from './strict-mode'
import { createSystemCommands } from './system-commands'
import { createTimeout } from './timeout'
import { addTrapPoints, findTraps } from './trap-points'
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
  const hurry: Hurry = { interrupted: null, tell: () => false }
  const jobs = createJobs(host, hurry)
  const functions = createFunctions()
  /** The script's, as they last were: what a trap sees. */
  let variables: Record<string, string> = {}
  const noteVariables = ({ env }: CommandContext) => {
    variables = Object.fromEntries(env)
  }
  const traps = createTraps({
    pid: host.pid,
    note: noteVariables,
    follow: (signal) => followSignal(signal),
    resume: () => renewInterrupt(),
  })
  const texts: string[] = []
  /** Stages that nobody waits for and jobs outlive the command line. */
  let leavesNothing = !isInteractive
  const isProgram = (name: string) => externalCommands.includes(name)

  let interrupt = new AbortController()
  const mark = host.stdout
  const limit = isInteractive ? limitShownOutput(host) : null
  const renewInterrupt = () => {
    interrupt = new AbortController()
    hurry.interrupted = interrupt.signal
  }
  const begin = () => {
    limit?.reset()
    renewInterrupt()
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
    ...selectCommands,
    ...createShellCommands(functions),
    pipeline: pipeline(false),
    [`${livePrefix}pipeline`]: pipeline(true),
    [livePrefix + redirectedName]: createRedirected(host),
    make: createMake(host, false),
    [`${livePrefix}make`]: createMake(host, true),
    timeout: createTimeout(host, false),
    [`${livePrefix}timeout`]: createTimeout(host, true),
  }
  const bash = new Bash({
    fs: createShellFs(host.fs, host),
    cwd: host.cwd,
    env: { ...host.env },
    executionLimits: shellLimits,
    customCommands: [
      ...Object.entries(own).map(([name, execute]) =>
        defineCommand(name, name.startsWith(livePrefix) ? outLoud(host, execute) : execute),
      ),
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
  /** Whether what runs asks for lines of signals; a trap that a sourced file set ends the script instead. */
  let asksTraps = false
  const parse = (text: string) => {
    const wasTyped = isTyped
    isTyped = false
    try {
      return bash.transform(text).ast
    } finally {
      isTyped = wasTyped
    }
  }
  // Only what was typed goes out live. What a command runs in turn (xargs, timeout) is that command's output.
  let isTyped = false
  bash.registerTransformPlugin({
    name: 'package-commands',
    transform({ ast }) {
      functions.learn(ast)
      const words = repairWords(expandSelects(ast, parse), parse)
      const found = findTraps(ast)
      const use = {
        ...found,
        isTold: found.isTold || traps.isTold(),
        isDebugged: found.isDebugged || traps.lineOf('DEBUG') !== undefined,
      }
      asksTraps ||= use.isTold
      const trapped = use.isTold ? addTrapPoints(words, use) : words
      const repaired = rewriteExpansions(runPackageCommands(trapped, host), script)
      return { ast: keepStrictMode(keepLoopStatus(repaired), { isInteractive }) }
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
    const text = readSelects(line, parse)
    isTyped = true
    try {
      return bash.transform(text).script
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
    let exitCode = code
    const ending = caught === null || asksTraps ? undefined : traps.lineOf(caught.slice(3))
    for (const line of [...(ending ? [ending] : []), ...traps.exitLines()]) {
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
  /** As if nobody had caught the signal, but after the traps. */
  const leaveBy = async (signal: Signal) => {
    await leave(exitCodeOf(signal))
    host.endedBy = signal
    return exitCodeOf(signal)
  }
  /** False when nothing of the script hears it. */
  const tellTrap = (signal: string): boolean => {
    const line = isOver ? '' : traps.lineOf(signal.slice(3))
    if (line === undefined || (line !== '' && !asksTraps)) return false
    if (line === '') return true
    traps.await(signal.slice(3))
    interrupt.abort()
    // What it waits for ends too; jobs are the trap's own care.
    if (signal === 'SIGINT' || signal === 'SIGTERM')
      for (const child of children) if (!jobs.has(child.pid)) child.kill(signal)
    return true
  }
  hurry.tell = tellTrap
  const followed = new Set<string>(['SIGINT', 'SIGTERM'])
  const followSignal = (signal: string) => {
    if (followed.has(signal) || !isSignal(signal)) return
    followed.add(signal)
    host.kernel?.onSignal(signal, () => {
      if (!tellTrap(signal) && endsByDefault(signal)) void leaveBy(signal).then((code) => host.exit(code))
    })
  }
  host.onSignal((signal) => {
    if (isOver || tellTrap(signal)) return
    // A terminal goes on after Ctrl+C.
    if (!isInteractive || signal === 'SIGTERM') caught = signal
    interrupt.abort()
    leavesNothing = false
    if (!isInteractive || signal === 'SIGTERM') whole.abort()
    if (signal === 'SIGTERM') for (const child of children) child.kill(signal)
    // A loop of the shell's own goes on whatever its commands do: then the shell ends, and the terminal starts another.
    setTimeout(async () => {
      if (!isOver && (whole.signal.aborted || interactive?.isBusy())) host.exit(await leaveBy(signal))
    }, interruptGraceMs)
  })
  const { complete } = host.stdin
  const text = readSelects(script.text, parse)
  isTyped = !isInteractive
  const noted = text.includes('trap') ? `${text}\n${leaveName} "$?"` : text
  const result = await bash.exec(noted, {
    signal: whole.signal,
    rawScript: true,
    ...(complete && { stdin: toLatin1(complete), stdinKind: 'bytes' as const }),
  })
  if (caught) return leaveBy(caught)
  // What did not go out live: here it is the little that no statement wrote, such as a syntax error.
  writeResult(host, { ...result, stderr: result.stderr.replaceAll(livePrefix, '') })
  if (result.stderr.includes('unexpected token `coproc')) host.stderr(withoutCoproc)
  const exitCode = await leave(result.exitCode)
  host.isIdle = leavesNothing
  return exitCode
}

const withoutCoproc =
  'coproc is not available here: start the command with & and let it read from and write to files, or use a pipeline.\n'

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
