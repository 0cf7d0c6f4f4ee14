import { natives } from '../natives'
import type { BindingContext } from './context'

interface SyntaxNode {
  type: string
  start: number
  end: number
  body?: SyntaxNode | SyntaxNode[]
  directive?: string
}
type Visitor = Record<string, (node: SyntaxNode) => void>

/** Parts of Node's library, fetched by the first script that has a time limit. */
interface Syntax {
  parse(code: string, options: object): SyntaxNode
  simple(root: SyntaxNode, visitor: Visitor): void
}

interface Edit {
  at: number
  text: string
}

/** What the checks in the code call; a global, since they stand in code of any scope. */
export const deadlineName = '__vitrineDeadline'
const check = `${deadlineName}()`
/** The clock is read once in so many checks. */
const checksPerLook = 64

/**
 * The code with a look at the clock at the start of every function and of every turn of a loop. No other thread can
 * interrupt a script of this one; one long call of a builtin, such as a regular expression, is not interrupted at all.
 */
export function withDeadlineChecks(code: string, { parse, simple }: Syntax): string {
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

/** Runs `task`, whose code has the checks, until the time is over. */
export function runUntil<T>(timeoutMs: number, task: () => T): T {
  const before: unknown = Reflect.get(globalThis, deadlineName)
  const outer = typeof before === 'function' ? (before as () => void) : () => undefined
  const endsAt = natives.now() + timeoutMs
  let isRunning = true
  let isOver = false
  let checks = 0
  const define = (value: () => void) =>
    Object.defineProperty(globalThis, deadlineName, { value, configurable: true, enumerable: false })
  define(() => {
    outer()
    isOver ||= isRunning && ++checks % checksPerLook === 0 && natives.now() > endsAt
    // Again at each check: the script may catch it.
    if (isOver && isRunning) throw timedOut(timeoutMs)
  })
  try {
    return task()
  } finally {
    isRunning = false
    // Functions that the script left behind still call it.
    define(outer)
  }
}

const timedOut = (timeoutMs: number) =>
  Object.assign(new Error(`Script execution timed out after ${timeoutMs}ms`), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' })

export function syntaxOf(context: BindingContext): Syntax {
  const { parse } = context.require<Pick<Syntax, 'parse'>>('internal/deps/acorn/acorn/dist/acorn')
  const { simple } = context.require<Pick<Syntax, 'simple'>>('internal/deps/acorn/acorn-walk/dist/walk')
  return { parse, simple }
}
