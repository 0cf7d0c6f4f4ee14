interface SyntaxNode {
  type: string
  start: number
  end: number
  body?: SyntaxNode | SyntaxNode[]
  directive?: string
}
type Visitor = Record<string, (node: SyntaxNode) => void>

/** Parts of Node's library, fetched by the first script that has a time limit. */
export interface Syntax {
  parse(code: string, options: object): SyntaxNode
  simple(root: SyntaxNode, visitor: Visitor): void
}

interface Edit {
  at: number
  text: string
}

/**
 * The code with `check`, a call, at the start of every function and of every turn of a loop. No other thread can
 * interrupt a script of this one; one long call of a builtin, such as a regular expression, is not interrupted at all.
 */
export function withDeadlineChecks(code: string, check: string, { parse, simple }: Syntax): string {
  const options = { ecmaVersion: 'latest', allowHashBang: true, allowAwaitOutsideFunction: false }
  const edits: Edit[] = []
  const loop = ({ body }: SyntaxNode) => {
    if (body === undefined || Array.isArray(body)) return
    if (body.type === 'BlockStatement') edits.push({ at: body.start + 1, text: `${check};` })
    else edits.push({ at: body.start, text: `{${check};` }, { at: body.end, text: '}' })
  }
  const callable = ({ body }: SyntaxNode) => {
    if (body === undefined || Array.isArray(body)) return
    if (!Array.isArray(body.body)) edits.push({ at: body.start, text: `(${check},` }, { at: body.end, text: ')' })
    else {
      const last = body.body.findLast(({ directive }) => directive !== undefined)
      edits.push({ at: last?.end ?? body.start + 1, text: `;${check};` })
    }
  }
  simple(parse(code, options), {
    ForStatement: loop,
    ForInStatement: loop,
    ForOfStatement: loop,
    WhileStatement: loop,
    DoWhileStatement: loop,
    FunctionDeclaration: callable,
    FunctionExpression: callable,
    ArrowFunctionExpression: callable,
  })
  let text = ''
  let end = 0
  // Stable: what closes an inner statement stands before what closes the outer one, as they were found.
  for (const edit of edits.sort((a, b) => a.at - b.at)) {
    text += code.slice(end, edit.at) + edit.text
    end = edit.at
  }
  return text + code.slice(end)
}
