import type { ProcessHost } from '../host'
import { natives } from './node/natives'
import type { NodeArguments } from './node-arguments'

const pollMs = 200

/** `node --watch`: the program, or the tests, in a process of its own, started anew when a file of the project changes. */
export async function watch(host: ProcessHost, { mode, execArgv, file, rest }: NodeArguments): Promise<number> {
  const program = mode === 'test' ? [] : [file]
  const argv = ['node', ...execArgv.filter((word) => !word.startsWith('--watch')), ...program, ...rest]
  const name = mode === 'test' ? 'the tests' : `'${[...program, ...rest].join(' ')}'`
  let stamp = stampOf(host)
  for (;;) {
    const child = host.spawn(argv, { stdin: 'inherit', output: 'inherit' })
    const ended = child.exit.then((code) => {
      const outcome = code === 0 ? 'Completed' : 'Failed'
      host.stdout(`${outcome} running ${name}. Waiting for file changes before restarting...\n`)
    })
    do await new Promise((resolve) => natives.setTimeout(resolve, pollMs))
    while (stampOf(host) === stamp)
    stamp = stampOf(host)
    child.kill('SIGTERM')
    await ended
    host.stdout(`Restarting ${name}\n`)
  }
}

/** Changes with every write in the project, packages left out. */
function stampOf({ fs, cwd }: ProcessHost): string {
  let newest = 0
  let count = 0
  const walk = (folder: string) => {
    for (const name of fs.readdir(folder)) {
      if (name === 'node_modules' || name.startsWith('.')) continue
      const path = `${folder}/${name}`
      const { kind, mtimeMs } = fs.stat(path)
      if (kind === 'directory') walk(path)
      else {
        count += 1
        newest = Math.max(newest, mtimeMs)
      }
    }
  }
  walk(cwd)
  return `${count}:${newest}`
}
