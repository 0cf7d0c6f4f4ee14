import { codeName } from './path-commands'
import {
  type Command,
  expansion,
  group,
  literal,
  literalOf,
  mapNodes,
  type Node,
  nameOf,
  nodesOf,
  pipelineOf,
  type Script,
  type Simple,
  type Statement,
  simple,
  statement,
  statementOf,
  type Word,
} from './syntax'

// just-bash has no traps. The places where a script asks what its traps want to run are written into it: after each
// command (for ERR and signals, and for `set -e`, which is ours in such scripts), before it (DEBUG), and where a
// subshell ends (EXIT). What is asked fails when there is something to run, which is then in a variable.

/** `vitrine:check <code> <line> <function> <subshell> <command>` */
export const checkName = 'vitrine:check'
/** `vitrine:ending <code> <subshell>` */
export const endingName = 'vitrine:ending'
/** `vitrine:before <code> <line> <function> <command>` */
export const beforeName = 'vitrine:before'
/** `vitrine:condition begin` and `vitrine:condition <code>`: nothing in between is an error. */
export const conditionName = 'vitrine:condition'
export const trapVariable = 'VITRINE_TRAP'
/** What `set -e` and `set -E` set in a script with traps. */
export const errexitVariable = 'VITRINE_ERREXIT'
export const errtraceVariable = 'VITRINE_ERRTRACE'
const codeVariable = 'VITRINE_CODE'

export interface TrapUse {
  /** Something is to be run before the whole shell ends. */
  isTold: boolean
  isDebugged: boolean
}

export function findTraps(script: Script): TrapUse {
  const nodes = [...nodesOf(script)]
  const events = nodes
    .filter(isTrap)
    .flatMap((node) => (node as unknown as Simple).args.slice(1).map((word) => literalOf(word) ?? '?'))
  const isBelow = nodes.some(
    ({ type, body }) => (type === 'Subshell' || type === 'CommandSubstitution') && [...nodesOf(body)].some(isTrap),
  )
  return {
    isTold: isBelow || events.some((event) => !/^(?:EXIT|0|(?:SIG)?PIPE)$/i.test(event)),
    isDebugged: events.some((event) => /^DEBUG$/i.test(event)),
  }
}

const isTrap = (node: Node) => node.type === 'SimpleCommand' && nameOf(node as unknown as Simple) === 'trap'

export function addTrapPoints(script: Script, { isDebugged }: TrapUse): Script {
  return mapNodes(script, (node) => {
    switch (node.type) {
      case 'SimpleCommand':
        return withOwnSettings(withEnding(node as unknown as Simple)) as unknown as Node
      case 'Script':
        return { ...node, statements: checkedAll(node.statements as Statement[]) }
      case 'CommandSubstitution': {
        const body = node.body as Script
        return { ...node, body: { ...body, statements: [...body.statements, ...ending] } }
      }
      case 'Subshell':
        return { ...node, body: [...checkedAll(node.body as Statement[]), ...ending] }
      case 'If':
        return { ...node, elseBody: node.elseBody && checkedAll(node.elseBody as Statement[]) }
      default: {
        const { condition, body } = node
        if (!Array.isArray(body)) return node
        const copy = { ...node, body: checkedAll(body) }
        return Array.isArray(condition) ? { ...copy, condition: asCondition(condition) } : copy
      }
    }
  })

  function checkedAll(statements: Statement[]): Statement[] {
    return statements.flatMap((each) => (isDebugged ? [...announced(each), ...checked(each)] : checked(each)))
  }
}

const text = (value: string): Word => ({
  type: 'Word',
  parts: [{ type: 'DoubleQuoted', parts: [{ type: 'Literal', value }] }],
})

const currentFunction = expansion('FUNCNAME')

function assignment(name: string, value: Word): Simple {
  const assignments = [{ type: 'Assignment' as const, name, value, append: false, array: null }]
  return { type: 'SimpleCommand', name: null, args: [], assignments, redirections: [] }
}

/** `question || eval "$VITRINE_TRAP"` */
function asking(question: Simple): Statement {
  const answer = simple('eval', [expansion(trapVariable)])
  return { ...statementOf(pipelineOf(question), pipelineOf(answer)), operators: ['||'] }
}

const keepCode = statement(assignment(codeVariable, expansion('?')))
const giveCode = statement(simple(codeName, [expansion(codeVariable)]))
const askEnding = asking(simple(endingName, [expansion(codeVariable), expansion('BASHPID')]))
const ending: readonly Statement[] = [keepCode, askEnding, giveCode]

function withEnding(command: Simple): Command {
  if (nameOf(command) !== 'exit') return command
  const code = statement(assignment(codeVariable, command.args[0] ?? expansion('?')))
  return group([code, askEnding, statement({ ...command, args: [expansion(codeVariable)] })])
}

/** `set -euo pipefail` without its `-e`, which is kept in a variable: a subshell has its own. */
function withOwnSettings(command: Command): Command {
  if (command.type !== 'SimpleCommand' || nameOf(command) !== 'set') return command
  const words = command.args.map((word) => literalOf(word))
  if (words.some((word) => word === null || word === '--')) return command
  const settings: Statement[] = []
  const note = (name: string, sign: string) =>
    settings.push(statement(assignment(name, literal(sign === '-' ? '1' : ''))))
  const args: Word[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    const sign = word.slice(0, 1)
    const option = words[index + 1] ?? ''
    if (/^[-+]o$/.test(word) && /^err(exit|trace)$/.test(option)) {
      note(option === 'errexit' ? errexitVariable : errtraceVariable, sign)
      index++
    } else if (/^[-+][a-zA-Z]*[eE]/.test(word)) {
      if (word.includes('e')) note(errexitVariable, sign)
      if (word.includes('E')) note(errtraceVariable, sign)
      const rest = word.replaceAll(/[eE]/g, '')
      if (rest !== sign) args.push(literal(rest))
    } else args.push(literal(word))
  }
  if (settings.length === 0) return command
  return group(args.length > 0 ? [...settings, statement({ ...command, args })] : settings)
}

function asCondition(condition: Statement[]): Statement[] {
  const begin = statement(simple(conditionName, [literal('begin')]))
  return [begin, ...condition, statement(simple(conditionName, [expansion('?')]))]
}

/** The statement and the question after it, which is asked of the last command of a list only. */
function checked(list: Statement): Statement[] {
  const last = list.pipelines.at(-1)
  if (list.background || list.deferredError || !last || isOwn(list)) return [list]
  const operator = list.operators.at(-1)
  if (operator === undefined) return last.negated || !canFail(last.commands) ? [list] : [list, check(list)]
  const before = { ...list, pipelines: list.pipelines.slice(0, -1), operators: list.operators.slice(0, -1) }
  const after = checked({ ...list, pipelines: [last], operators: [] })
  const [body, elseBody] =
    operator === '&&' ? [after, [statement(simple(codeName, [expansion('?')]))]] : [[statement(simple(':'))], after]
  return [statement({ type: 'If', clauses: [{ condition: asCondition([before]), body }], elseBody, redirections: [] })]
}

const single = new Set(['SimpleCommand', 'Subshell', 'ArithmeticCommand', 'ConditionalCommand'])

function canFail([first, ...others]: Command[]): boolean {
  return others.length > 0 || single.has(first?.type ?? '')
}

/** What the shell itself has put there. */
const isOwn = ({ pipelines: [pipeline] }: Statement) =>
  pipeline?.commands[0] !== undefined && nameOf(pipeline.commands[0])?.startsWith('vitrine:') === true

const lineOf = (list: Statement): Word => {
  const [command] = list.pipelines[0]?.commands ?? []
  const line = command && 'line' in command ? command.line : undefined
  return line === undefined ? expansion('LINENO') : literal(String(line))
}

function check(list: Statement): Statement {
  const words = [expansion('?'), lineOf(list), currentFunction, expansion('BASHPID'), text(list.sourceText ?? '')]
  return asking(simple(checkName, words))
}

function announced(list: Statement): Statement[] {
  const [command] = list.pipelines[0]?.commands ?? []
  if (command?.type !== 'SimpleCommand' || isOwn(list)) return []
  const question = simple(beforeName, [
    expansion(codeVariable),
    lineOf(list),
    currentFunction,
    text(list.sourceText ?? ''),
  ])
  return [keepCode, asking(question), giveCode]
}
