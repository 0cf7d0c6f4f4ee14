import { awkStartsCommands } from './awk'
import { gitCommandAt } from './git-runs'
import { parseShell, type SimpleCommand, type Word } from './parse-shell'

/** Why a command needs a person even in auto mode. `match` names the rule. */
export interface Danger {
  match:
    | 'forced_rm'
    | 'wide_rm'
    | 'discards_work'
    | 'network'
    | 'installs'
    | 'more_rights'
    | 'shell_from_input'
    | 'computed_command'
    | 'nested_too_deeply'
    | 'system'
    | 'deletes_tests'
  reason: string
}

const maxNesting = 8
const shellFromInput: Danger = { match: 'shell_from_input', reason: 'A shell runs whatever is piped into it.' }
const shells = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'fish', 'busybox'])
/** Programs that start the program named in their arguments. */
const wrappers = new Set(
  'env command builtin exec nohup nice time timeout stdbuf xargs setsid ionice caffeinate watch parallel busybox'.split(
    ' ',
  ),
)
/** Whether it starts the program named in its arguments. */
export function startsOthers(name: string): boolean {
  return wrappers.has(name) || rights.has(name)
}

const network = new Set(
  'curl wget nc ncat netcat socat ssh scp sftp rsync ftp telnet dig nslookup ping openssl'.split(' '),
)
const rights = new Set('sudo doas su pkexec chown chroot'.split(' '))
const system = new Set(
  'mkfs dd shred fdisk mount umount reboot shutdown halt poweroff crontab systemctl iptables'.split(' '),
)
const gitNetwork = new Set(['push', 'fetch', 'pull', 'clone', 'remote', 'submodule', 'ls-remote'])

/** The first danger in a command, looking through wrappers, nested shells, `eval`, `trap`, `xargs` and `find -exec`. */
export function findDanger(command: SimpleCommand, depth = 0): Danger | null {
  if (depth > maxNesting)
    return { match: 'nested_too_deeply', reason: 'Shells are nested too deeply to be sure what runs.' }
  const [first, ...rest] = command.words
  if (!first) return null
  if (first.dynamic || (first.glob && !/^\[\[?$/.test(first.text)))
    return { match: 'computed_command', reason: `Which program “${first.text}” starts is only known when it runs.` }
  const name = programName(first)
  if (shells.has(name)) return dangerOfShell(command, rest, depth)
  if (name === 'eval' || name === 'source' || name === '.') return dangerOfEval(command, operands(rest), depth)
  if (name === 'alias') return dangerOfAliases(command, rest, depth)
  for (const { text } of carriedScripts(name, rest)) {
    const danger = dangerOfScript(text, { depth, isFed: command.fedByInput })
    if (danger) return danger
  }
  const carries = wrappers.has(name) || rights.has(name) || name === 'find'
  return (carries ? dangerOfWrapped(command, depth) : null) ?? dangerOfProgram(name, rest)
}

function programName(word: Word): string {
  return word.text.slice(word.text.lastIndexOf('/') + 1).toLowerCase()
}

/** What stands behind `--`. */
export function operands(args: readonly Word[]): Word[] {
  return args.slice(args[0]?.text === '--' ? 1 : 0)
}

/** The texts that a builtin runs as commands, now or later. */
export function carriedScripts(name: string, args: readonly Word[]): Word[] {
  if (name === 'trap') return operands(args)
  if (!/^(?:compgen|complete|mapfile|readarray)$/.test(name)) return []
  return args.flatMap((arg, index) => {
    if (!arg.text.startsWith('-C')) return []
    return arg.text === '-C' ? args.slice(index + 1, index + 2) : [{ ...arg, text: arg.text.slice('-C'.length) }]
  })
}

/** `isFed`: what surrounds the script gets input, and so does each of its commands. */
function dangerOfScript(script: string, { depth, isFed }: { depth: number; isFed: boolean }): Danger | null {
  const line = parseShell(script, depth + 1)
  for (const command of line.commands) {
    const danger = findDanger(isFed ? { ...command, fedByInput: true } : command, depth + 1)
    if (danger) return danger
  }
  return line.broken ? { match: 'computed_command', reason: 'The command cannot be read with certainty.' } : null
}

/** What a shell was told to run: a text (`-c`), else a file, else what it is fed. */
export function shellRuns(args: readonly Word[]): { script?: Word; file?: Word } {
  let isText = false
  let isInput = false
  let at = 0
  for (; at < args.length; at++) {
    const { text = '', dynamic = false } = args[at] ?? {}
    if (!/^[-+]./.test(text) || text === '--') break
    isText ||= dynamic || /^-[a-z]*c/i.test(text)
    isInput ||= /^-[a-z]*s/i.test(text)
    if (/^[-+][a-z]*o$|^--(?:rcfile|init-file)$/i.test(text)) at++
  }
  const operand = args[/^--?$/.test(args[at]?.text ?? '') ? at + 1 : at]
  if (operand === undefined || (isInput && !isText)) return {}
  return isText ? { script: operand } : { file: operand }
}

function dangerOfShell(command: SimpleCommand, args: Word[], depth: number): Danger | null {
  const { script, file } = shellRuns(args)
  if (script?.dynamic && script.text.startsWith('$')) {
    return { match: 'computed_command', reason: 'A shell runs a text that is only known when it runs.' }
  }
  if (script) return dangerOfScript(script.text, { depth, isFed: command.fedByInput })
  if (file && isSubstitution(file)) {
    return { match: 'computed_command', reason: 'A shell runs the output of a command, which nobody has seen.' }
  }
  // What it stands for may be an option, behind which a text is run.
  const texts = file?.dynamic ? args.slice(args.indexOf(file) + 1) : []
  for (const { text } of texts) {
    const danger = dangerOfScript(text, { depth, isFed: command.fedByInput })
    if (danger) return danger
  }
  if (file && !file.text.startsWith('/dev/')) return null
  return command.fedByInput ? shellFromInput : null
}

/** `<(…)`: a file that is the output of a command. */
function isSubstitution({ text, dynamic }: Word): boolean {
  return dynamic && /^[<>]\(/.test(text)
}

/** `alias x='…'`: what the name stands for from then on. */
function dangerOfAliases(command: SimpleCommand, args: Word[], depth: number): Danger | null {
  for (const { text } of args) {
    const danger = dangerOfScript(aliased(text), { depth, isFed: command.fedByInput })
    if (danger) return danger
    const [first] = parseShell(aliased(text)).commands.at(-1)?.words ?? []
    if (first && takesCommands.test(programName(first))) {
      return { match: 'computed_command', reason: `What follows “${text}” is only known when it runs.` }
    }
  }
  return null
}

/** Programs whose danger is in the words behind their name, which an alias leaves open. */
const takesCommands = /^(?:p?npm|yarn|bun|(?:np|pnp|bun)x|pip3?|uv|git|rm|(?:ba|z|da|k|a)?sh|env|xargs|command|exec)$/

export function aliased(definition: string): string {
  return definition.replace(/^[^=]*=?/, '')
}

function dangerOfEval(command: SimpleCommand, args: Word[], depth: number): Danger | null {
  const name = command.words[0]?.text ?? ''
  if (args.some((arg) => arg.dynamic)) {
    return { match: 'computed_command', reason: `“${name}” runs a text that is only known when it runs.` }
  }
  const script = args.map((arg) => arg.text).join(' ')
  return name === 'eval' ? dangerOfScript(script, { depth, isFed: command.fedByInput }) : null
}

/**
 * The words of xargs, parallel or find as far as they are known: `{}`, or what `-I` names, stands for what is read or
 * found, and xargs puts that behind the last word as well.
 */
export function carriedWords([first, ...args]: readonly Word[]): Word[] {
  const name = first ? programName(first) : ''
  if (first === undefined || !/^(?:xargs|parallel|find)$/.test(name)) return args
  const option = args.findIndex(({ text }) => /^-I/.test(text))
  const mark = (args[option]?.text === '-I' ? args[option + 1]?.text : args[option]?.text.slice('-I'.length)) || '{}'
  const words = args.map((word) => (word.text.includes(mark) ? { ...word, dynamic: true } : word))
  return name === 'find' ? words : [...words, { text: '…', dynamic: true, glob: false }]
}

const deletesFound: Danger = { match: 'wide_rm', reason: 'Deletes every file that is found or read.' }

/** Words behind a wrapper. Each may be the program, so more would take long. */
const maxWrapped = 1_000

/** A wrapper's options vary, so every later word is tried as the start of a command. */
function dangerOfWrapped(command: SimpleCommand, depth: number): Danger | null {
  const args = carriedWords(command.words)
  const name = command.words[0] ? programName(command.words[0]) : ''
  if (name !== 'find' && args.length > maxWrapped) {
    return { match: 'nested_too_deeply', reason: `“${name}” has too many words to be sure what it starts.` }
  }
  const takesWords = /^(?:xargs|parallel)$/.test(name)
  const isExecuted = (index: number) => /^-(?:exec|ok)(?:dir)?$/.test(args[index - 1]?.text ?? '')
  const program = args.find(({ text }, index) =>
    name === 'find' ? isExecuted(index) : !/^-|^\w+=|^\d+[smhd]?$/.test(text),
  )
  if (program?.dynamic) {
    return { match: 'computed_command', reason: `Which program “${program.text}” is, is only known when it runs.` }
  }
  for (let start = 0; start < args.length; start++) {
    const head = args[start]
    if (!head || head.dynamic || head.text.startsWith('-') || (name === 'find' && !isExecuted(start))) continue
    // What xargs reads becomes words of the program, so a shell among them runs a text that nobody has seen.
    const fedByInput = command.fedByInput || takesWords
    if (takesWords && shells.has(programName(head))) return shellFromInput
    if (/^(?:rm|unlink)$/.test(programName(head)) && (takesWords || name === 'find')) return deletesFound
    const danger = findDanger({ ...command, words: args.slice(start), fedByInput }, depth + 1)
    if (danger) return danger
  }
  const split = args.findIndex((arg) => /^(?:-S|--split-string)/.test(arg.text))
  return split === -1
    ? null
    : dangerOfScript(
        args
          .slice(split)
          .map((arg) => arg.text.replace(/^(?:-S|--split-string=?)/, ''))
          .join(' '),
        { depth, isFed: command.fedByInput },
      )
}

function dangerOfProgram(name: string, args: Word[]): Danger | null {
  const texts = args.map((arg) => arg.text)
  if (name === 'rm' || name === 'unlink' || name === 'rmdir') return dangerOfRemoval(args)
  if (name === 'find' && texts.includes('-delete')) return deletesFound
  if (name === 'git') return dangerOfGit(args)
  if (/^(?:npm|npx|pnpm|yarn|bun|bunx|pip3?|uv)$/.test(name)) return dangerOfPackages(name, args)
  if (/^python3?$/.test(name) && texts[0] === '-m' && texts[1] === 'pip') return dangerOfPackages('pip', args.slice(2))
  if (/^[gmn]?awk$/.test(name) && awkStartsCommands(args))
    return { match: 'computed_command', reason: 'The awk program may start commands of its own.' }
  if (name === 'curl' && asksOwnServer(args)) return null
  if (network.has(name))
    return { match: 'network', reason: `“${name}” talks to other computers; the sandbox has no network.` }
  if (rights.has(name))
    return { match: 'more_rights', reason: `“${name}” asks for more rights than the project needs.` }
  if (system.has(name)) return { match: 'system', reason: `“${name}” acts on the system, not on the project.` }
  return null
}

const ownServer = /^(?:http:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:[/?][^@]*)?$/
const curlSwitch =
  /^(?:-[sSfiIvLkG]+|--(?:silent|show-error|fail|include|head|verbose|location|get|no-progress-meter|compressed))$/
/** With a value that is sent, printed or waited for; a file to read or write is none. */
const curlValue = /^(?:-[XHdmw]|--(?:request|header|data|data-raw|json|max-time|write-out|retry))$/

/** `curl` to a server of the project's own, with options that read and write no files. */
function asksOwnServer(args: readonly Word[]): boolean {
  let urls = 0
  for (let at = 0; at < args.length; at++) {
    const { text = '', dynamic = false } = args[at] ?? {}
    if (dynamic) return false
    if (curlValue.test(text)) {
      const value = args[++at]
      if (value === undefined || value.dynamic || value.text.startsWith('@')) return false
    } else if (text === '-o') {
      if (args[++at]?.text !== '/dev/null') return false
    } else if (ownServer.test(text)) urls++
    else if (!curlSwitch.test(text)) return false
  }
  return urls > 0
}

const testPath = /(?:^|\/)(?:tests?|__tests__|specs?|e2e)(?:\/|$)|\.(?:test|spec)\.[a-z]+$/i

export function isTestPath(path: string): boolean {
  return testPath.test(path)
}

/** More files at once are not deleted unasked. */
export const maxDeletedUnasked = 10

function dangerOfRemoval(args: readonly Word[]): Danger | null {
  const end = args.findIndex(({ text }) => text === '--')
  const isOption = ({ text }: Word, index: number) => text.startsWith('-') && (end === -1 || index <= end)
  const options = args.filter(isOption).map(({ text }) => text)
  const targets = args.filter((arg, index) => !isOption(arg, index))
  if (options.some((option) => option === '--force' || /^-[a-zA-Z]*f/.test(option))) {
    return { match: 'forced_rm', reason: 'Deletes files by force, without asking.' }
  }
  if (options.some((option) => /^-[a-z]*r|^--recursive/i.test(option))) {
    return { match: 'wide_rm', reason: 'Deletes folders with everything in them.' }
  }
  const pattern = targets.find(({ glob, dynamic }) => glob || dynamic)
  if (pattern) return { match: 'wide_rm', reason: `Deletes all files that “${pattern.text}” stands for.` }
  if (targets.length > maxDeletedUnasked)
    return { match: 'wide_rm', reason: `Deletes ${targets.length} files at once.` }
  const test = targets.find(({ text }) => isTestPath(text))
  return test
    ? { match: 'deletes_tests', reason: `Deletes tests (${test.text}), which are what proves the work.` }
    : null
}

function dangerOfGit(args: readonly Word[]): Danger | null {
  const texts = args.map(({ text }) => text)
  const at = gitCommandAt(args)
  const [command = '', ...rest] = texts.slice(at)
  const settings = command === 'config' ? texts : texts.slice(0, at)
  const danger = dangerOfGitAliases(settings) ?? dangerOfGitPrograms(settings)
  if (danger) return danger
  const test = command === 'rm' ? rest.find(isTestPath) : undefined
  if (test) return { match: 'deletes_tests', reason: `Deletes tests (${test}), which are what proves the work.` }
  if (gitNetwork.has(command))
    return { match: 'network', reason: `“git ${command}” talks to other computers; the sandbox has no network.` }
  if (command === 'rm' && !rest.includes('--cached')) return dangerOfRemoval(args.slice(at + 1))
  const discards =
    (command === 'reset' && rest.some((arg) => arg === '--hard' || arg === '--merge')) ||
    (command === 'clean' && rest.some((arg) => /^(?:-[a-z]*f|--force)/.test(arg))) ||
    (command === 'checkout' && rest.some((arg) => arg === '--' || arg === '.' || arg === '-f' || arg === '--force')) ||
    (command === 'switch' && rest.some((arg) => /^(?:-f|--force|--discard-changes)$/.test(arg))) ||
    (command === 'restore' && !(rest.some((arg) => /^(?:-S|--staged)$/.test(arg)) && !rest.some(isOfWorktree))) ||
    command === 'filter-branch'
  return discards
    ? { match: 'discards_work', reason: `“git ${command}” throws away work that is not committed.` }
    : null
}

function isOfWorktree(option: string): boolean {
  return /^(?:-[A-Z]*W|--worktree)/.test(option)
}

/** Settings that name a program for git to start, or a file with more of them. */
const gitPrograms =
  /^(?:core\.(?:hookspath|pager|editor|sshcommand|fsmonitor|askpass|gitproxy)|sequence\.editor|pager\.|diff\.|difftool\.|merge\.|mergetool\.|filter\.|gpg\.|credential\.|include(?:if)?\.|init\.templatedir|url\.)/i
/** A program by its name, a switch or nothing. */
const ordinaryValue = /^[a-z0-9-]*$/

function dangerOfGitPrograms(texts: readonly string[]): Danger | null {
  for (const [index, text] of texts.entries()) {
    if (!gitPrograms.test(text)) continue
    const [key = '', attached] = text.split(/=(.*)/s)
    const value = attached ?? texts[index + 1]
    const isPath = /hookspath|templatedir/i.test(key)
    if (value === undefined || (ordinaryValue.test(value) && !isPath)) continue
    return { match: 'more_rights', reason: `“${key}” decides which programs git starts.` }
  }
  return null
}

/** `alias.x=…`, or `alias.x` and its value: what `git x` does from then on. */
function dangerOfGitAliases(texts: readonly string[]): Danger | null {
  for (const [index, text] of texts.entries()) {
    const [alias, attached] = /^alias\.[^=]*(?:=(.*))?$/s.exec(text) ?? []
    const value = attached ?? texts[index + 1]
    if (alias === undefined || value === undefined) continue
    const script = value.startsWith('!') ? value.slice(1) : `git ${value}`
    const danger = dangerOfScript(script, { depth: 0, isFed: false })
    if (danger) return danger
  }
  return null
}

function dangerOfPackages(name: string, args: Word[]): Danger | null {
  const texts = args.map((arg) => arg.text)
  if (/^(?:np|pnp|bun)x$/.test(name)) return dangerOfRunning(texts)
  // Options may stand first, some with a value, or yarn's `workspace <name>`: then each word may be the command.
  const words = args.filter((arg) => arg.dynamic || !arg.text.startsWith('-'))
  const isAtStart = args[0] === words[0] && !/^workspaces?$/.test(words[0]?.text ?? '')
  const commands = isAtStart ? words.slice(0, 1) : words
  for (const command of commands) {
    if (command.dynamic || command.glob) {
      return { match: 'computed_command', reason: `What “${name}” is told to do is only known when it runs.` }
    }
    const changesPackage = command.text === 'pkg' && texts.some((text) => /^(?:set|delete|fix)$/.test(text))
    const danger = changesPackage ? rewritesPackage : dangerOfPackageCommand(name, command.text)
    if (danger) return danger
  }
  const isBare = /^(?:yarn|pnpm)$/.test(name) && words.length === 0 && !/^(?:-v|--version)$/.test(texts[0] ?? '')
  return isBare ? downloads : null
}

const rewritesPackage: Danger = { match: 'installs', reason: 'Changes package.json, which decides what npm runs.' }
const downloads: Danger = { match: 'installs', reason: 'Installs, downloads or removes packages.' }

function dangerOfPackageCommand(name: string, command: string): Danger | null {
  if (/^(?:publish|login|adduser|token|owner|unpublish|deprecate|config)$/.test(command)) {
    return { match: 'network', reason: `“${name} ${command}” changes things outside the project.` }
  }
  if (/^(?:view|info|show|v|outdated|search)$/.test(command)) {
    return {
      match: 'network',
      reason: `“${name} ${command}” asks the package registry: the names in it leave the sandbox.`,
    }
  }
  return installCommands.test(command) ? downloads : null
}

const installCommands =
  /^(?:i|install|in|ins|insta?|instal|isnta?|isntal|isntall|install-test|it|add|ci|cit|ic|sit|clean-install|install-clean|install-ci-test|clean-install-test|dedupe|ddp|find-dupes|prune|audit|uninstall|unlink|un|remove|rm|r|update|udpate|upgrade|up|link|dlx|create|init|innit|exec|x|sync)$/
/** What the sandbox brings along, so that `npx` downloads nothing. */
const broughtAlong = /^(?:vitest|jest|tsc|tsx|node)$/

/** `npx x` downloads a package when the project has no such command, which is not seen from here. */
function dangerOfRunning(texts: string[]): Danger | null {
  const [first = ''] = texts
  if (first === '' || broughtAlong.test(first) || /^(?:-v|--version)$/.test(first)) return null
  return { match: 'installs', reason: 'Runs a command of a package, which may be downloaded for it.' }
}
