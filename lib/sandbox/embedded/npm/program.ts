import type { MachineHost } from '../process/machine-host'
import { npm as runScripts } from '../process/npm'
import { binPath } from './bins'
import { config } from './commands/config'
import { exec, execute } from './commands/exec'
import { init } from './commands/init'
import { cleanInstall, install, restore } from './commands/install'
import { list } from './commands/list'
import { pkg, prefix, root, version } from './commands/manifest'
import { outdated, view } from './commands/view'
import { describeFailure } from './failure'
import { npmVersion } from './machine-target'
import { type NpmArguments, parseArguments, takesValue } from './options'
import { toNpm } from './other-managers'
import { findProject, readJson } from './project'
import { useFiles } from './shims/fs'
import { createTerminal, type Terminal } from './terminal'

type Command = (terminal: Terminal, args: NpmArguments) => Promise<number>

const commands: Record<string, Command> = {
  install,
  ci: cleanInstall,
  uninstall: (terminal, args) => install(terminal, args, 'uninstall'),
  update: (terminal, args) => install(terminal, args, 'update'),
  config,
  ls: list,
  outdated,
  view,
  init,
  exec,
  version,
  pkg,
  prefix,
  root,
  'vitrine-restore': restore,
}
const aliases: Record<string, string> = {
  i: 'install',
  in: 'install',
  add: 'install',
  isntall: 'install',
  'install-test': 'install',
  'clean-install': 'ci',
  r: 'uninstall',
  rm: 'uninstall',
  un: 'uninstall',
  remove: 'uninstall',
  unlink: 'uninstall',
  up: 'update',
  upgrade: 'update',
  list: 'ls',
  ll: 'ls',
  la: 'ls',
  info: 'view',
  show: 'view',
  v: 'view',
  create: 'init',
  innit: 'init',
  x: 'exec',
  verison: 'version',
  c: 'config',
}
/** Commands that mean something outside of the sandbox only. */
const outside: Record<string, string> = {
  publish: 'The sandbox publishes nothing: it has no network of its own and no accounts.',
  login: 'There are no registry accounts in the sandbox.',
  adduser: 'There are no registry accounts in the sandbox.',
  audit:
    'The sandbox asks the registry for packages only, so there is no audit. Versions younger than 24 hours are not installed.',
  link: 'There is nothing global in the sandbox to link to. Install a folder instead: npm install ./path',
  fund: 'The sandbox does not collect funding addresses.',
  cache: 'Packages are kept in the tab’s own cache; there is nothing to clean here.',
  pack: 'npm pack makes a package for publishing, which nobody does from here. To take the project along, download it as a zip.',
  whoami: 'There are no registry accounts in the sandbox.',
}

/** `npm`: everything but running scripts, which `process/npm.ts` does. */
export function npm(host: MachineHost): Promise<number> {
  return attempt(host, (terminal) => {
    const [first = '', ...rest] = optionsLast(host.argv.slice(1))
    if (first === '-v' || first === '--version') return say(terminal, npmVersion)
    return dispatch(terminal, first, rest)
  })
}

export function npx(host: MachineHost): Promise<number> {
  return attempt(host, (terminal) => {
    if (/^(?:-v|--version)$/.test(host.argv[1] ?? '')) return say(terminal, npmVersion)
    return exec(terminal, parseArguments(host.argv.slice(1), { wordsBeforeProgram: 1 }))
  })
}

/** `pnpm` and `yarn`: npm under their names. */
export const asOther =
  (manager: 'pnpm' | 'yarn') =>
  (host: MachineHost): Promise<number> =>
    attempt(host, async (terminal) => {
      const meaning = toNpm(manager, host.argv.slice(1))
      if ('sentence' in meaning) return say(terminal, meaning.sentence)
      const [command = '', ...rest] = meaning.argv
      if (command === 'run-or-exec') return runOrExec(terminal, rest)
      terminal.host.stderr(`${manager} is carried out by npm here: npm ${meaning.argv.join(' ')}\n`)
      return dispatch(terminal, command, rest)
    })

/** `npm --prefix app install` is `npm install --prefix app`. */
function optionsLast(argv: readonly string[]): string[] {
  let count = 0
  while (argv[count]?.startsWith('-') && !/^(?:-v|--version|-h|--help)$/.test(argv[count] ?? '')) {
    count += takesValue(argv[count] ?? '') ? 2 : 1
  }
  return [...argv.slice(count), ...argv.slice(0, count)]
}

async function dispatch(terminal: Terminal, word: string, rest: readonly string[]): Promise<number> {
  // `npm get registry` is `npm config get registry`.
  if (word === 'get' || word === 'set') return dispatch(terminal, 'config', [word, ...rest])
  const name = Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word
  if (Object.hasOwn(outside, name)) return terminal.fail(outside[name] ?? '')
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) return runScripts({ ...terminal.host, argv: ['npm', word, ...rest] })
  if (name !== 'exec') return command(terminal, parseArguments(rest))
  const args = parseArguments(rest, { wordsBeforeProgram: 1 })
  // `npm exec cowsay -- -f tux`: the dashes are npm's.
  return command(terminal, args.rest?.[0] === '--' ? { ...args, rest: args.rest.slice(1) } : args)
}

async function runOrExec(terminal: Terminal, [name = '', ...rest]: readonly string[]): Promise<number> {
  const { host } = terminal
  const project = findProject(host.fs, host.cwd)
  const manifest = host.fs.exists(`${project}/package.json`) ? readJson(host.fs, `${project}/package.json`) : {}
  if (Object.hasOwn(manifest.scripts ?? {}, name))
    return runScripts({ ...host, argv: ['npm', 'run', name, '--', ...rest] })
  return binPath(host.fs, project, name)
    ? execute(terminal, { words: [name, ...rest] })
    : terminal.fail(`There is neither a script nor a command “${name}”.`)
}

async function attempt(host: MachineHost, work: (terminal: Terminal) => Promise<number>): Promise<number> {
  const terminal = createTerminal(host)
  useFiles(host.fs)
  const stop = showWarnings(terminal)
  try {
    return await work(terminal)
  } catch (error) {
    return terminal.fail(describeFailure(error))
  } finally {
    stop()
  }
}

/** npm's library speaks through `process`; its warnings are for people. */
function showWarnings({ warn }: Terminal): () => void {
  const onLog = (level: unknown, ...words: unknown[]) => {
    if (level === 'warn' || level === 'error') warn(words.filter((word) => typeof word === 'string').join(' '))
  }
  process.on('log' as never, onLog as never)
  return () => process.off('log' as never, onLog as never)
}

async function say(terminal: Terminal, text: string): Promise<number> {
  terminal.say(text)
  return 0
}
