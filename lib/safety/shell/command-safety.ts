import { fromProject, isSecretFile, leavesProject } from '../protected-paths'
import { type Danger, findDanger } from './dangerous'
import { packageCommand, withInstalled } from './installed-command'
import { isPlainReader, isReadOnly } from './known-safe'
import { parseShell, type ShellLine, type SimpleCommand, type Word } from './parse-shell'
import { readsByCode } from './reading-code'
import { textArguments } from './text-arguments'

export type CommandSafety =
  /** Only looks at the project: needs no approval. */
  | { level: 'safe' }
  /** Runs or changes something; `rule` is the narrowest prefix that would allow it again, null when there is none. */
  | { level: 'unknown'; reason: string; rule: string | null }
  /** Asks in every mode and can never be allowed for good. */
  | { level: 'dangerous'; reason: string; match: Danger['match'] }

/** What is known of the project that a line runs in. */
export interface LinePlace {
  /** Where it runs; the root when missing. */
  cwd?: string
  /** Whether files of the project lie in a folder, so that it is no link to elsewhere. */
  isFolder?: (path: string) => boolean
  /** The `packageToRun` of the line, where that is installed at the root: then `npx` downloads nothing. */
  installed?: string | undefined
}

/**
 * Judges a shell line by what is written, before anything runs. What cannot be read with certainty is never safe.
 * `isFed`: something will be typed into it.
 */
export function commandSafety(
  commandLine: string,
  { isFed = false, ...place }: LinePlace & { isFed?: boolean } = {},
): CommandSafety {
  const line = withInstalled(unwrapShell(parseShell(commandLine)), place.installed)
  for (const command of line.commands) {
    const danger = findDanger(isFed ? { ...command, fedByInput: true } : command)
    if (danger) return { level: 'dangerous', ...danger }
  }
  if (line.broken) {
    return { level: 'dangerous', match: 'computed_command', reason: 'The command cannot be read with certainty.' }
  }
  const reason = whyNotSafe(line, folderOf(commandLine, line, place))
  return reason === null ? { level: 'safe' } : { level: 'unknown', reason, rule: suggestRule(line) }
}

/** Whether every command of the line is read-only or begins with an allowed prefix. Never true for dangerous lines. */
export function isAllowedByRules(
  commandLine: string,
  rules: readonly string[],
  { installed }: Pick<LinePlace, 'installed'> = {},
): boolean {
  const line = withInstalled(unwrapShell(parseShell(commandLine)), installed)
  if (!line.plain || line.commands.some((command) => findDanger(command) !== null)) return false
  const prefixes = rules.map((rule) => parseShell(rule)).filter((rule) => rule.plain && rule.commands.length === 1)
  return line.commands.every(
    (command) =>
      isSafeCommand(command) ||
      (command.words.every(isLiteral) && prefixes.some((rule) => startsWith(command, rule.commands[0]?.words ?? []))),
  )
}

/** The command of a package that a line runs by `npx`, where all that is missing is whether it is installed. */
export function packageToRun(commandLine: string): string | null {
  const wanted = packageCommand(unwrapShell(parseShell(commandLine)))
  return wanted !== null && commandSafety(commandLine).level === 'dangerous' ? wanted : null
}

/** Whether a line is code that can only read package.json and its like. */
export function onlyReadsByCode(commandLine: string): boolean {
  return readsByCode(parseShell(commandLine))
}

/** Every word and every path-like part of a word, so that `node -e "…'.git/config'…"` shows its path. */
export function pathsMentioned(commandLine: string): string[] {
  const { commands, values } = unwrapShell(parseShell(commandLine))
  const words = commands.flatMap((command) => [...namesOf(command), ...command.writes, ...command.reads])
  return [...words, ...values]
    .flatMap((word) => [word.text, ...word.text.split(/[\s'"`=,;:()<>|&{}[\]]+/)])
    .map(fromProject)
    .filter((text) => text !== '')
}

const maxGoals = 32

/**
 * The paths a line mentions, as seen from the root: relative ones may count from where it runs or from where it goes
 * first. Null when it goes to so many places that nobody can tell.
 */
export function pathsTouched(commandLine: string, cwd: string): string[] | null {
  const { commands } = unwrapShell(parseShell(commandLine))
  const goals = commands.flatMap(({ words: [name, ...rest] }) =>
    /^(?:cd|pushd)$/.test(name?.text ?? '') ? rest.map((word) => word.text) : [],
  )
  if (goals.length > maxGoals) return null
  const folders = [cwd, ...goals.map((goal) => (goal.startsWith('/') ? goal : `${cwd}/${goal}`))]
  const mentioned = pathsMentioned(commandLine)
  return [...mentioned, ...folders.flatMap((folder) => mentioned.map((path) => `${folder}/${path}`))]
}

/** `bash -lc 'ls && pwd'` is judged as `ls && pwd`. */
function unwrapShell(line: ShellLine): ShellLine {
  const [command] = line.commands
  const [shell, flag, script, extra] = command?.words ?? []
  const wraps =
    line.plain &&
    line.commands.length === 1 &&
    /^(?:ba|z)?sh$/.test(shell?.text ?? '') &&
    /^-l?c$/.test(flag?.text ?? '') &&
    script !== undefined &&
    extra === undefined
  return wraps ? parseShell(script.text, 1) : line
}

/**
 * The folder that all of a line surely runs in, or null: where it began, or where a `cd` at its beginning goes, which
 * cannot fail, since files of the project lie there.
 */
function folderOf(
  commandLine: string,
  { plain, commands }: ShellLine,
  { cwd = '', isFolder }: LinePlace,
): string | null {
  const moves = commands.filter(({ words }) => words[0]?.text === 'cd').length
  const [, target] = commands[0]?.words ?? []
  const isSure = moves === 1 && startsWithMove.test(commandLine)
  if (!plain || (moves > 0 && !isSure)) return null
  const folder = normalFolder(isSure ? `${cwd}/${target?.text}` : cwd)
  return folder === '' || (folder !== null && isFolder?.(folder)) ? folder : null
}

/** Behind a pipe or `||` it would go there alone, or not at all. */
const startsWithMove = /^\s*cd\s+[\w@.][\w@./-]*\s*(?:&&|;)/

function normalFolder(path: string): string | null {
  const out: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..' && out.pop() === undefined) return null
    if (segment !== '..' && segment !== '.' && segment !== '') out.push(segment)
  }
  return out.join('/')
}

/** `folder`: where the line runs, as far as that is sure. */
function whyNotSafe(line: ShellLine, folder: string | null = null): string | null {
  if (line.commands.length === 0) return 'Runs no command.'
  const unknown = line.commands.find((command) => !isReadOnly(textsOf(command)))
  if (unknown) return `Runs “${textsOf(unknown).slice(0, 2).join(' ')}”, which may change files.`
  if (line.commands.some((command) => command.writes.length > 0)) return 'Writes to a file.'
  const words = line.commands.flatMap(namesOf)
  // `HEAD:.env`, `--file=.env`
  const secret = words.find((word) => word.text.split(/[:=]/).some(isSecretFile))
  if (secret) return `Reads “${secret.text}”, which usually holds secrets.`
  const outside = words.find((word) => reachesOutside(word, folder))
  if (outside) return `Looks outside the project (${outside.text}).`
  return line.plain && line.commands.every(hasKnownWords)
    ? null
    : 'Uses variables, substitutions or patterns whose value is only known when it runs.'
}

function isSafeCommand(command: SimpleCommand): boolean {
  return whyNotSafe({ commands: [command], values: [], plain: true, broken: false }) === null
}

function reachesOutside(word: Word, folder: string | null): boolean {
  const value = fromProject(word.text.replace(/^--?[\w-]+=/, ''))
  if (value === '/dev/null' || !/[\\/]|^(?:~|\.\.)$/.test(value) || !leavesProject(value)) return false
  return !folder || /^[~/\\]|:/.test(value) || leavesProject(`${folder}/${value}`)
}

/** A pattern is as good as literal when it has a literal head: it cannot expand to an option. */
function isLiteral(word: Word): boolean {
  return !word.dynamic && (!word.glob || /^[\w./]/.test(word.text))
}

/** What a pattern stands for may be an option, which makes no difference to a program that only reads. */
function hasKnownWords({ words }: SimpleCommand): boolean {
  return words.every((word) => isLiteral(word) || (!word.dynamic && isPlainReader(words[0]?.text ?? '')))
}

/** The words that may be paths. */
function namesOf(command: SimpleCommand): Word[] {
  const texts = textArguments(command)
  return command.words.filter((word) => !texts.has(word))
}

function textsOf(command: SimpleCommand): string[] {
  return command.words.map((word) => word.text)
}

function startsWith(command: SimpleCommand, prefix: readonly Word[]): boolean {
  return prefix.length > 0 && prefix.every((word, index) => word.text === command.words[index]?.text)
}

/** How many words make a narrow prefix; programs that run any code are not here, so they are only allowed word by word. */
const prefixLength = new Map(
  Object.entries({ mkdir: 1, touch: 1, tsc: 1, vitest: 1, jest: 1, eslint: 1, prettier: 1, biome: 1, git: 2, npx: 2 }),
)
const anyCode = /^(?:env|sh|bash|zsh|xargs|sudo|eval|exec|source|rm|find)$/
const anyScript = /^(?:node|python3?|deno|bun|tsx|ts-node|perl|ruby|php|npm|pnpm|yarn)$/
const maxRuleLength = 80

function suggestRule(line: ShellLine): string | null {
  if (!line.plain || line.commands.some((command) => !command.words.every(isLiteral))) return null
  const unknown = line.commands.filter((command) => !isSafeCommand(command))
  const [command] = unknown
  if (!command || unknown.length > 1) return null
  const texts = textsOf(command)
  const [name = '', first = ''] = texts
  if (anyCode.test(name)) return null
  // An option as the first argument (`node -e`, `python -c`) carries code; `npm run` without a script names none.
  if (anyScript.test(name) && (first === '' || first.startsWith('-') || (/^run(?:-script)?$/.test(first) && !texts[2])))
    return null
  const length = prefixLength.get(name) ?? (anyScript.test(name) ? (/^run/.test(first) ? 3 : 2) : texts.length)
  if (length > 1 && first.startsWith('-')) return null
  const rule = texts.slice(0, length).map(quote).join(' ')
  return rule.length <= maxRuleLength ? rule : null
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
