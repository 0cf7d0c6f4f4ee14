import type { ShellLine } from './parse-shell'

/** Files that code may read unasked, though they are protected from being written. */
const readable = /^(?:\.\/)?(?:package|package-lock|tsconfig)\.json$/
/** Neither a path nor another module. */
const plainText = /^[\w ,:-]*$/
/** What may be called: it only reads, prints or takes data apart, whatever it is given. */
const callable = new Set('require readFileSync log parse stringify keys values entries'.split(' '))
const globals = new Set(['require', 'console', 'JSON', 'Object'])
/** By these data could be turned into code. */
const makesCode = /^(?:constructor|prototype|__proto__|toJSON)$/
const token = /\s*(?:('[^'\\\n]*'|"[^"\\\n]*")|([A-Za-z_$][\w$]*)|(\d+)|(\?\.|[.,;=()[\]]))\s*/y

/**
 * Whether a line is one `node -e` (or `-p`) whose code can only read package.json and its like, and print what they
 * say. No function, no other module: what is not in this small language is not understood.
 */
export function readsByCode({ plain, commands }: ShellLine): boolean {
  const [words = []] = commands.map((command) => command.words)
  const [name, flag, code, extra] = words
  if (!plain || commands.length !== 1 || commands[0]?.writes.length !== 0 || extra !== undefined) return false
  const isInline = name?.text === 'node' && /^(?:-e|-p|-pe|--eval|--print)$/.test(flag?.text ?? '')
  return isInline && code !== undefined && onlyReads(code.text)
}

interface Token {
  kind: 'text' | 'name' | 'number' | 'mark'
  value: string
}

function onlyReads(code: string): boolean {
  const tokens = tokensOf(code)
  const constants = new Set(tokens?.flatMap((_, index) => constantAt(tokens, index) ?? []))
  return tokens?.every((_, index) => isUnderstood(tokens, index, constants)) ?? false
}

/** The name that `const name =` gives to something, at its `const`. None takes the place of what is known here. */
function constantAt(tokens: readonly Token[], index: number): string | null {
  const [word, name, mark] = tokens.slice(index, index + 3)
  const isDeclaration = word?.value === 'const' && name?.kind === 'name' && mark?.kind === 'mark' && mark.value === '='
  if (!isDeclaration || word.kind !== 'name' || callable.has(name.value) || globals.has(name.value)) return null
  return name.value
}

function tokensOf(code: string): Token[] | null {
  const tokens: Token[] = []
  for (let at = 0; at < code.length; at = token.lastIndex) {
    token.lastIndex = at
    const [, text, name, number, mark] = token.exec(code) ?? []
    if (text !== undefined) tokens.push({ kind: 'text', value: text.slice(1, -1) })
    else if (name !== undefined) tokens.push({ kind: 'name', value: name })
    else if (number !== undefined) tokens.push({ kind: 'number', value: number })
    else if (mark !== undefined) tokens.push({ kind: 'mark', value: mark })
    else return null
  }
  return tokens
}

function isUnderstood(tokens: readonly Token[], index: number, constants: ReadonlySet<string>): boolean {
  const at = (offset: number) => tokens[index + offset]
  const isMark = (offset: number, value: string) => at(offset)?.kind === 'mark' && at(offset)?.value === value
  const { kind, value } = tokens[index] as Token
  if (kind === 'number') return true
  if (kind === 'text') return !makesCode.test(value) && (plainText.test(value) || readable.test(value))
  // What is called has a name: not the result of something, nor a member that is computed.
  if (kind === 'mark') {
    if (value === '=') return constantAt(tokens, index - 2) !== null
    if (value !== '(') return true
    const before = at(-1)
    if (before === undefined) return true
    return before.kind === 'name'
      ? callable.has(before.value)
      : before.kind === 'mark' && /^[,;=([]$/.test(before.value)
  }
  if (makesCode.test(value)) return false
  const given = at(2)
  if (value === 'require') {
    const isFs = given?.kind === 'text' && /^(?:node:)?fs$/.test(given.value)
    // Handed on, another function of `fs` could be called by what is called here.
    const readsOnly = isMark(4, '.') && at(5)?.value === 'readFileSync'
    const isFile = given?.kind === 'text' && readable.test(given.value) && given.value.startsWith('.')
    return isMark(1, '(') && isMark(3, ')') && (isFile || (isFs && readsOnly))
  }
  if (value === 'readFileSync') return isMark(1, '(') && given?.kind === 'text' && readable.test(given.value)
  const isMember = isMark(-1, '.') || isMark(-1, '?.')
  return isMember || globals.has(value) || constants.has(value) || constantAt(tokens, index) !== null
}
