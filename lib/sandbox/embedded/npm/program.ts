import { npmVersion } from '@/lib/registry/machine-target'
import type { MachineHost } from '../process/machine-host'
import { npm as runScripts, userAgentOf } from '../process/npm'
import { binPath } from './bins'
import { config } from './commands/config'
import { exec, execute } from './commands/exec'
import { explain } from './commands/explain'
import { init } from './commands/init'
import { cleanInstall, install, restore } from './commands/install'
import { list } from './commands/list'
import { pkg, prefix, root, version } from './commands/manifest'
import { outdated } from './commands/outdated'
import { pack } from './commands/pack'
import { view } from './commands/view'
import { describeFailure, describeWarning } from './failure'
import { type NpmArguments, parseArguments, takesValue } from './options'
import { type Meaning, toNpm } from './other-managers'
import { findProject, readJson } from './project'
import { useFiles } from './shims/fs'
import { createTerminal, type PackageManager, type Terminal } from './terminal'

/** `npm <command> -h`. */
const usages: Record<string, string> = {
  install:
    'Usage: npm install [<name>[@<version>] | <folder> | <tarball> …] [-D] [-O] [-E] [--no-save] [--omit=dev] [--legacy-peer-deps] [--dry-run] [--allow-new] [-w <workspace>]',
  ci: 'Usage: npm ci [--omit=dev]',
  uninstall: 'Usage: npm uninstall <name> … [--no-save] [-w <workspace>]',
  exec: 'Usage: npx [-y] [--no] [-p <package>] <command> [args…] | npx [-p <package>] -c "<line>" | npm exec [-w <workspace>] -- <command> [args…]',
  init: 'Usage: npm init [-y] [-w <folder>] | npm create <name>[@<version>] [-- <args>]',
  ls: 'Usage: npm ls [<name> …] [--all] [--depth=<n>] [--json] [--parseable] [--omit=dev]',
  pkg: 'Usage: npm pkg get [<key> …] | set <key>=<value> … [--json] | delete <key> …',
  version:
    'Usage: npm version [<version> | major | minor | patch | prerelease …] [--no-git-tag-version] [-m <message>] [--preid <id>]',
  view: 'Usage: npm view <name>[@<version>] [<field> …] [--json]',
}

type Command = (terminal: Terminal, args: NpmArguments) => Promise<number>

const commands: Record<string, Command> = {
  install,
  ci: cleanInstall,
  uninstall: (terminal, args) => install(terminal, args, 'uninstall'),
  update: (terminal, args) => install(terminal, args, 'update'),
  prune: (terminal, args) => install(terminal, args, 'prune'),
  dedupe: (terminal, args) => install(terminal, args, 'dedupe'),
  'find-dupes': (terminal, args) =>
    install(terminal, { ...args, flags: new Map([...args.flags, ['dry-run', true]]) }, 'dedupe'),
  'install-test': (terminal, args) => thenTest(terminal, install(terminal, args)),
  'install-ci-test': (terminal, args) => thenTest(terminal, cleanInstall(terminal, args)),
  explain,
  pack,
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
  it: 'install-test',
  cit: 'install-ci-test',
  'clean-install-test': 'install-ci-test',
  sit: 'install-ci-test',
  ic: 'ci',
  'clean-install': 'ci',
  'install-clean': 'ci',
  why: 'explain',
  ddp: 'dedupe',
  udpate: 'update',
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
  rb: 'rebuild',
  ln: 'link',
  'add-user': 'adduser',
  'dist-tags': 'dist-tag',
  find: 'search',
  s: 'search',
  se: 'search',
}
const noAccounts = 'There are no registry accounts in the sandbox.'
const noBrowser = 'npm opens no pages here: npm view <name> homepage tells the address.'
/** Commands that mean something outside of the sandbox only. */
const outside: Record<string, string> = {
  ...Object.fromEntries(
    [
      'login',
      'logout',
      'adduser',
      'whoami',
      'token',
      'profile',
      'team',
      'org',
      'owner',
      'access',
      'star',
      'stars',
      'unstar',
    ].map((name) => [name, noAccounts]),
  ),
  ...Object.fromEntries(['docs', 'home', 'repo', 'bugs', 'issues'].map((name) => [name, noBrowser])),
  publish:
    'The sandbox publishes nothing: it has no network of its own and no accounts. npm pack makes the tarball; download it and publish it from your machine.',
  unpublish: 'The sandbox publishes nothing, so it takes nothing back either.',
  deprecate: 'The sandbox publishes nothing, so it deprecates nothing either.',
  'dist-tag': 'The sandbox changes nothing in the registry. npm view <name> dist-tags lists the tags of a package.',
  audit:
    'The sandbox asks the registry for packages only, so there is no audit. Versions younger than 24 hours are not installed. Run npm audit on your machine.',
  link: 'There is nothing global in the sandbox to link to. Install a folder instead: npm install ./path',
  rebuild: 'Install scripts never run in the sandbox, so there is nothing to rebuild.',
  search: 'The sandbox asks the registry for packages by their names only; npm view <name> tells of one.',
  doctor: 'There is nothing of npm’s own to examine here. npm ls says what of the project is missing or wrong.',
  query: 'npm query is not here; npm ls --all --json lists the tree.',
  diff: 'npm diff is not here; npm view <name> versions lists what there is.',
  sbom: 'npm sbom is not here; package-lock.json lists all packages with their checksums.',
  shrinkwrap: 'npm shrinkwrap is not here: rename package-lock.json to npm-shrinkwrap.json, which npm reads as well.',
  edit: 'npm edit is not here: open the file in node_modules.',
  explore: 'npm explore is not here: cd node_modules/<name> goes to a package.',
  completion: 'The terminal completes npm’s scripts and packages by itself.',
  'set-script': 'npm pkg set scripts.<name>="<command>" does this.',
  bin: 'The commands of packages are in node_modules/.bin.',
  ping: 'The sandbox does not reach the registry itself; npm view <name> asks the server for a package.',
}
/** What has no effect here and needs none. */
const needless: Record<string, string> = {
  cache: 'Packages are kept in the tab’s own cache; there is nothing to clean here.',
  fund: 'The sandbox does not collect funding addresses.',
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
    const [first = ''] = host.argv.slice(1)
    if (/^(?:-v|--version)$/.test(first)) return say(terminal, npmVersion)
    if (/^(?:-h|--help)$/.test(first)) return say(terminal, usages.exec ?? '')
    return exec(terminal, parseArguments(host.argv.slice(1), { wordsBeforeProgram: 1 }))
  })
}

/** `pnpm` and `yarn`: npm under their names. */
export const asOther =
  (manager: 'pnpm' | 'yarn') =>
  (host: MachineHost): Promise<number> => {
    // What scripts call is told who called them.
    const named = { ...host, env: { ...host.env, npm_config_user_agent: userAgentOf(manager) } }
    return attempt(
      named,
      async (terminal) => {
        const meaning = toNpm(manager, host.argv.slice(1))
        if ('sentence' in meaning)
          return meaning.code === 0 ? say(terminal, meaning.sentence) : terminal.fail(meaning.sentence)
        if ('script' in meaning) return runOrExec(terminal, meaning)
        const [command = '', ...rest] = withLockFile(terminal, meaning.argv)
        if (meaning.isTold && !rest.includes('--silent')) {
          terminal.host.stderr(`${manager} is carried out by npm here: npm ${[command, ...rest].join(' ')}\n`)
        }
        return dispatch(terminal, command, rest)
      },
      manager,
    )
  }

/** Their own lock files are not npm's: without npm's, `--frozen-lockfile` has nothing to go by. */
function withLockFile(terminal: Terminal, argv: readonly string[]): readonly string[] {
  const { fs, cwd } = terminal.host
  const project = findProject(fs, cwd)
  const other = ['pnpm-lock.yaml', 'yarn.lock'].find((name) => fs.exists(`${project}/${name}`))
  if (argv[0] !== 'ci' || other === undefined || fs.exists(`${project}/package-lock.json`)) return argv
  terminal.warn(`${other} is not what npm installs by. It works out the versions anew and writes a package-lock.json.`)
  return ['install', ...argv.slice(1)]
}

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
  if (Object.hasOwn(needless, name)) return say(terminal, needless[name] ?? '')
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) return runScripts({ ...terminal.host, argv: ['npm', word, ...rest] })
  const isHelp = /^(?:-h|--help)$/.test(rest[0] ?? '')
  if (isHelp) return say(terminal, (Object.hasOwn(usages, name) && usages[name]) || `Usage: npm ${name}`)
  const args = parseArguments(rest, name === 'exec' ? { wordsBeforeProgram: 1 } : {})
  const { flags } = args
  terminal.isSilent ||= flags.has('silent') || flags.get('loglevel') === 'silent'
  if (name !== 'exec') return command(terminal, args)
  // `npm exec cowsay -- -f tux`: the dashes are npm's.
  return command(terminal, args.rest?.[0] === '--' ? { ...args, rest: args.rest.slice(1) } : args)
}

/** `npm install-test`. */
async function thenTest({ host }: Terminal, installed: Promise<number>): Promise<number> {
  return (await installed) || runScripts({ ...host, argv: ['npm', 'test'] })
}

async function runOrExec(
  terminal: Terminal,
  { script, words, options, otherwise }: Extract<Meaning, { script: string }>,
): Promise<number> {
  const { host } = terminal
  const project = findProject(host.fs, host.cwd)
  const manifest = host.fs.exists(`${project}/package.json`) ? readJson(host.fs, `${project}/package.json`) : {}
  if (options.length > 0 || Object.hasOwn(manifest.scripts ?? {}, script))
    return runScripts({ ...host, argv: ['npm', 'run', ...options, script, '--', ...words] })
  if (binPath(host.fs, project, script)) return execute(terminal, { words: [script, ...words] })
  return terminal.fail(otherwise ?? `There is neither a script nor a command “${script}”.`)
}

async function attempt(
  host: MachineHost,
  work: (terminal: Terminal) => Promise<number>,
  manager: PackageManager = 'npm',
): Promise<number> {
  const terminal = createTerminal(host, manager)
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
    if (level === 'warn' || level === 'error') warn(describeWarning(words))
  }
  process.on('log' as never, onLog as never)
  return () => process.off('log' as never, onLog as never)
}

async function say(terminal: Terminal, text: string): Promise<number> {
  terminal.say(text)
  return 0
}
