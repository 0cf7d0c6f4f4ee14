import {
  type Assignment,
  type Command,
  expansion,
  group,
  literal,
  literalOf,
  mapNodes,
  type Node,
  nameOf,
  type Script,
  type Simple,
  simple,
  statement,
  type Word,
  type WordPart,
} from './syntax'

/** Reads a piece of a script, itself repaired. */
export type Parse = (text: string) => Script

/** Where just-bash reads words otherwise than bash: each becomes something that both read alike. */
export function repairWords(script: Script, parse: Parse): Script {
  return mapNodes(script, (node) => {
    switch (node.type) {
      case 'SimpleCommand':
        return hoist(withDeclaredArrays(withoutExec(node as unknown as Simple)), parse) as unknown as Node
      case 'ArithmeticCommand':
      case 'ConditionalCommand':
        return hoist(node as unknown as Command, parse) as unknown as Node
      case 'For':
        // `for x; do` would split what is quoted.
        return node.words === null ? { ...node, words: [expansion('@')] } : node
      case 'CaseItem':
        return { ...node, patterns: mapNodes(node.patterns, withCaretBrackets) }
      default:
        return node
    }
  })
}

/** `[!a-z]` in a `case`. */
function withCaretBrackets(node: Node): Node {
  return node.type === 'Glob' ? { ...node, pattern: String(node.pattern).replaceAll('[!', '[^') } : node
}

/** `exec node a.js` is the last that a script does. */
function withoutExec(command: Simple): Command {
  const [first, ...args] = command.args
  if (nameOf(command) !== 'exec' || !first || literalOf(first)?.startsWith('-')) return command
  return group([statement({ ...command, name: first, args }), statement(simple('exit'))])
}

/** `local -a all=("$@")` as `local -a all; all=("$@")`: just-bash takes the words for a text. */
function withDeclaredArrays(command: Command): Command {
  if (command.type !== 'SimpleCommand' || !/^(?:local|declare|typeset)$/.test(nameOf(command) ?? '')) return command
  const flags = command.args.map((word) => literalOf(word) ?? '').filter((word) => /^-[a-zA-Z]+$/.test(word))
  if (flags.some((word) => /[Arpfn]/.test(word))) return command
  const arrays = command.args.map(arrayOf)
  if (arrays.every((array) => array === null)) return command
  const args = command.args.map((word, index) => {
    const array = arrays[index]
    return array ? literal(array.name) : word
  })
  const assign: Command = {
    type: 'SimpleCommand',
    name: null,
    args: [],
    assignments: arrays.filter((array) => array !== null),
    redirections: [],
  }
  return group([statement({ ...command, args }), statement(assign)])
}

/** `name=(…)` with something to expand in it. */
function arrayOf({ parts }: Word): Assignment | null {
  const [first, ...rest] = parts
  const [, name, start = ''] = (first?.type === 'Literal' && /^([A-Za-z_]\w*)=\((.*)$/s.exec(first.value)) || []
  const last = rest.at(-1)
  if (name === undefined || last?.type !== 'Literal' || !last.value.endsWith(')')) return null
  const inner: WordPart[] = [
    { type: 'Literal', value: start },
    ...rest.slice(0, -1),
    { type: 'Literal', value: last.value.slice(0, -1) },
  ]
  if (inner.some((part) => part.type === 'Literal' && part.value.includes('['))) return null
  return { type: 'Assignment', name, value: null, append: false, array: splitWords(inner) }
}

function splitWords(parts: readonly WordPart[]): Word[] {
  const words: Word[] = []
  let current: WordPart[] = []
  const end = () => {
    if (current.length > 0) words.push({ type: 'Word', parts: current })
    current = []
  }
  for (const part of parts) {
    if (part.type !== 'Literal') current.push(part)
    else
      for (const [index, value] of part.value.split(/\s+/).entries()) {
        if (index > 0) end()
        if (value !== '') current.push({ type: 'Literal', value })
      }
  }
  end()
  return words
}

let counter = 0

/**
 * `echo $(( $(f) + 1 ))` as `{ V=$(f); echo $(( V + 1 )); }`: just-bash runs what is substituted in an expression in a
 * shell that knows no functions, and does not look up `${map[$key]:-0}` there.
 */
function hoist(command: Command, parse: Parse): Command {
  const assignments: Assignment[] = []
  const variable = (text: string): Node => {
    const name = `VITRINE_TERM_${counter++}`
    const [first] = parse(`${name}="${text}"`).statements[0]?.pipelines[0]?.commands ?? []
    if (first?.type === 'SimpleCommand') assignments.push(...first.assignments)
    return { type: 'ArithVariable', name, hasDollarPrefix: true }
  }
  const replaced = mapNodes(command, (node) => {
    if (node.type === 'ArithCommandSubst') return variable(`$(${node.command})`)
    if (node.type === 'ArithmeticExpression') return { ...node, originalText: undefined }
    const isLookedUp = node.type === 'ArithBracedExpansion' && /\[.*\$.*\].|\$\(/.test(String(node.content))
    return isLookedUp ? variable(`\${${node.content}}`) : node
  })
  if (assignments.length === 0) return command
  const assign: Command = { type: 'SimpleCommand', name: null, args: [], assignments, redirections: [] }
  return group([statement(assign), statement(replaced)])
}
