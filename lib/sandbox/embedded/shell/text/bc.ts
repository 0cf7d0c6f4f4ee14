import { type CommandContext, failure, inputOf, type Result, success } from '../command'
import * as decimal from './decimal'
import { type Decimal, toText, whole, zero } from './decimal'
import { openOperand } from './operands'

const functions: Record<string, (value: Decimal, scale: number) => Decimal> = {
  sqrt: decimal.root,
  length: ({ digits }) => whole(String(digits < 0n ? -digits : digits).length),
  scale: (value) => whole(value.scale),
  s: decimal.sine,
  c: decimal.cosine,
  a: decimal.arctangent,
  l: decimal.logarithm,
  e: decimal.exponential,
}

/** `bc [-l]`: expressions, variables, `scale`, `ibase` and `obase`; no statements of its language. */
export async function bc(args: string[], context: CommandContext): Promise<Result> {
  let text = ''
  for (const name of args.filter((word) => !word.startsWith('-'))) {
    const operand = await openOperand(context, name)
    if (operand?.kind !== 'file') return failure(`File ${name} is unavailable.`)
    text += `${new TextDecoder().decode(operand.bytes)}\n`
  }
  text += new TextDecoder().decode(inputOf(context))
  const variables = new Map<string, Decimal>([
    ['scale', whole(args.some((word) => /^-[a-z]*l|^--mathlib$/.test(word)) ? 20 : 0)],
    ['ibase', whole(10)],
    ['obase', whole(10)],
  ])
  const result = success()
  const lines = text
    .replaceAll(/\/\*(?:.|\n)*?\*\/|#.*/g, '')
    .replaceAll('\\\n', '')
    .split('\n')
  for (const line of lines) {
    try {
      for (const source of line.split(';').map((part) => part.trim())) {
        if (/^(?:quit|halt)$/.test(source)) return result
        if (source !== '') result.stdout += evaluate(source, variables)
      }
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error
      // As bc: the rest of the line is left out, and the next one follows.
      result.stderr += `bc: ${error.message}\n`
    }
  }
  return result
}

function evaluate(source: string, variables: Map<string, Decimal>): string {
  const [, printed] = /^print\s+(.*)$/s.exec(source) ?? []
  if (printed !== undefined) {
    return (printed.match(/"[^"]*"|[^,]+/g) ?? [])
      .map((part) => part.trim())
      .map((part) =>
        part.startsWith('"') ? part.slice(1, -1).replaceAll('\\n', '\n') : show(read(part, variables), variables),
      )
      .join('')
  }
  if (/^"[^"]*"$/.test(source)) return source.slice(1, -1)
  if (/^(?:if|while|for|define|return|auto|\{|\})/.test(source))
    throw new SyntaxError(
      `${source.split(/\W/)[0] || 'blocks'}: only expressions and variables are known here; node -p and awk have the rest`,
    )
  const value = read(source, variables)
  return /^[a-z_]\w*\s*(?:[-+*/%^]?=)(?!=)/.test(source) ? '' : `${show(value, variables)}\n`
}

function show(value: Decimal, variables: ReadonlyMap<string, Decimal>): string {
  const base = Number(variables.get('obase')?.digits ?? 10n)
  if (base === 10) return wrapped(toText(value))
  if (value.scale > 0) throw new RangeError('obase: whole numbers only here')
  if (base > 16 || base < 2) throw new RangeError('obase: 2 to 16 here')
  return value.digits.toString(base).toUpperCase()
}

/** bc breaks lines of more than 69 digits. */
const wrapped = (text: string) => text.match(/.{1,68}/g)?.join('\\\n') ?? text

function read(source: string, variables: Map<string, Decimal>): Decimal {
  const tokens =
    source.match(/[A-F\d]*\.[A-F\d]+|[A-F\d]+\.?|[a-z_]\w*|\+\+|--|[-+*/%^=<>!]=|&&|\|\||[-+*/%^=<>!()]|\S/g) ?? []
  let at = 0
  const scale = () => Number(variables.get('scale')?.digits ?? 0n)
  const value = assign()
  if (at < tokens.length) throw new SyntaxError(`syntax error near ${tokens[at]}`)
  return value

  function assign(): Decimal {
    const [name = '', operator = ''] = tokens.slice(at, at + 2)
    if (!/^[a-z_]\w*$/.test(name) || !/^[-+*/%^]?=$/.test(operator)) return either()
    at += 2
    const right = assign()
    const old = variables.get(name) ?? zero
    const made = operator === '=' ? right : apply(operator.slice(0, 1), old, right)
    variables.set(name, made)
    return made
  }
  function chain(
    next: () => Decimal,
    operators: readonly string[],
    take: (operator: string, a: Decimal, b: Decimal) => Decimal,
  ): Decimal {
    let left = next()
    while (operators.includes(tokens[at] ?? '')) {
      const operator = tokens[at++] ?? ''
      left = take(operator, left, next())
    }
    return left
  }
  function either(): Decimal {
    const isTrue = ({ digits }: Decimal) => digits !== 0n
    const both = () => chain(compared, ['&&'], (_, a, b) => whole(isTrue(a) && isTrue(b) ? 1 : 0))
    return chain(both, ['||'], (_, a, b) => whole(isTrue(a) || isTrue(b) ? 1 : 0))
  }
  function compared(): Decimal {
    return chain(sum, ['<', '>', '<=', '>=', '==', '!='], (operator, a, b) => {
      const order = decimal.compare(a, b)
      const holds = {
        '<': order < 0,
        '>': order > 0,
        '<=': order <= 0,
        '>=': order >= 0,
        '==': order === 0,
        '!=': order !== 0,
      }
      return whole(holds[operator as keyof typeof holds] ? 1 : 0)
    })
  }
  function sum(): Decimal {
    return chain(product, ['+', '-'], apply)
  }
  function product(): Decimal {
    return chain(powered, ['*', '/', '%'], apply)
  }
  function powered(): Decimal {
    const base = atom()
    if (tokens[at] !== '^') return base
    at++
    return apply('^', base, powered())
  }
  function atom(): Decimal {
    const token = tokens[at++] ?? ''
    // A sign goes before a power: -2^2 is 4.
    if (token === '-') {
      const { digits, scale: places } = atom()
      return { digits: -digits, scale: places }
    }
    if (token === '!') return whole(atom().digits === 0n ? 1 : 0)
    if (token === '(') return closed(assign())
    if (/^[A-F\d.]+$/.test(token)) return number(token, Number(variables.get('ibase')?.digits ?? 10n))
    if (!/^[a-z_]\w*$/.test(token))
      throw new SyntaxError(token === '' ? 'syntax error at the end' : `syntax error near ${token}`)
    if (tokens[at] !== '(') return variables.get(token) ?? zero
    at++
    const run = functions[token]
    if (!run) throw new SyntaxError(`Function ${token} not defined.`)
    const argument = closed(assign())
    if (argument.digits < 0n && token === 'sqrt') throw new RangeError('Square root of a negative number')
    return run(argument, scale())
  }
  function closed(inner: Decimal): Decimal {
    if (tokens[at++] !== ')') throw new SyntaxError('syntax error: ) is missing')
    return inner
  }
  function apply(operator: string, a: Decimal, b: Decimal): Decimal {
    if ((operator === '/' || operator === '%') && b.digits === 0n) throw new RangeError('Divide by zero')
    switch (operator) {
      case '+':
        return decimal.add(a, b)
      case '-':
        return decimal.add(a, b, -1n)
      case '*':
        return decimal.multiply(a, b, scale())
      case '/':
        return decimal.divide(a, b, scale())
      case '%':
        return decimal.modulo(a, b, scale())
      default:
        return decimal.raise(a, Number(decimal.withScale(b, 0).digits), scale())
    }
  }
}

function number(text: string, base: number): Decimal {
  const [before = '', after = ''] = text.split('.')
  if (base === 10 && !/[A-F]/.test(text)) return { digits: BigInt(before + after || '0'), scale: after.length }
  if (after !== '') throw new RangeError('ibase: whole numbers only here')
  let digits = 0n
  for (const digit of before) digits = digits * BigInt(base) + BigInt(Number.parseInt(digit, 16))
  return { digits, scale: 0 }
}
