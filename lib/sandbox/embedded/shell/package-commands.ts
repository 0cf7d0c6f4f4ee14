import type { Bash } from 'just-bash/browser'
import { externalCommands } from '../kernel/programs'
import type { ProcessHost } from '../process/host'
import { isProgramName, programName } from './path-commands'

type Script = ReturnType<Bash['transform']>['ast']
type Statement = Script['statements'][number]
type Command = Statement['pipelines'][number]['commands'][number]
type Simple = Extract<Command, { type: 'SimpleCommand' }>
type Word = NonNullable<Simple['name']>

/**
 * Commands that are files. Of installed packages, as the PATH leads to them: `mocha --bail` becomes
 * `node …/mocha/bin/mocha.js --bail`; programs of the machine go before packages that bring their own. By their path:
 * `./cli.js` runs what its first line names. A name that is known only when it runs, as `"$NODE"`, is looked at then.
 */
export function runPackageCommands(script: Script, host: Pick<ProcessHost, 'env' | 'fs'>): Script {
  return rewrite(script, (command) => {
    const { name } = command
    if (!name) return command
    const text = literalOf(name)
    if (text === null)
      return isPath(name) ? asProgram(command, name) : isExpansion(name) ? whenProgram(command, name) : command
    if (externalCommands.includes(text)) return command
    const [, known = ''] = /^(?:\/usr)?\/bin\/([^/]+)$/.exec(text) ?? []
    if (known !== '') return externalCommands.includes(known) ? { ...command, name: literal(known) } : command
    if (text.includes('/')) return asProgram(command, name)
    const path = findPackageCommand(text, host)
    return path === null ? command : { ...command, name: literal('node'), args: [literal(path), ...command.args] }
  })
}

const literal = (value: string): Word => ({ type: 'Word', parts: [{ type: 'Literal', value }] })

function literalOf({ parts: [part, ...others] }: Word): string | null {
  return part?.type === 'Literal' && others.length === 0 ? part.value : null
}

/** A word with a slash of its own: it names no function and no built-in. */
function isPath({ parts }: Word): boolean {
  return parts.some((part) => {
    if (part.type === 'Literal' || part.type === 'SingleQuoted') return part.value.includes('/')
    return part.type === 'DoubleQuoted' && isPath({ type: 'Word', parts: part.parts })
  })
}

/** Nothing but variables, which may be read twice. */
function isExpansion({ parts }: Word): boolean {
  return (
    parts.length > 0 &&
    parts.every((part) => {
      if (part.type === 'DoubleQuoted') return isExpansion({ type: 'Word', parts: part.parts })
      return part.type === 'ParameterExpansion' && !part.operation
    })
  )
}

function asProgram(command: Simple, name: Word): Simple {
  return { ...command, name: literal(programName), args: [name, ...command.args] }
}

/** `if <name is a program>; then <program> <name>; else <name>; fi` */
function whenProgram({ redirections, ...command }: Simple, name: Word): Command {
  const question = { ...command, assignments: [], name: literal(isProgramName), args: [name], redirections: [] }
  return {
    type: 'If',
    clauses: [
      { condition: [statement(question)], body: [statement(asProgram({ ...command, redirections: [] }, name))] },
    ],
    elseBody: [statement({ ...command, redirections: [] })],
    redirections,
  }
}

function statement(command: Command): Statement {
  return {
    type: 'Statement',
    pipelines: [{ type: 'Pipeline', commands: [command], negated: false }],
    operators: [],
    background: false,
  }
}

function findPackageCommand(name: string, { env, fs }: Pick<ProcessHost, 'env' | 'fs'>): string | null {
  if (!/^[\w.@~-]+$/.test(name)) return null
  for (const folder of (env.PATH ?? '').split(':')) {
    const path = `${folder}/${name}`
    if (folder.endsWith('/node_modules/.bin') && fs.exists(path)) return fs.realpath(path)
  }
  return null
}

/** A copy of a syntax tree with its simple commands replaced, wherever they stand. */
function rewrite<Value>(value: Value, replace: (command: Simple) => Command): Value {
  if (Array.isArray(value)) return value.map((entry) => rewrite(entry, replace)) as Value
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rewrite(entry, replace)]))
  return (copy.type === 'SimpleCommand' ? replace(copy as unknown as Simple) : copy) as Value
}
