import type { Replacement } from './emit'

/** An ESTree node, as far as lowering looks at it. */
interface SyntaxNode {
  type: string
  start: number
  end: number
  async?: boolean
  generator?: boolean
  await?: boolean
  delegate?: boolean
  expression?: boolean
  body?: SyntaxNode & { body?: unknown }
  argument?: SyntaxNode | null
  left?: SyntaxNode
  right?: SyntaxNode
  value?: unknown
  name?: string
  kind?: string
  params?: SyntaxNode[]
  [key: string]: unknown
}

export type Parse = (code: string, isModule: boolean) => SyntaxNode

/** Where the helpers of lowered code are found; see `node/async-helpers.ts`. */
export const helpersName = '__vitrineAsync'

interface Scope {
  kind: 'async' | 'async-generator' | 'plain'
  usesArguments: boolean
  usesSuper: boolean
  /** It awaits or yields; what does not is never left and entered again, so that it may stay as it is. */
  suspends: boolean
  isArrow: boolean
}

/**
 * Turns async functions into generators that script drives, so that what `AsyncLocalStorage` holds can be carried over
 * an `await`, which the engine does out of reach. Lines stay where they are. Functions that call `super` and a module's
 * own top-level await stay as they are, and functions that neither await nor yield.
 */
export function lowerAsync(code: string, isModule: boolean, parse: Parse): Replacement[] {
  if (!/\basync\b/.test(code)) return []
  const edits: Replacement[] = []
  const insert = (at: number, text: string) => edits.push({ start: at, end: at, text })
  const top: Scope = { kind: 'plain', usesArguments: false, usesSuper: false, suspends: false, isArrow: false }
  let loops = 0
  /** Where statements begin: no parenthesis may come there, or a line without a semicolon would call it. */
  const statements = new Set<number>()
  const open = (node: SyntaxNode) => (statements.has(node.start) ? '0, (' : '(')

  /** The scope whose `arguments` and `super` an arrow function shares. */
  function note(scopes: readonly Scope[], field: 'usesArguments' | 'usesSuper') {
    for (const scope of [...scopes].reverse()) {
      scope[field] = true
      if (!scope.isArrow) return
    }
  }

  function visit(node: SyntaxNode, scopes: readonly Scope[]): void {
    const scope = scopes.at(-1) ?? top
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        visitFunction(node, scopes)
        return
      case 'Identifier':
        if (node.name === 'arguments') note(scopes, 'usesArguments')
        return
      case 'Super':
        note(scopes, 'usesSuper')
        return
      case 'ExpressionStatement':
        statements.add(node.start)
        break
      case 'AwaitExpression':
        if (scope.kind !== 'plain') lowerAwait(node, scope)
        break
      case 'YieldExpression':
        if (scope.kind === 'async-generator') lowerYield(node, scope)
        break
      case 'ForOfStatement':
        if (node.await && scope.kind !== 'plain') lowerForAwait(node, scope)
        break
    }
    // The pattern of a loop's variable is written anew as it stands.
    const skipped = node.type === 'ForOfStatement' && node.await && scope.kind !== 'plain' ? node.left : undefined
    for (const child of childrenOf(node)) if (child !== skipped) visit(child, scopes)
  }

  function visitFunction(node: SyntaxNode, scopes: readonly Scope[]) {
    const kind = !node.async ? 'plain' : node.generator ? 'async-generator' : 'async'
    const scope: Scope = {
      kind,
      usesArguments: false,
      usesSuper: false,
      suspends: false,
      isArrow: node.type === 'ArrowFunctionExpression',
    }
    const mark = edits.length
    for (const param of node.params ?? []) visit(param, [...scopes, { ...scope, kind: 'plain' }])
    if (node.body) visit(node.body, [...scopes, scope])
    if (kind === 'plain') return
    if (scope.usesSuper) edits.splice(mark)
    else if (scope.suspends) wrap(node, scope)
  }

  function wrap(node: SyntaxNode, { kind, isArrow, usesArguments }: Scope) {
    const { body } = node
    if (!body) return
    const run = kind === 'async' ? 'run' : 'generate'
    const receiver = isArrow && !usesArguments ? '.call(this)' : '.apply(this, arguments)'
    removeAsync(node, kind === 'async-generator')
    if (body.type === 'BlockStatement') {
      insert(body.start + 1, ` return ${helpersName}.${run}(function* () {`)
      insert(body.end - 1, `}${receiver}); `)
    } else {
      insert(body.start, `${helpersName}.${run}(function* () { return (`)
      insert(body.end, `) }${receiver})`)
    }
  }

  /** The word `async`, and the star of a generator, before the parameters. */
  function removeAsync(node: SyntaxNode, hasStar: boolean) {
    const keyword = /\basync\b/.exec(code.slice(node.start, node.body?.start))
    const start = keyword ? node.start + keyword.index : methodAsync(node)
    if (start !== null) edits.push({ start, end: start + 'async'.length, text: '' })
    if (!hasStar) return
    const from = start ?? node.start
    const star = code.indexOf('*', from)
    if (star !== -1) edits.push({ start: star, end: star + 1, text: '' })
  }

  /** A method's function begins at its parameters; `async` stands before its name. */
  function methodAsync(node: SyntaxNode): number | null {
    const start = methodStarts.get(node)
    if (start === undefined) return null
    const keyword = /\basync\b/.exec(code.slice(start, node.start))
    return keyword ? start + keyword.index : null
  }

  function lowerAwait(node: SyntaxNode, scope: Scope) {
    const { kind } = scope
    const argument = node.argument
    if (!argument) return
    scope.suspends = true
    edits.push({
      start: node.start,
      end: argument.start,
      text: `${open(node)}yield ${kind === 'async' ? '' : `${helpersName}.wait`}(`,
    })
    insert(node.end, '))')
  }

  function lowerYield(node: SyntaxNode, scope: Scope) {
    const { argument } = node
    scope.suspends = true
    if (node.delegate && argument) {
      edits.push({ start: node.start, end: argument.start, text: `${open(node)}yield* ${helpersName}.delegate(` })
      insert(node.end, '))')
    } else if (argument) {
      edits.push({
        start: node.start,
        end: argument.start,
        text: `${open(node)}yield ${helpersName}.give(yield ${helpersName}.wait(`,
      })
      insert(node.end, ')))')
    } else edits.push({ start: node.start, end: node.end, text: `${open(node)}yield ${helpersName}.give())` })
  }

  /** Its own `while`, closed like the original when it is left before the end. */
  function lowerForAwait(node: SyntaxNode, scope: Scope) {
    const { kind } = scope
    const { left, right, body } = node
    if (!left || !right || !body) return
    scope.suspends = true
    const id = `$loop${loops++}`
    const wait = (text: string) => (kind === 'async' ? `(yield ${text})` : `(yield ${helpersName}.wait(${text}))`)
    const target = code.slice(left.start, left.end)
    const bind = left.type === 'VariableDeclaration' ? `${target} = ${id}.value` : `(${target} = ${id}.value)`
    const gap = newlines(code.slice(node.start, right.start))
    edits.push({ start: node.start, end: right.start, text: `{ const ${id} = ${helpersName}.loop((${gap}` })
    edits.push({
      start: right.end,
      end: body.start,
      text: `)); try { while (${id}.take(${wait(`${id}.next()`)})) { ${bind}; ${newlines(code.slice(right.end, body.start))}`,
    })
    insert(body.end, ` } } finally { if (${id}.isOpen()) ${wait(`${id}.close()`)} } }`)
  }

  const methodStarts = new Map<SyntaxNode, number>()
  function childrenOf(node: SyntaxNode): SyntaxNode[] {
    const children: SyntaxNode[] = []
    for (const [key, value] of Object.entries(node)) {
      if (key === 'type') continue
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) children.push(child)
    }
    if ((node.type === 'MethodDefinition' || node.type === 'Property') && isNode(node.value))
      methodStarts.set(node.value, node.start)
    return children
  }

  visit(parse(code, isModule), [top])
  return edits.sort((a, b) => a.start - b.start || a.end - b.end)
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const newlines = (text: string) => text.replace(/[^\n]/g, '')
