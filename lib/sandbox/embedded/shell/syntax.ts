import type { Bash } from 'just-bash/browser'

// The syntax tree of just-bash, and the pieces that rewriting it puts together.

export type Script = ReturnType<Bash['transform']>['ast']
export type Statement = Script['statements'][number]
export type Pipeline = Statement['pipelines'][number]
export type Command = Pipeline['commands'][number]
export type Simple = Extract<Command, { type: 'SimpleCommand' }>
export type Group = Extract<Command, { type: 'Group' }>
export type Assignment = Simple['assignments'][number]
export type Word = NonNullable<Simple['name']>
export type WordPart = Word['parts'][number]

export const literal = (value: string): Word => ({ type: 'Word', parts: [{ type: 'Literal', value }] })

/** `"$name"` */
export const expansion = (parameter: string): Word => ({
  type: 'Word',
  parts: [{ type: 'DoubleQuoted', parts: [{ type: 'ParameterExpansion', parameter, operation: null }] }],
})

export function literalOf({ parts: [part, ...others] }: Word): string | null {
  return part?.type === 'Literal' && others.length === 0 ? part.value : null
}

/** The name of a command, where it can be read without running anything. */
export const nameOf = (command: Command): string | null =>
  command.type === 'SimpleCommand' && command.name ? literalOf(command.name) : null

export function simple(name: string, args: Word[] = [], redirections: Simple['redirections'] = []): Simple {
  return { type: 'SimpleCommand', name: literal(name), args, assignments: [], redirections }
}

export const group = (body: Statement[], redirections: Group['redirections'] = []): Group => ({
  type: 'Group',
  body,
  redirections,
})

export const pipelineOf = (command: Command): Pipeline => ({ type: 'Pipeline', commands: [command], negated: false })

export const statementOf = (...pipelines: Pipeline[]): Statement => ({
  type: 'Statement',
  pipelines,
  operators: [],
  background: false,
})

export const statement = (command: Command): Statement => statementOf(pipelineOf(command))

export type Node = Record<string, unknown>

/** A copy of a syntax tree with its nodes replaced, the inner ones first. */
export function mapNodes<Value>(value: Value, replace: (node: Node) => Node): Value {
  if (Array.isArray(value)) return value.map((entry) => mapNodes(entry, replace)) as Value
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapNodes(entry, replace)]))
  return replace(copy) as Value
}

/** Every node of a syntax tree, in the order of the text. */
export function* nodesOf(value: unknown): Iterable<Node> {
  if (Array.isArray(value)) for (const entry of value) yield* nodesOf(entry)
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value) yield value as Node
    for (const entry of Object.values(value)) yield* nodesOf(entry)
  }
}
