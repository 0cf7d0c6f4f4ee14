import type { MachineHost } from '../process/machine-host'
import {
  bytesResult,
  type CommandContext,
  type Commands,
  type Execute,
  failure,
  inputOf,
  pathFrom,
  success,
} from './command'
import { listFiles } from './list-files'
import { createMachineCommands } from './machine-commands'
import { quote } from './quote'
import { adaptedCommands } from './text/adapted-commands'
import { bc } from './text/bc'
import { checksumCommands } from './text/checksums'
import { date } from './text/date'
import { cmp, diff } from './text/diff'
import { hexdump, xxd } from './text/dumps'
import { createFileTools } from './text/file-tools'
import { grep } from './text/grep'
import { numberCommands } from './text/numbers'
import { patch } from './text/patch'
import { shuf, sort } from './text/sort'
import { tr } from './text/tr'

const text =
  (value: string): Execute =>
  async () =>
    success(`${value}\n`)
const editors = ['vi', 'vim', 'nvim', 'nano', 'emacs', 'pico']
const absent: Record<string, string> = {
  sudo: 'There is no other user here: run the command without sudo.',
  apt: 'The sandbox is no Linux: packages come from npm (npm install).',
  'apt-get': 'The sandbox is no Linux: packages come from npm (npm install).',
  brew: 'The sandbox is no Linux: packages come from npm (npm install).',
  docker: 'Containers cannot run in the sandbox.',
  make: 'make is not here; put the commands into scripts of package.json and use npm run.',
  gcc: 'There is no C compiler in the sandbox.',
  perl: 'There is no Perl here: use sed, awk, node -e or python -c.',
  ruby: 'There is no Ruby here; node and python are.',
  openssl: 'openssl is not here: sha256sum and base64 are, and node has its crypto module.',
  corepack: 'There is nothing to switch on: npm is here, and pnpm and yarn are carried out by it.',
}

/** Small commands that people and models type, which just-bash lacks or does differently. */
export function createSystemCommands(host: MachineHost): Commands {
  const commands: Commands = {
    yes: async (args, context) => {
      const block = `${args.join(' ') || 'y'}\n`.repeat(512)
      while (!context.signal?.aborted) {
        host.stdout(block)
        await new Promise((resolve) => setTimeout(resolve, 4))
      }
      return success()
    },
    clear: text('\x1b[2J\x1b[3J\x1b[H'),
    reset: text('\x1bc'),
    uname: async (args) => success(`${systemNames(args)}\n`),
    id: async (args) =>
      success(args.includes('-u') ? '1000\n' : 'uid=1000(vitrine) gid=1000(vitrine) groups=1000(vitrine)\n'),
    whoami: text('vitrine'),
    // Nothing is limited that a script could set.
    ulimit: async (args) => success(args.some((word) => /^(\d+|unlimited)$/.test(word)) ? '' : 'unlimited\n'),
    nproc: async () => success(`${globalThis.navigator?.hardwareConcurrency ?? 1}\n`),
    tput: async ([name]) => {
      const size: Record<string, number> = {
        cols: host.terminal?.columns ?? 80,
        lines: host.terminal?.rows ?? 24,
        colors: 256,
      }
      return success(name && size[name] !== undefined ? `${size[name]}\n` : '')
    },
    ...Object.fromEntries(
      ['grep', 'egrep', 'fgrep'].map((name) => [
        name,
        unlessHelp(async (args, context) => grep(host.fs, [name, ...args], context)),
      ]),
    ),
    ...adaptedCommands,
    ...checksumCommands,
    ...createMachineCommands(host),
    ...createFileTools(host.fs),
    ...numberCommands,
    bc,
    cmp,
    date,
    diff: unlessHelp(diff),
    hexdump,
    shuf,
    sort: unlessHelp((args, context) => sort(host.fs, args, context)),
    xxd,
    patch: async (args, context) => patch(host.fs, args, context),
    tr: unlessHelp(async (args, context) => tr(args, context)),
    rm: (args, context) => remove(host, args, context),
    ls: async (args, context) =>
      args.includes('--help') ? callOriginal(context, ['--help']) : listFiles(host.fs, args, context),
    which: async (args, context) => {
      const names = args.filter((word) => !word.startsWith('-'))
      const known = context.getRegisteredCommands?.() ?? []
      const bins = (name: string) => `${context.cwd}/node_modules/.bin/${name}`
      const found = names.map((name) =>
        host.fs.exists(bins(name)) ? bins(name) : known.includes(name) ? `/usr/bin/${name}` : null,
      )
      return {
        ...success(found.flatMap((path) => (path ? [`${path}\n`] : [])).join('')),
        exitCode: found.every(Boolean) && names.length > 0 ? 0 : 1,
      }
    },
    less: (args, context) => page(args, context),
    more: (args, context) => page(args, context),
    man: async ([name]) =>
      name === undefined
        ? failure('What manual page do you want?')
        : failure(`There are no manual pages here; ${name} --help says what it can. help lists all commands.`),
    help: async (_args, context) => success(helpText(context.getRegisteredCommands?.() ?? [])),
    watch: (args, context) => watch(host, args, context),
  }
  for (const name of editors) {
    commands[name] = async (args) =>
      failure(
        `${name} cannot run here: the editor is beside the terminal. code ${args.find((word) => !word.startsWith('-')) ?? '<file>'} opens a file in it.`,
      )
  }
  for (const [name, sentence] of Object.entries(absent)) commands[name] = async () => failure(sentence, 127)
  return commands
}

function systemNames(args: readonly string[]): string {
  const flags = args.filter((word) => word.startsWith('-')).join('')
  const names = { s: 'Linux', n: 'vitrine', r: '6.0.0', v: '#1', m: 'wasm32', o: 'GNU/Linux' }
  const wanted = Object.entries(names).filter(([flag]) => flags.includes(flag) || flags.includes('a'))
  return (wanted.length > 0 ? wanted : [['s', names.s]]).map(([, name]) => name).join(' ')
}

/** What just-bash says of its own command of that name is as true of ours. */
function unlessHelp(execute: Execute): Execute {
  return (args, context) =>
    /^--(?:help|version)$/.test(args[0] ?? '') ? callOriginal(context, args) : execute(args, context)
}

function callOriginal(context: CommandContext, args: string[]) {
  if (!context.origCommand) throw new Error('The command has no original.')
  return context.origCommand(args)
}

/** just-bash looks at what a symbolic link leads to; what is removed is the link. */
async function remove(host: MachineHost, args: string[], context: CommandContext) {
  const isLink = (word: string) => !/^-|\/$/.test(word) && isSymbolicLink(host, pathFrom(context, word))
  const links = args.filter(isLink)
  for (const word of links) host.fs.rm(pathFrom(context, word))
  const rest = args.filter((word) => !links.includes(word))
  return links.length > 0 && rest.every((word) => word.startsWith('-')) ? success() : callOriginal(context, rest)
}

function isSymbolicLink({ fs }: MachineHost, path: string): boolean {
  const at = path.lastIndexOf('/')
  const folder = path.slice(0, at) || '/'
  const isThere =
    fs.exists(folder) && fs.stat(folder).kind === 'directory' && fs.readdir(folder).includes(path.slice(at + 1))
  return isThere && fs.lstat(path).kind === 'symlink'
}

/** Without a screen of its own a pager is the file as it is: the terminal scrolls. */
async function page(args: string[], context: CommandContext) {
  const names = args.filter((word) => !/^[-+]/.test(word))
  if (names.length === 0) return bytesResult(inputOf(context))
  const result = await context.exec?.(`cat ${names.map(quote).join(' ')}`, { cwd: context.cwd })
  return result ?? failure('less: not available here')
}

/** `watch [-n <seconds>] <command>`: until Ctrl+C, each time on a clear screen. */
async function watch(host: MachineHost, args: string[], context: CommandContext) {
  const at = args.indexOf('-n')
  const attached = args.findIndex((word) => /^-n[\d.]+$/.test(word))
  const seconds = Number(at === -1 ? (args[attached]?.slice(2) ?? 2) : args[at + 1])
  const words = args.filter((word, index) => !word.startsWith('-') && !(at !== -1 && index === at + 1))
  if (words.length === 0) return failure('usage: watch [-n <seconds>] <command>')
  let isStopped = false
  host.onSignal(() => {
    isStopped = true
  })
  while (!isStopped && !context.signal?.aborted) {
    const result = await context.exec?.(words.join(' '), { cwd: context.cwd })
    host.stdout(
      `\x1b[2J\x1b[HEvery ${seconds.toFixed(1)}s: ${words.join(' ')}\n\n${result?.stdout ?? ''}${result?.stderr ?? ''}`,
    )
    await context.sleep?.(seconds * 1000)
  }
  return success()
}

function helpText(commands: readonly string[]): string {
  const names = commands.filter(
    (name) => !name.includes(':') && name !== 'pipeline' && !Object.hasOwn(absent, name) && !editors.includes(name),
  )
  const rows: string[] = []
  let row = ''
  for (const name of names.sort()) {
    if (row.length + name.length > 74) {
      rows.push(row)
      row = ''
    }
    row += `${row === '' ? '  ' : ' '}${name}`
  }
  return `This is a bash of ours on the project's files. It has no network.

Programs: node, npm, npx, tsx, tsc, vitest, jest, python, pip, git
Editor:   code <file>[:line] opens a file in the editor
Jobs:     & jobs fg bg wait kill; Ctrl+C stops, Tab completes, Ctrl+R searches

Commands:
${[...rows, row].join('\n')}
`
}
