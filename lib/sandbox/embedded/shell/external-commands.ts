import { type CustomCommand, defineCommand } from 'just-bash/browser'
import { decodeUtf8, fromLatin1, joinBytes, toLatin1 } from '@/lib/base'
import { externalCommands } from '../kernel/programs'
import type { MachineHost } from '../process/machine-host'
import { type CommandContext, type Execute, failure, type Result } from './command'
import { livePrefix } from './live-output'
import { outLoud } from './out-loud'
import { findProgram, programName } from './path-commands'

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
    defineCommand(livePrefix + programName, outLoud(host, byPath(streamOutput))),
  ]
}

type Run = (host: MachineHost, argv: string[], context: CommandContext) => Promise<Result>

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
  context: CommandContext
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
  return child
}
