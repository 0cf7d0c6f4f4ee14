import { Bash } from 'just-bash/browser'
import type { MachineHost } from '../process/machine-host'
import { createExternalCommands } from './external-commands'
import { bytesToLatin1, latin1ToBytes } from './latin1'
import { livePrefix, makeLive } from './live-output'
import { runPackageCommands } from './package-commands'
import { quote } from './quote'
import { createShellFs } from './shell-fs'

/** Time for the running command to notice Ctrl+C before the shell ends without it. */
const interruptGraceMs = 250

/** `sh -c <line>`, `sh <file> <arguments>`, or a script on standard input. */
export async function shell(host: MachineHost): Promise<number> {
  const bash = new Bash({
    fs: createShellFs(host.fs, host),
    cwd: host.cwd,
    env: { ...host.env },
    customCommands: createExternalCommands(host),
    // The Worker itself is the boundary; patching its globals would break the host.
    defenseInDepth: false,
    processInfo: { pid: host.pid },
  })
  bash.registerTransformPlugin({
    name: 'package-commands',
    transform: ({ ast }) => ({ ast: runPackageCommands(ast, host) }),
  })
  bash.registerTransformPlugin({ name: 'live-output', transform: ({ ast }) => ({ ast: makeLive(ast) }) })

  const interrupt = new AbortController()
  host.onSignal((signal) => {
    interrupt.abort()
    setTimeout(() => host.exit(signal === 'SIGINT' ? 130 : 143), interruptGraceMs)
  })
  const { complete } = host.stdin
  const result = await bash.exec(commandLineOf(host.argv), {
    signal: interrupt.signal,
    rawScript: true,
    ...(complete && { stdin: bytesToLatin1(complete), stdinKind: 'bytes' as const }),
  })
  if (interrupt.signal.aborted) return 130
  // What did not go out live: here it is the little that no statement wrote, such as a syntax error.
  host.stdout(result.stdoutKind === 'bytes' ? latin1ToBytes(result.stdout) : result.stdout)
  host.stderr(result.stderr.replaceAll(livePrefix, ''))
  return result.exitCode
}

function commandLineOf(argv: string[]): string {
  const [name = 'sh', flag = '', line] = argv
  if (/^-[a-z]*c$/.test(flag) && line !== undefined && argv.length === 3) return line
  return [name, ...argv.slice(1)].map(quote).join(' ')
}
