import { quote } from '../shell/quote'

type Manager = 'pnpm' | 'yarn'

/** What a command line of pnpm or yarn means. */
export type Meaning =
  /** In npm's words. */
  | { argv: string[]; isTold?: boolean }
  /** `pnpm build`, `yarn build`: a script, else a command of a package; `otherwise` when it is neither. */
  | { script: string; words: string[]; options: string[]; otherwise?: string | undefined }
  /** Means nothing here. */
  | { sentence: string; code: number }

/** Commands that npm has under the same name and with the same words. */
const shared =
  /^(?:audit|bugs|cache|config|c|get|set|dedupe|docs|explain|fund|help|info|init|link|list|la|ll|ls|login|logout|outdated|pack|pkg|ping|prefix|prune|publish|rebuild|rb|repo|root|search|show|unlink|version|view|whoami|why)$/
/** Commands of their own that have no meaning here; a script of that name comes first. */
const otherwise: Record<string, string> = {
  'approve-builds': 'Install scripts never run in the sandbox, so there is nothing to approve.',
  'ignored-builds': 'Install scripts never run in the sandbox.',
  autoclean: 'The sandbox keeps packages as they are published.',
  bin: 'The commands of packages are in node_modules/.bin.',
  check: 'npm ls says what is missing or wrong.',
  deploy: 'The sandbox deploys nothing; npm pack makes a tarball of the project.',
  doctor: 'There is nothing to examine: npm does the work here.',
  env: 'The sandbox has one Node, and no other can be installed.',
  fetch: 'npm install loads packages and keeps them in the tab.',
  import:
    'Lock files of other package managers are not read here, but yarn.lock: npm install writes a package-lock.json.',
  licenses: 'npm view <name> license tells a package’s licence.',
  patch:
    'Packages cannot be patched here. Change the file in node_modules for a try, or take overrides in package.json.',
  plugin: 'yarn has no plugins here, since npm does its work.',
  policies: 'There is one version of each package manager here, and npm does the work.',
  'self-update': 'npm does the work here; there is nothing to update.',
  setup: 'npm does the work here; there is nothing to set up.',
  store: 'Packages are kept in the tab’s own cache; there is nothing to look after.',
  'upgrade-interactive': 'npm outdated shows what is newer; npm install <name>@latest takes it.',
}
const nothingGlobal = 'There is nothing global in the sandbox. Leave -g out: npx runs commands of packages.'
const fails = (sentence: string): Meaning => ({ sentence, code: 1 })

/** What `pnpm …` and `yarn …` mean in npm's words. */
export function toNpm(manager: Manager, argv: readonly string[]): Meaning {
  const { options, packages, isFrozen, isRecursive, command, rest } = readOptions(argv)
  const isWorkspaceWide = isRecursive || options.some((word) => word.startsWith('--workspace='))
  const runs = [...options, ...(isRecursive ? ['--workspaces'] : []), ...(isWorkspaceWide ? ['--if-present'] : [])]
  const told = (...words: string[]): Meaning => ({ argv: [...words, ...options], isTold: true })
  const passed = (words: readonly string[]) => (words.length > 0 ? ['--', ...words] : [])

  if (command === '-v' || command === '--version')
    return { sentence: `${manager} is carried out by npm in the sandbox.`, code: 0 }
  if (command === '-h' || command === '--help') return { argv: ['help'] }
  if (command === 'add' && !rest.some((word) => !word.startsWith('-')))
    return fails(`Say which package: ${manager} add <name>`)
  if (command === 'global' || (command !== 'run' && rest.some((word) => word === '-g' || word === '--global')))
    return fails(nothingGlobal)
  if (command === 'add') return told('install', ...rest.map(toNpmWord))
  if (command === '' || command === 'install' || command === 'i') {
    const words = rest.filter((word) => !word.startsWith('-'))
    if (words.length > 0 && manager === 'pnpm') return told('install', ...rest.map(toNpmWord))
    const isCi = isFrozen || rest.some((word) => /^--(?:frozen-lockfile|immutable)$/.test(word))
    const isProduction = [...rest, ...argv].some((word) => /^(?:--prod|--production|-P)$/.test(word))
    return told(isCi ? 'ci' : 'install', ...(isProduction ? ['--omit=dev'] : []))
  }
  if (/^(?:remove|rm|uninstall|un)$/.test(command)) return told('uninstall', ...rest)
  if (/^(?:update|up|upgrade)$/.test(command)) return toUpdate(rest, told)
  if (command === 'dlx') {
    const { packages: own, command: name, rest: words } = readOptions(rest)
    if (name === '') return fails(`Say what to run, e.g. ${manager} dlx cowsay hello`)
    return {
      argv: ['exec', '--yes', ...[...packages, ...own].map((spec) => `--package=${spec}`), '--', name, ...words],
    }
  }
  if (command === 'exec' || command === 'x') {
    const words = rest[0] === '--' ? rest.slice(1) : rest
    return { argv: ['exec', ...runs.filter((word) => word !== '--if-present'), '--call', words.map(quote).join(' ')] }
  }
  if (command === 'create') {
    const [name, ...words] = rest
    return name === undefined
      ? fails(`Say what to create: ${manager} create vite`)
      : { argv: ['create', '--yes', name, ...passed(words)] }
  }
  if (command === 'run' || command === 'run-script') {
    const [name, ...words] = rest
    return { argv: ['run', ...runs, ...(name === undefined ? [] : [name]), ...passed(words)] }
  }
  if (/^(?:test|t|tst|start|stop|restart)$/.test(command)) return { argv: [command, ...runs, ...passed(rest)] }
  if (manager === 'yarn' && command === 'workspace')
    return toNpm(manager, [`--filter=${rest[0] ?? ''}`, ...rest.slice(1)])
  if (manager === 'yarn' && command === 'workspaces') {
    const start = rest.findIndex((word) => !word.startsWith('-') && word !== 'foreach')
    return rest[start] === 'list'
      ? { argv: ['ls'] }
      : toNpm(manager, ['-r', ...(start === -1 ? ['run'] : rest.slice(start))])
  }
  if (manager === 'yarn' && command === 'set') return fails(otherwise.policies ?? '')
  if (shared.test(command)) return { argv: [command, ...rest, ...options] }
  if (command.startsWith('-'))
    return fails(`${manager} ${command} is not known in the sandbox, where npm does the work of ${manager}.`)
  return {
    script: command,
    words: rest,
    options: runs,
    otherwise: Object.hasOwn(otherwise, command) ? otherwise[command] : undefined,
  }
}

/** `pnpm up -L`: npm takes the newest of all only by name. */
function toUpdate(rest: readonly string[], told: (...words: string[]) => Meaning): Meaning {
  const names = rest.filter((word) => !word.startsWith('-'))
  if (!rest.some((word) => /^(?:-L|--latest)$/.test(word))) return told('update', ...names)
  if (names.length === 0)
    return fails(
      'npm takes what is beyond package.json’s ranges by name: npm install <name>@latest. npm outdated lists it.',
    )
  return told('install', ...names.map((name) => (/.@/.test(name) ? name : `${name}@latest`)))
}

interface Options {
  /** In npm's words, to stand before a script's name. */
  options: string[]
  packages: string[]
  isRecursive: boolean
  isFrozen: boolean
  command: string
  rest: string[]
}

/** The options before the command. */
function readOptions(argv: readonly string[]): Options {
  const found: Options = { options: [], packages: [], isRecursive: false, isFrozen: false, command: '', rest: [] }
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const [, name = word, inline] = /^(--?[\w-]+)=(.*)$/s.exec(word) ?? []
    const value = () => inline ?? argv[++at] ?? ''
    if (name === '-r' || name === '--recursive') found.isRecursive = true
    else if (name === '-F' || name === '--filter') found.options.push(`--workspace=${filtered(value())}`)
    else if (name === '-C' || name === '--dir' || name === '--cwd' || name === '--prefix')
      found.options.push(`--prefix=${value()}`)
    else if (name === '-p' || name === '--package') found.packages.push(value())
    else if (name === '-s' || name === '--silent' || word === '--reporter=silent') found.options.push('--silent')
    else if (name === '--if-present') found.options.push(name)
    else if (name === '--frozen-lockfile' || name === '--immutable') found.isFrozen = true
    else if (
      !/^(?:-w|-y|-q|--(?:workspace-root|parallel|stream|aggregate-output|no-bail|bail|yes|quiet|color|no-color|prod|production|reporter|offline|prefer-offline|ignore-scripts|sort|no-sort))$/.test(
        name,
      )
    ) {
      return { ...found, command: word, rest: argv.slice(at + 1) }
    }
  }
  return found
}

/** `...@x/a`, `@x/a^...`, `{./packages/a}`: what it means without what depends on it. */
function filtered(filter: string): string {
  return filter.replace(/^\.\.\.\^?|\^?\.\.\.$/g, '').replace(/^\{(.*)\}$/, '$1')
}

function toNpmWord(word: string): string {
  return (
    {
      '--dev': '--save-dev',
      '--exact': '--save-exact',
      '--peer': '--save-peer',
      '--optional': '--save-optional',
      // Of pnpm: into the root of the workspace, where npm is anyway.
      '-w': '--save',
      '--workspace-root': '--save',
      '-W': '--save',
    }[word] ?? word.replace(/(^|@)(?:link|portal):/, '$1file:').replace(/(^|@)workspace:.*$/, '')
  )
}
