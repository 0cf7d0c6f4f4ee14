import { encodeUtf8 } from '@/lib/base'
import type { MachineHost } from '../process/machine-host'
import { type CommandContext, childInput, type Execute, failure, pathFrom } from './command'
import { findProgram, programName } from './path-commands'
import { stageMark } from './pipeline-marks'

type Write = (data: Uint8Array) => void

/** `node server.js > log.txt 2>&1`: what it prints is in the file at once, not when it has ended. */
export function createRedirected(host: MachineHost): Execute {
  return async (args, context) => {
    const mark = args.indexOf(stageMark)
    const outputs = openOutputs(host, args.slice(0, mark), context)
    if ('problem' in outputs) return failure(`bash: ${outputs.problem}`)
    let argv = args.slice(mark + 1)
    if (argv[0] === programName) {
      const found = findProgram(host, argv.slice(1), context)
      if ('problem' in found) {
        outputs.stderr(encodeUtf8(`sh: ${found.problem}\n`))
        return { stdout: '', stderr: '', exitCode: found.exitCode }
      }
      argv = found.argv
    }
    const child = host.spawn(argv, {
      cwd: context.cwd,
      env: context.exportedEnv ?? host.env,
      stdin: childInput(context),
      output: 'captured',
    })
    child.onOutput(({ stream, data }) => outputs[stream](data))
    context.signal?.addEventListener('abort', () => child.kill('SIGINT'))
    return { stdout: '', stderr: '', exitCode: await child.exit }
  }
}

function openOutputs(host: MachineHost, words: readonly string[], context: CommandContext) {
  const outputs: Record<'stdout' | 'stderr', Write> = { stdout: host.stdout, stderr: host.stderr }
  for (let index = 0; index + 1 < words.length; index += 2) {
    const [, fd = '', operator = ''] = /^(\d)(.*)$/.exec(words[index] ?? '') ?? []
    const target = words[index + 1] ?? ''
    const stream = fd === '2' ? 'stderr' : 'stdout'
    if (operator === '>&') outputs[stream] = target === '1' ? outputs.stdout : outputs.stderr
    else {
      const file = openFile(host, target, { context, appends: operator.endsWith('>>') })
      if (typeof file === 'string') return { problem: `${target}: ${file}` }
      outputs[stream] = file
      if (operator.startsWith('&')) outputs.stderr = file
    }
  }
  return outputs
}

/** What writes to the file, or what is wrong with it. */
function openFile(
  host: MachineHost,
  target: string,
  { context, appends }: { context: CommandContext; appends: boolean },
): Write | string {
  const path = pathFrom(context, target)
  if (path === '/dev/null') return () => undefined
  if (path === '/dev/stdout' || path === '/dev/stderr') return host[path === '/dev/stdout' ? 'stdout' : 'stderr']
  const folder = path.slice(0, path.lastIndexOf('/')) || '/'
  if (target === '' || !host.fs.exists(folder)) return 'No such file or directory'
  if (host.fs.exists(path) && host.fs.stat(path).kind === 'directory') return 'Is a directory'
  if (!appends || !host.fs.exists(path)) host.fs.writeFile(path, '')
  return (data) => host.fs.writeFile(path, data, { append: true })
}
