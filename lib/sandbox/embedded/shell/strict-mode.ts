import { codeName } from './path-commands'
import {
  type Command,
  expansion,
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
} from './syntax'

/**
 * `set -e` and `set -u` as bash has them. just-bash ends a script for a failure inside the left side of `&&` and `||`
 * when that is a function or a group, which all of ours are (see `live-output.ts`); and it goes on after an unset
 * variable inside a group, a function or a loop.
 */
export function keepStrictMode(script: Script, { isInteractive }: { isInteractive: boolean }): Script {
  const settings = [...nodesOf(script)].filter(isSetting)
  const strict = settings.some((command) => sets(command, 'e', 'errexit')) ? keepErrexit(script) : script
  // A terminal goes on after an unset variable.
  return !isInteractive && settings.some((command) => sets(command, 'u', 'nounset')) ? keepNounset(strict) : strict
}

const isSetting = (node: Node) => node.type === 'SimpleCommand' && nameOf(node as unknown as Simple) === 'set'

function sets(node: Node, flag: string, name: string, sign = '-'): boolean {
  const words = (node as unknown as Simple).args.map((word) => literalOf(word) ?? '')
  return words.some((word, index) => {
    const isOption = word.startsWith(sign) && /^[-+][a-zA-Z]+$/.test(word)
    return isOption && (word.includes(flag) || (word.endsWith('o') && words[index + 1] === name))
  })
}

const code = (value: string | ReturnType<typeof expansion>): Command =>
  simple(codeName, [typeof value === 'string' ? literal(value) : value])

/** Has that exit code, and no say in whether the script goes on: it stands before an `&&`. */
function tolerated(command: Command): Statement {
  return { ...statementOf(pipelineOf(command), pipelineOf(simple(':'))), operators: ['&&'] }
}

function keepErrexit(script: Script): Script {
  return mapNodes(script, (node) => {
    if (node.type === 'Statement') return asConditions(node as unknown as Statement) as unknown as Node
    if (node.type === 'CommandSubstitution') {
      const body = node.body as Script
      return { ...node, body: { ...body, statements: [withoutErrexit(body.statements)] } }
    }
    // What the last `&&` of a function tolerated ends the script where the function was called.
    const body = node.type === 'FunctionDef' ? (node.body as Node) : node.type === 'Subshell' ? node : null
    if (!Array.isArray(body?.body)) return node
    const whole = { ...body, body: [...body.body, statement(code(expansion('?')))] }
    return node.type === 'FunctionDef' ? { ...node, body: whole } : whole
  })
}

/** In a substitution a failure ends nothing; what it fails with in the end counts outside. */
function withoutErrexit(statements: Statement[]): Statement {
  const clauses = [{ condition: statements, body: [statement(simple(':'))] }]
  return statement({ type: 'If', clauses, elseBody: [statement(code(expansion('?')))], redirections: [] })
}

/** `a || b` as `if a; then :; else b; fi`: nothing in a condition ends a script, however deep it is. */
function asConditions(list: Statement): Statement {
  if (list.background || list.deferredError) return list
  const last = list.pipelines.at(-1)
  const operator = list.operators.at(-1)
  if (!last) return list
  const choice = (condition: Statement, body: Statement, elseBody: Statement): Statement => ({
    ...statement({
      type: 'If',
      clauses: [{ condition: [condition], body: [body] }],
      elseBody: [elseBody],
      redirections: [],
    }),
    ...(list.sourceText !== undefined && { sourceText: list.sourceText }),
  })
  const nothing = statement(simple(':'))
  if (operator === undefined) {
    if (!last.negated) return list
    return choice({ ...list, pipelines: [{ ...last, negated: false }] }, tolerated(code('1')), nothing)
  }
  const before = { ...list, pipelines: list.pipelines.slice(0, -1), operators: list.operators.slice(0, -1) }
  const after = asConditions({ ...list, pipelines: [last], operators: [] })
  if (operator === '&&') return choice(before, after, tolerated(code(expansion('?'))))
  return operator === '||' ? choice(before, nothing, after) : list
}

/** What the shell sets itself, or only sometimes. */
const given = /^(?:BASH.*|FUNCNAME|RANDOM|SECONDS|LINENO|PIPESTATUS|EPOCH.*|REPLY|OPTARG|COLUMNS|LINES|VITRINE.*)$/

/** From `set -u` to `set +u`, `$name` becomes `${name?…}`, which ends the script from wherever it stands; `-u` goes. */
function keepNounset(script: Script): Script {
  let isOn = false
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit)
    if (typeof value !== 'object' || value === null) return value
    const node = value as Node
    if (isSetting(node)) {
      isOn = sets(node, 'u', 'nounset') || (isOn && !sets(node, 'u', 'nounset', '+'))
      return withoutNounset(node as unknown as Simple)
    }
    const copy = Object.fromEntries(Object.entries(node).map(([key, entry]) => [key, visit(entry)]))
    const name = String(copy.parameter)
    if (!isOn || copy.type !== 'ParameterExpansion' || copy.operation !== null) return copy
    if (!/^(?:[A-Za-z_]\w*(?:\[[^@*].*\])?|[1-9]\d*)$/.test(name) || given.test(name)) return copy
    const word = literal(`${name}: unbound variable`)
    return { ...copy, operation: { type: 'ErrorIfUnset', word, checkEmpty: false } }
  }
  return visit(script) as Script
}

function withoutNounset(command: Simple): Simple {
  const words = command.args.map((word) => literalOf(word))
  const args = command.args.flatMap((word, index) => {
    const text = words[index] ?? ''
    if (/^[-+]o$/.test(text) && words[index + 1] === 'nounset') return []
    if (text === 'nounset' && /^[-+]o$/.test(words[index - 1] ?? '')) return []
    if (!/^[-+][a-zA-Z]*u/.test(text)) return [word]
    return text.length > 2 ? [literal(text.replaceAll('u', ''))] : []
  })
  return args.length > 0 || command.args.length === 0 ? { ...command, args } : { ...command, name: literal(':'), args }
}
