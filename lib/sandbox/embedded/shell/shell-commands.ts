import { type CommandContext, type Commands, failure, type Result, success } from './command'
import type { Functions } from './functions'
import { quote } from './quote'
import { scriptVariable } from './script'

/** `export -f name`, which just-bash takes for a variable. */
export const shareName = 'vitrine:share'

/** Commands that run a script or another command in a shell of its own: `bash -c`, `sh`, `env`. */
export function createShellCommands(functions: Functions): Commands {
  const run = (tool: string) => (args: string[], context: CommandContext) =>
    runShell(tool, args, { context, functions })
  return {
    bash: run('bash'),
    sh: run('sh'),
    env: runWithEnvironment,
    [shareName]: async (names) => {
      for (const name of names) functions.share(name)
      return success()
    },
  }
}

interface Called {
  context: CommandContext
  functions: Functions
}

const version =
  'GNU bash, version 5.2.15(1)-release (wasm32-vitrine)\nThis is just-bash in a browser tab, not GNU Bash itself.\n'

/** `bash [-eux] [-o pipefail] [-c <line>] …`; a file without options is run by a process of its own. */
async function runShell(tool: string, args: readonly string[], { context, functions }: Called): Promise<Result> {
  const words = [...args]
  const settings: string[] = []
  let mode: 'line' | 'input' | 'file' = 'file'
  while (/^[-+]./.test(words[0] ?? '') && words[0] !== '--') {
    const word = words.shift() ?? ''
    if (word === '--version') return success(version)
    if (/^--(?:rcfile|init-file)$/.test(word)) words.shift()
    if (word.startsWith('--')) {
      if (/^--(?:login|norc|noprofile|posix|noediting|rcfile|init-file|verbose)$/.test(word)) continue
      return failure(`${tool}: ${word}: invalid option`, 2)
    }
    for (const letter of word.slice(1)) {
      if (letter === 'c') mode = 'line'
      else if (letter === 's') mode = 'input'
      else if (letter === 'o') settings.push(`set ${word[0]}o ${quote(words.shift() ?? '')}; `)
      else if (/[euxvnfaCEB]/.test(letter)) settings.push(`set ${word[0]}${letter}; `)
      else if (!/[lirpm]/.test(letter)) return failure(`${tool}: -${letter}: invalid option`, 2)
    }
  }
  if (words[0] === '--') words.shift()
  if (mode === 'line' && words.length === 0) return failure(`${tool}: -c: option requires an argument`, 2)
  const input = String(context.stdin)
  const isInput = mode === 'input' || (mode === 'file' && words.length === 0)
  const source = isInput ? input : mode === 'line' ? words.shift() : await readFile(tool, words[0] ?? '', context)
  if (typeof source !== 'string') return source ?? success()
  const name = isInput ? tool : (words.shift() ?? tool)
  // A subshell's traps are its own.
  const plain = source.replace(/^#!.*/, '')
  const text = /\btrap\b/.test(plain) ? `(\n${plain}\n)` : plain
  const script = `${functions.sharedText()}set -- ${words.map(quote).join(' ')}; ${settings.join('')}${text}`
  return execute(script, { context, env: context.exportedEnv ?? {}, name, stdin: isInput ? '' : input })
}

async function readFile(tool: string, name: string, { fs, cwd }: CommandContext): Promise<string | Result> {
  const path = fs.resolvePath(cwd, name)
  if (!(await fs.exists(path))) return failure(`${tool}: ${name}: No such file or directory`, 127)
  if ((await fs.stat(path)).isDirectory) return failure(`${tool}: ${name}: Is a directory`, 126)
  return fs.readFile(path)
}

interface Execution {
  context: CommandContext
  /** All that is exported there. */
  env: Record<string, string>
  name?: string
  stdin?: string
  cwd?: string
}

async function execute(script: string, { context, env, name, stdin, cwd = context.cwd }: Execution): Promise<Result> {
  if (!context.exec) throw new Error('Commands cannot be run here.')
  const names = Object.keys(env).filter((key) => /^[A-Za-z_]\w*$/.test(key))
  const exports = names.length > 0 ? `export ${names.join(' ')}; ` : ''
  return context.exec(exports + script, {
    env: { ...env, ...(name !== undefined && { 0: name, [scriptVariable]: name }) },
    replaceEnv: true,
    cwd,
    stdin: stdin ?? String(context.stdin),
    stdinKind: 'bytes',
    ...(context.signal && { signal: context.signal }),
  })
}

/** `env [-i] [-u <name>] [-C <folder>] [<name>=<value>…] [<command>…]`. */
async function runWithEnvironment(args: string[], context: CommandContext): Promise<Result> {
  const words = [...args]
  const env = { ...context.exportedEnv }
  let { cwd } = context
  const value = (word: string, short: string, long: string) =>
    word === short || word === long
      ? (words.shift() ?? '')
      : word.startsWith(`${long}=`)
        ? word.slice(long.length + 1)
        : word.slice(2)
  while (words[0]?.startsWith('-')) {
    const word = words.shift() ?? ''
    if (word === '--') break
    if (word === '-' || word === '-i' || word === '--ignore-environment')
      for (const key of Object.keys(env)) delete env[key]
    else if (/^(?:-u|--unset)/.test(word)) delete env[value(word, '-u', '--unset')]
    else if (/^(?:-C|--chdir)/.test(word)) cwd = context.fs.resolvePath(cwd, value(word, '-C', '--chdir'))
    else if (/^(?:-S|--split-string)/.test(word)) words.unshift(...value(word, '-S', '--split-string').split(/\s+/))
    else if (word === '--help') return context.origCommand?.(['--help']) ?? success()
    else
      return failure(`env: invalid option -- '${word.replace(/^-+/, '')}'\nTry 'env --help' for more information.`, 125)
  }
  for (;;) {
    const [, name, text] = /^([^=]+)=(.*)$/s.exec(words[0] ?? '') ?? []
    if (name === undefined || text === undefined) break
    env[name] = text
    words.shift()
  }
  if (words.length === 0)
    return success(
      Object.entries(env)
        .map(([name, text]) => `${name}=${text}\n`)
        .join(''),
    )
  return execute(words.map(quote).join(' '), { context, env, cwd })
}
