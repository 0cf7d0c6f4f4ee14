import type { BundleName } from '../protocol'
import { quote } from '../shell/quote'
import { splitPlainCommand } from './command-line'

const bundles: Record<string, BundleName> = {
  node: 'process',
  tsx: 'process',
  vitest: 'testing',
  jest: 'testing',
  npm: 'npm',
  npx: 'npm',
  pnpm: 'npm',
  pnpx: 'npm',
  yarn: 'npm',
  tsc: 'process',
  git: 'git',
  vite: 'vite',
  python: 'python',
  python3: 'python',
  pytest: 'python',
  pip: 'python',
  pip3: 'python',
  ps: 'process',
  kill: 'process',
  sh: 'shell',
  bash: 'shell',
}

/** Answered with one sentence and exit code 127. */
const missing: Record<string, string> = {
  ssh: 'The sandbox has no network, so ssh is not available.',
}

/** The commands that a shell must hand back to the kernel instead of running them itself. */
export const externalCommands: readonly string[] = [
  ...Object.keys(bundles).filter((name) => bundles[name] !== 'shell'),
  ...Object.keys(missing),
]

/** The programs that are Workers of their own, and their sentences. */
export const machineCommands: readonly string[] = [...externalCommands, 'sh', 'bash']

/** What only the shell knows; a test holds the list. */
export const shellCommands: readonly string[] = (
  'echo cat printf ls mkdir rmdir touch rm cp mv ln chmod pwd readlink head tail wc stat grep fgrep egrep rg sed awk sort ' +
  'uniq comm cut paste tr rev nl fold expand unexpand strings split column join tee find basename dirname tree du env ' +
  'printenv alias unalias history xargs true false clear jq base64 diff date sleep timeout time seq expr md5sum sha1sum ' +
  'sha256sum file html-to-markdown help which tac hostname whoami od gzip gunzip zcat'
).split(' ')

/** What our shell adds to those. */
const addedCommands =
  'make curl tar zip unzip uname id nproc tput realpath mktemp truncate reset yes less more man watch xxd hexdump cmp patch shuf sha384sum sha512sum pgrep pkill lsof ss envsubst uuidgen uptime trap nohup bc dd df factor iconv install numfmt tsort unlink'.split(
    ' ',
  )

/** All that can be run by its name. */
export const commandNames: readonly string[] = [...new Set([...machineCommands, ...shellCommands, ...addedCommands])]

export type Resolved = { kind: 'run'; bundle: BundleName; argv: string[] } | { kind: 'missing'; sentence: string }

/** A command line as typed. The shell is started only when it has something to do. */
export function resolveLine(line: string): Resolved {
  const words = splitPlainCommand(line)
  if (!words) return runInShell(line)
  const [name, flag] = words
  const isShellLine = /^(ba)?sh$/.test(name ?? '') && /^-l?c$/.test(flag ?? '')
  return (isShellLine ? resolveArgv(words) : resolveName(words)) ?? runInShell(line)
}

function runInShell(line: string): Resolved {
  return { kind: 'run', bundle: 'shell', argv: ['sh', '-c', line] }
}

/** What a process asks to run: `argv[0]` is a name or a path such as `/usr/bin/node`. */
export function resolveArgv(argv: string[]): Resolved {
  const name = argv[0]?.replace(/^.*\//, '') ?? ''
  const [, flag, line] = argv
  if (/^(ba)?sh$/.test(name) && /^-l?c$/.test(flag ?? '') && line !== undefined && argv.length === 3) {
    return resolveLine(line)
  }
  return resolveName([name, ...argv.slice(1)]) ?? runInShell(argv.map(quote).join(' '))
}

function resolveName(argv: string[]): Resolved | null {
  const name = argv[0] ?? ''
  const sentence = Object.hasOwn(missing, name) ? missing[name] : undefined
  if (sentence) return { kind: 'missing', sentence }
  // Node's own way to run a script: npm's, without its heading and the scripts before and after.
  if (name === 'node' && argv[1] === '--run') {
    const [script = '', ...words] = argv.slice(2)
    return { kind: 'run', bundle: 'process', argv: ['npm', 'run', '-s', '--ignore-scripts', script, ...words] }
  }
  const known = Object.hasOwn(bundles, name) ? bundles[name] : undefined
  const bundle = isScriptRun(argv) ? 'process' : known
  return bundle ? { kind: 'run', bundle, argv } : null
}

/** `npm test` must not wait for the package installer: running a script needs nothing of it. */
function isScriptRun([name, command = '']: readonly string[]): boolean {
  if (name === 'npm') return /^(?:run|run-script|rum|urn|test|t|tst|start|stop|restart)$/.test(command)
  return name === 'npx' && /^(?:vitest|jest|tsc|tsx|node)$/.test(command)
}

/** Shells and npm read the project's files but run none of its code. */
export function runsNoProjectCode({ bundle, argv }: Extract<Resolved, { kind: 'run' }>): boolean {
  return bundle === 'shell' || bundle === 'npm' || (bundle === 'process' && /^np[mx]$/.test(argv[0] ?? ''))
}

/** A program that the project wrote, or that runs it, could pretend to have left nothing behind in its Worker. */
export function mayServeAgain(program: Resolved): boolean {
  return program.kind === 'run' && (program.bundle === 'shell' || program.bundle === 'git')
}

/** What can tell, as honestly as the project's code lets it, that it has left nothing behind. */
export function isNodeProgram(program: Resolved): boolean {
  return program.kind === 'run' && program.bundle === 'process' && /^(?:node|tsx)$/.test(program.argv[0] ?? '')
}
