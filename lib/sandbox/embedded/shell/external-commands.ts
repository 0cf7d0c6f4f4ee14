import { type CustomCommand, defineCommand } from 'just-bash/browser'
import { decodeUtf8, fromLatin1, joinBytes, toLatin1 } from '@/lib/base'
import { externalCommands } from '../kernel/programs'
import type { MachineHost } from '../process/machine-host'
import { type CommandContext, type Execute, failure, type Result } from './command'
import { livePrefix } from './live-output'
import { createProgramQuestion, findProgram, isProgramName, programName } from './path-commands'
import { parseTimeout } from './timeout-command'

/** The programs that run in Workers of their own, as commands of the shell; each also as its streaming twin. */
export function createExternalCommands(host: MachineHost): CustomCommand[] {
  // `kill` is the shell's own, since it knows its jobs.
  const byName = externalCommands
    .filter((name) => name !== 'kill')
    .flatMap((name) => [
      defineCommand(name, (args, context) => captureOutput(host, [name, ...args], context)),
      defineCommand(livePrefix + name, (args, context) => streamOutput(host, [name, ...args], context)),
    ])
  const byPath =
    (run: Run): Execute =>
    async (args, context) => {
      const found = findProgram(host, args, context)
      return 'argv' in found ? run(host, found.argv, context) : failure(`sh: ${found.problem}`, found.exitCode)
    }
  return [
    ...byName,
    defineCommand(programName, byPath(captureOutput)),
    defineCommand(livePrefix + programName, byPath(streamOutput)),
    defineCommand(isProgramName, createProgramQuestion(host)),
    defineCommand('timeout', (args, context) => runTimed(captureOutput, host, { args, context })),
    defineCommand(`${livePrefix}timeout`, (args, context) => runTimed(streamOutput, host, { args, context })),
  ]
}

type Child = ReturnType<MachineHost['spawn']>
type Run = (
  host: MachineHost,
  argv: string[],
  context: CommandContext & { onChild?: (child: Child) => void },
) => Promise<Result>

/** `timeout`: what the command has written until it is ended counts. */
async function runTimed(
  run: Run,
  host: MachineHost,
  { args, context }: { args: string[]; context: CommandContext },
): Promise<Result> {
  const parsed = parseTimeout(args)
  if ('problem' in parsed) return failure(`timeout: ${parsed.problem}`, 125)
  const { limitMs, killAfterMs, signal, keepsStatus, argv } = parsed
  const timers: ReturnType<typeof setTimeout>[] = []
  let isOver = false
  const onChild = (child: Child) => {
    if (limitMs === 0) return
    timers.push(
      setTimeout(() => {
        isOver = true
        child.kill(signal)
        if (killAfterMs > 0) timers.push(setTimeout(() => child.kill('SIGKILL'), killAfterMs))
      }, limitMs),
    )
  }
  const result = await run(host, argv, { ...context, onChild })
  for (const timer of timers) clearTimeout(timer)
  const isKilled = signal === 'SIGKILL' || (killAfterMs > 0 && result.exitCode === 137)
  return isOver && !keepsStatus ? { ...result, exitCode: isKilled ? 137 : 124 } : result
}

/** In a pipeline, a redirection or a substitution: the shell needs the whole output. */
const captureOutput: Run = async (host, argv, context) => {
  const child = startChild(host, argv, { context, otherwise: new Uint8Array(), output: 'captured' })
  const chunks = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] }
  child.onOutput(({ stream, data }) => chunks[stream].push(data))
  const exitCode = await child.exit
  const stdout = joinBytes(chunks.stdout)
  const text = decodeUtf8(stdout)
  return {
    stdout: text ?? toLatin1(stdout),
    stdoutKind: text === null ? 'bytes' : 'text',
    stderr: new TextDecoder().decode(joinBytes(chunks.stderr)),
    exitCode,
  }
}

/** Nobody captures it: output goes out as it comes, and the shell's own input goes in. */
const streamOutput: Run = async (host, argv, context) => {
  const child = startChild(host, argv, { context, otherwise: 'inherit' })
  child.onOutput(({ stream, data }) => host[stream](data))
  return { stdout: '', stderr: '', exitCode: await child.exit }
}

interface ChildStart {
  context: Parameters<Run>[2]
  otherwise: 'inherit' | Uint8Array
  /** Nobody but the shell sees it: no colours. */
  output?: 'captured'
}

function startChild(host: MachineHost, argv: string[], { context, otherwise, output }: ChildStart) {
  const piped = fromLatin1(String(context.stdin))
  const stdin = piped.byteLength > 0 ? piped : otherwise
  const child = host.spawn(argv, {
    cwd: context.cwd,
    env: context.exportedEnv ?? host.env,
    stdin,
    ...(output && { output }),
  })
  context.signal?.addEventListener('abort', () => child.kill('SIGINT'))
  context.onChild?.(child)
  return child
}
