/** A decimal number of any length, as bc counts: `digits / 10 ** scale`. */
export interface Decimal {
  digits: bigint
  scale: number
}

export const zero: Decimal = { digits: 0n, scale: 0 }
export const whole = (value: number | bigint): Decimal => ({ digits: BigInt(value), scale: 0 })
const power = (scale: number) => 10n ** BigInt(scale)

/** With that many places; what is more is cut off. */
export function withScale({ digits, scale }: Decimal, wanted: number): Decimal {
  if (wanted >= scale) return { digits: digits * power(wanted - scale), scale: wanted }
  return { digits: digits / power(scale - wanted), scale: wanted }
}

export function add(a: Decimal, b: Decimal, sign = 1n): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { digits: withScale(a, scale).digits + sign * withScale(b, scale).digits, scale }
}

export function multiply(a: Decimal, b: Decimal, scale: number): Decimal {
  const product = { digits: a.digits * b.digits, scale: a.scale + b.scale }
  return withScale(product, Math.min(product.scale, Math.max(scale, a.scale, b.scale)))
}

export function divide(a: Decimal, b: Decimal, scale: number): Decimal {
  return { digits: (a.digits * power(scale + b.scale)) / (b.digits * power(a.scale)), scale }
}

export function modulo(a: Decimal, b: Decimal, scale: number): Decimal {
  const quotient = divide(a, b, scale)
  const product = { digits: quotient.digits * b.digits, scale: quotient.scale + b.scale }
  return withScale(add(a, product, -1n), Math.max(scale + b.scale, a.scale))
}

export function raise(a: Decimal, exponent: number, scale: number): Decimal {
  const count = Math.abs(exponent)
  const exact = { digits: a.digits ** BigInt(count), scale: a.scale * count }
  if (exponent < 0) return divide(whole(1), exact, scale)
  return withScale(exact, Math.min(exact.scale, Math.max(scale, a.scale)))
}

export function root(a: Decimal, scale: number): Decimal {
  const places = Math.max(scale, a.scale)
  const target = withScale(a, places * 2).digits
  // From above, Newton's steps go down until they are there.
  let guess = power(Math.ceil(String(target).length / 2))
  while (guess > 0n) {
    const next = (guess + target / guess) / 2n
    if (next >= guess) break
    guess = next
  }
  return { digits: guess, scale: places }
}

export const compare = (a: Decimal, b: Decimal): number => Number(sign(add(a, b, -1n).digits))
const sign = (value: bigint) => (value > 0n ? 1n : value < 0n ? -1n : 0n)

/** In base ten; `.5` has no zero before the point. */
export function toText({ digits, scale }: Decimal): string {
  if (digits === 0n) return '0'
  const text = String(digits < 0n ? -digits : digits).padStart(scale, '0')
  const point = text.length - scale
  return `${digits < 0n ? '-' : ''}${text.slice(0, point)}${scale > 0 ? `.${text.slice(point)}` : ''}`
}

// The functions of `bc -l`, each with a few places more than are kept.
const spare = 6

export function exponential(x: Decimal, scale: number): Decimal {
  const places = scale + spare + String(x.digits / power(x.scale)).length
  const halvings = Math.max(0, String(x.digits / power(x.scale)).length * 4)
  const small = divide(withScale(x, places), whole(2n ** BigInt(halvings)), places + halvings)
  let sum = series(small, (term, n) => divide(multiply(term, small, small.scale), whole(n), small.scale))
  for (let n = 0; n < halvings; n++) sum = multiply(sum, sum, sum.scale)
  return withScale(sum, scale)
}

function series(x: Decimal, next: (term: Decimal, n: number) => Decimal): Decimal {
  let term = withScale(whole(1), x.scale)
  let sum = term
  for (let n = 1; term.digits !== 0n; n++) {
    term = next(term, n)
    sum = add(sum, term)
  }
  return sum
}

export function sine(x: Decimal, scale: number): Decimal {
  return withScale(alternating(withScale(x, scale + spare), 1), scale)
}

export function cosine(x: Decimal, scale: number): Decimal {
  return withScale(alternating(withScale(x, scale + spare), 0), scale)
}

/** `x - x³/3! + x⁵/5! …` from 1, `1 - x²/2! …` from 0. */
function alternating(x: Decimal, from: number): Decimal {
  const square = multiply(x, x, x.scale)
  let term = from === 1 ? x : withScale(whole(1), x.scale)
  let sum = term
  for (let n = from + 1; term.digits !== 0n; n += 2) {
    term = divide(multiply(term, square, x.scale), whole(-n * (n + 1)), x.scale)
    sum = add(sum, term)
  }
  return sum
}

export function arctangent(x: Decimal, scale: number): Decimal {
  const places = scale + spare
  let small = withScale(x, places)
  let factor = 1n
  while (
    compare({ ...small, digits: small.digits < 0n ? -small.digits : small.digits }, { digits: 1n, scale: 1 }) > 0
  ) {
    const hypotenuse = root(add(whole(1), multiply(small, small, places)), places)
    small = divide(small, add(whole(1), hypotenuse), places)
    factor *= 2n
  }
  const square = multiply(small, small, places)
  let term = small
  let sum = small
  for (let n = 3; term.digits !== 0n; n += 2) {
    term = { digits: -multiply(term, square, places).digits, scale: places }
    sum = add(sum, divide(term, whole(n), places))
  }
  return withScale({ digits: sum.digits * factor, scale: places }, scale)
}

export function logarithm(x: Decimal, scale: number): Decimal {
  const places = scale + spare
  let guess = withScale({ digits: BigInt(Math.round(Math.log(Number(toText(x))) * 1e12)), scale: 12 }, places)
  for (let round = 0; round < 8; round++) {
    const grown = exponential(guess, places)
    const step = divide(
      { digits: 2n * add(x, grown, -1n).digits, scale: Math.max(x.scale, grown.scale) },
      add(x, grown),
      places,
    )
    guess = add(guess, step)
    if (step.digits === 0n) break
  }
  return withScale(guess, scale)
}
