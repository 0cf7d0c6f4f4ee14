import { commandNames, externalCommands } from '../kernel/programs'
import { isShellScript } from '../process/find-command'
import type { ProcessHost } from '../process/host'
import { lastJobVariable, waitName } from './jobs'
import { foldersName, leaveName, programName, wordsName, wordsVariable } from './path-commands'
import { scriptVariable } from './script'
import { shareName } from './shell-commands'
import {
  type Assignment,
  type Command,
  expansion,
  group,
  literal,
  literalOf,
  mapNodes,
  type Node,
  type Script,
  type Simple,
  simple,
  statement,
  type Word,
} from './syntax'
import { trapName } from './traps'

/**
 * Commands that are files. Of installed packages, as the PATH leads to them: `mocha --bail` becomes
 * `node …/mocha/bin/mocha.js --bail`; programs of the machine go before packages that bring their own. By their path:
 * `./cli.js` runs what its first line names. A name that is known only when it runs, as `$NODE`, is looked at then.
 */
export function runPackageCommands(script: Script, host: Pick<ProcessHost, 'env' | 'fs'>): Script {
  return rewrite(script, replaceCommand)

  function replaceCommand(command: Simple): Command {
    const { name } = command
    if (!name) return command
    const text = literalOf(name)
    if (text === null) {
      if (isPath(name) && !hasSubstitution(name)) return asProgram(command, name)
      return hasSubstitution(name) ? asWords(command, name) : command
    }
    // just-bash's own knows nothing of our jobs.
    if (text === 'wait') return { ...command, name: literal(waitName) }
    if (text === 'trap') return { ...command, name: literal(trapName), args: [expansion('BASHPID'), ...command.args] }
    const inner = withoutPrefix(text, command)
    if (inner) return replaceCommand(inner)
    if (/^(ba)?sh$/.test(text) && runsFile(command.args)) return asProgram(command, literal(`/bin/${text}`))
    if (text === 'export' && literalOf(command.args[0] ?? literal('')) === '-f')
      return { ...command, name: literal(shareName), args: command.args.slice(1) }
    if (text === 'exit') return group([statement(leaveNote), statement(command)])
    if (externalCommands.includes(text)) return command
    const [, known = ''] = /^(?:\/usr)?\/bin\/([^/]+)$/.exec(text) ?? []
    if (known !== '') return externalCommands.includes(known) ? { ...command, name: literal(known) } : command
    if (text.includes('/')) return asProgram(command, name)
    const path = findPackageCommand(text, host)
    if (path === null) return command
    if (isShellScript(host.fs, path)) return asProgram(command, literal(path))
    return { ...command, name: literal('node'), args: [literal(host.fs.realpath(path)), ...command.args] }
  }
}

/** A word with a slash of its own: it names no function and no built-in. */
function isPath({ parts }: Word): boolean {
  return parts.some((part) => {
    if (part.type === 'Literal' || part.type === 'SingleQuoted') return part.value.includes('/')
    return part.type === 'DoubleQuoted' && isPath({ type: 'Word', parts: part.parts })
  })
}

/** Commands that run another one as it is here: there is no priority, no terminal to lose, no other buffering. */
const prefixes: Record<string, RegExp> = {
  nohup: /^--$/,
  setsid: /^-/,
  nice: /^-/,
  ionice: /^-/,
  stdbuf: /^-/,
}

function withoutPrefix(text: string, command: Simple): Simple | null {
  if (text === 'env') return withoutEnv(command)
  const options = Object.hasOwn(prefixes, text) ? prefixes[text] : undefined
  if (!options) return null
  let at = 0
  for (;;) {
    const word = literalOf(command.args[at] ?? literal(''))
    if (word === null || !options.test(word)) break
    at += /^-[nicoe]$/.test(word) ? 2 : 1
  }
  const name = command.args[at]
  return name ? { ...command, name, args: command.args.slice(at + 1) } : null
}

/** `env NODE_ENV=test node a.js` as `NODE_ENV=test node a.js`, which shows its output as it comes. */
function withoutEnv(command: Simple): Simple | null {
  const assignments: Assignment[] = []
  for (const [index, word] of command.args.entries()) {
    const [first, ...rest] = word.parts
    const [, name, start] = (first?.type === 'Literal' && /^([A-Za-z_]\w*)=(.*)$/s.exec(first.value)) || []
    if (name === undefined || start === undefined) {
      const isCommand = assignments.length > 0 && !literalOf(word)?.startsWith('-')
      return isCommand ? { ...command, assignments, name: word, args: command.args.slice(index + 1) } : null
    }
    const parts: Word['parts'] = start === '' ? rest : [{ type: 'Literal', value: start }, ...rest]
    assignments.push({ type: 'Assignment', name, value: { type: 'Word', parts }, append: false, array: null })
  }
  return null
}

/** `bash [-x] <file>`: a shell of its own, whose output comes at once and whose traps are its own. */
function runsFile(args: readonly Word[]): boolean {
  const first = args.find((word) => !/^-[euxvnf]+$/.test(literalOf(word) ?? ''))
  return first !== undefined && !literalOf(first)?.startsWith('-')
}

/** Tells the shell of its variables before they are gone; keeps `$?`. */
const leaveNote = simple(leaveName, [expansion('?')])

function asProgram(command: Simple, name: Word): Simple {
  return { ...command, name: literal(programName), args: [name, ...command.args] }
}

function hasSubstitution({ parts }: Word): boolean {
  return parts.some(
    (part) =>
      part.type === 'CommandSubstitution' ||
      part.type === 'ParameterExpansion' ||
      (part.type === 'DoubleQuoted' && hasSubstitution({ type: 'Word', parts: part.parts })),
  )
}

/**
 * `{ vitrine:words $name …; eval "$VITRINE_WORDS"; }`: what is run is known then, and just-bash takes an expanded name
 * for one word. The words are expanded here and not in a shell below, so that `$((i++))` counts.
 */
function asWords(command: Simple, name: Word): Command {
  // Such a file is gone when its command has ended.
  if (command.args.some(({ parts }) => parts.some(({ type }) => type === 'ProcessSubstitution'))) return command
  const words: Simple = {
    ...command,
    assignments: [],
    redirections: [],
    name: literal(wordsName),
    args: [name, ...command.args],
  }
  const run: Simple = { ...command, name: literal('eval'), args: [expansion(wordsVariable)] }
  return group([statement(words), statement(run)])
}

function output(command: Command): Word['parts'][number] {
  return { type: 'CommandSubstitution', body: { type: 'Script', statements: [statement(command)] }, legacy: false }
}

/**
 * Patterns that end in a slash name folders only, `$!` is one of our jobs, `$0` the script that was started: just-bash
 * knows of none of them.
 */
export function rewriteExpansions(script: Script, { isFile }: { isFile: boolean }): Script {
  const variables: Record<string, string> = {
    '!': lastJobVariable,
    ...(isFile && { 0: scriptVariable, BASH_SOURCE: scriptVariable, 'BASH_SOURCE[0]': scriptVariable }),
  }
  return mapNodes(script, (node) => {
    switch (node.type) {
      case 'ParameterExpansion': {
        const name = String(node.parameter)
        if (name === 'EPOCHSECONDS') return output(simple('date', [literal('+%s')])) as unknown as Node
        return Object.hasOwn(variables, name) ? { ...node, parameter: variables[name] } : node
      }
      case 'SimpleCommand':
        return { ...node, args: foldersAmong(node.args as Word[]) }
      case 'For':
        return { ...node, words: node.words && foldersAmong(node.words as Word[]) }
      case 'Assignment':
        return { ...node, array: node.array && foldersAmong(node.array as Word[]) }
      default:
        return node
    }
  })
}

function foldersAmong(words: readonly Word[]): Word[] {
  return words.map((word) => {
    const last = word.parts.at(-1)
    const isPattern =
      word.parts.some(({ type }) => type === 'Glob') && last?.type === 'Literal' && last.value.endsWith('/')
    if (!isPattern) return word
    return { type: 'Word', parts: [output(simple(foldersName, [word]))] }
  })
}

/** `watch` is what a well-known package is called by scripts. */
const ownCommands = new Set([...commandNames, 'cd', 'test', 'type'])
ownCommands.delete('watch')

/** Of a package; never `ls` and its like, which are allowed to run unasked because they only look. */
function findPackageCommand(name: string, { env, fs }: Pick<ProcessHost, 'env' | 'fs'>): string | null {
  if (!/^[\w@~-][\w.@~-]*$/.test(name) || ownCommands.has(name)) return null
  for (const folder of (env.PATH ?? '').split(':')) {
    const path = `${folder}/${name}`
    if (folder.endsWith('/node_modules/.bin') && fs.exists(path)) return path
  }
  return null
}

function rewrite(script: Script, replace: (command: Simple) => Command): Script {
  return mapNodes(script, (node) =>
    node.type === 'SimpleCommand' ? (replace(node as unknown as Simple) as unknown as Node) : node,
  )
}
