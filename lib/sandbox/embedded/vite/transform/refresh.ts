import { parse } from 'sucrase/dist/esm/parser/index.js'
import type { Token } from 'sucrase/dist/esm/parser/tokenizer/index.js'
import { TokenType } from 'sucrase/dist/esm/parser/tokenizer/types.js'

/** A component or hook declared at the top of a module. */
interface Declared {
  name: string
  /** The hooks it calls, with what makes their state another one; in the order of the calls. */
  signature: string
  /** Hooks of the project's own among them, by the expression that reaches them. */
  customHooks: string[]
}

const reactHooks = new Set(
  ['State', 'Reducer', 'Effect', 'LayoutEffect', 'Memo', 'Callback', 'Ref', 'Context', 'ImperativeHandle', 'DebugValue']
    .concat(['Id', 'DeferredValue', 'Transition', 'InsertionEffect', 'SyncExternalStore', 'Optimistic', 'ActionState'])
    .map((name) => `use${name}`),
)

const runtimes = { react: '/@react-refresh', preact: '/@prefresh' }
type RefreshRuntime = keyof typeof runtimes

/**
 * Registers a module's components for hot updates that keep state, with the signatures of their hooks: when those change,
 * state starts anew. A module that declares no component stays as it is. Nothing moves to another line.
 */
export function addRefresh(code: string, id: string, runtime: RefreshRuntime): string {
  const declared = findDeclared(code)
  if (!declared.some(({ name }) => isComponentName(name))) return code
  const calls = declared.map(({ name, signature, customHooks }) => {
    const sign = `__refresh.sign(${name}, ${JSON.stringify(signature)}, () => [${customHooks.join(', ')}]);`
    return isComponentName(name) ? `${sign}__refresh.register(${name}, ${JSON.stringify(`${id} ${name}`)});` : sign
  })
  const boundary = `__vitrine.import(import.meta.url, import.meta.url).then((self) => { __refresh.boundary(${JSON.stringify(id)}, self, import.meta.hot) });`
  // The server looks for this call to know that the module takes its own updates.
  const accepts = 'import.meta.hot.accept();'
  return `import * as __refresh from "${runtimes[runtime]}";${code}\n${calls.join('')}${boundary}${accepts}`
}

const isComponentName = (name: string) => /^[A-Z]/.test(name)
const isHookName = (name: string) => /^use[A-Z]/.test(name)

function findDeclared(code: string): Declared[] {
  const { tokens } = parse(code, false, false, false)
  const text = (token: Token | undefined) => (token ? code.slice(token.start, token.end) : '')
  const depths = depthsOf(tokens)
  const found: Declared[] = []
  for (let index = 0; index < tokens.length; index++) {
    if (depths[index] !== 0) continue
    const token = tokens[index]
    if (token?.type !== TokenType._function && !isVariable(token)) continue
    const isGenerator = tokens[index + 1]?.type === TokenType.star
    const nameAt = index + (isGenerator ? 2 : 1)
    const name = text(tokens[nameAt])
    if (tokens[nameAt]?.type !== TokenType.name || !(isComponentName(name) || isHookName(name))) continue
    if (isVariable(token) && !isFunctionLike(tokens, nameAt + 1, text)) continue
    found.push({ name, ...readHooks(code, tokens, nameAt + 1, endOfStatement(tokens, depths, nameAt + 1)) })
  }
  return found
}

function isVariable(token: Token | undefined): boolean {
  return token?.type === TokenType._const || token?.type === TokenType._let || token?.type === TokenType._var
}

/** `= () =>`, `= function`, `= memo(…)`, `= forwardRef(…)`, `= React.lazy(…)`, `= styled.div…`: not plain data. */
function isFunctionLike(tokens: readonly Token[], at: number, text: (token: Token | undefined) => string): boolean {
  if (tokens[at]?.type !== TokenType.eq) return false
  const [first, second] = [tokens[at + 1], tokens[at + 2]]
  switch (first?.type) {
    case TokenType._function:
    case TokenType.parenL:
    case TokenType._async:
      return true
    case TokenType.name:
      if (second?.type === TokenType.arrow || text(first) === 'async') return true
      return second?.type === TokenType.parenL || second?.type === TokenType.dot
    default:
      return false
  }
}

/** The number of open brackets before each token. */
function depthsOf(tokens: readonly Token[]): number[] {
  let depth = 0
  return tokens.map(({ type }) => {
    if (type === TokenType.braceR || type === TokenType.parenR || type === TokenType.bracketR) depth -= 1
    const before = depth
    const opens = type === TokenType.braceL || type === TokenType.parenL || type === TokenType.bracketL
    if (opens || type === TokenType.dollarBraceL) depth += 1
    return before
  })
}

function endOfStatement(tokens: readonly Token[], depths: readonly number[], from: number): number {
  for (let index = from + 1; index < tokens.length; index++) {
    if (depths[index] !== 0) continue
    const type = tokens[index]?.type
    if (
      type === TokenType.semi ||
      type === TokenType._function ||
      type === TokenType._export ||
      isVariable(tokens[index])
    ) {
      return index
    }
  }
  return tokens.length
}

function readHooks(code: string, tokens: readonly Token[], from: number, to: number): Omit<Declared, 'name'> {
  const parts: string[] = []
  const customHooks: string[] = []
  for (let index = from; index < to; index++) {
    const token = tokens[index]
    if (token?.type !== TokenType.name || tokens[index + 1]?.type !== TokenType.parenL) continue
    const name = code.slice(token.start, token.end)
    if (!isHookName(name)) continue
    const isMember = tokens[index - 1]?.type === TokenType.dot
    const keepsState = name === 'useState' || name === 'useReducer'
    parts.push(
      keepsState ? `${name}{${bindingBefore(code, tokens, index)}(${argumentsOf(code, tokens, index + 1)})}` : name,
    )
    const owner = isMember ? tokens[index - 2] : undefined
    const expression = owner ? `${code.slice(owner.start, owner.end)}.${name}` : name
    if (!reactHooks.has(name) && (!isMember || owner?.type === TokenType.name)) customHooks.push(expression)
  }
  return { signature: parts.join('\n'), customHooks: [...new Set(customHooks)] }
}

/** `[count, setCount]` of `const [count, setCount] = useState(0)`. */
function bindingBefore(code: string, tokens: readonly Token[], index: number): string {
  let at = index
  while (at > 0 && tokens[at - 1]?.type === TokenType.dot) at -= 2
  if (tokens[at - 1]?.type !== TokenType.eq) return ''
  let start = at - 2
  while (start > 0 && !isVariable(tokens[start - 1])) start -= 1
  const [first, last] = [tokens[start], tokens[at - 2]]
  return first && last && at - start < 40 ? code.slice(first.start, last.end) : ''
}

/** The initial state: the first argument of `useState`, all of `useReducer`. */
function argumentsOf(code: string, tokens: readonly Token[], open: number): string {
  let depth = 0
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index]
    if (token?.type === TokenType.parenL) depth += 1
    else if (token?.type === TokenType.parenR) depth -= 1
    if (depth === 0 && token) return code.slice(tokens[open]?.end ?? 0, token.start)
  }
  return ''
}
