import { format as nodeFormat, inspect as nodeInspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { format } from './format'
import { inspect } from './inspect'

class Point {
  x = 1
  y = 2
}
class Empty {}
class Tagged {
  get [Symbol.toStringTag]() {
    return 'tag'
  }
}
const circular: Record<string, unknown> = { name: 'a' }
circular.self = circular
const long = Array.from({ length: 120 }, (_, index) => index)
const words = ['apple', 'banana', 'cherry', 'date', 'elderberry', 'fig', 'grape', 'honeydew']

const values: [string, unknown][] = [
  ['a string', 'it\'s "quoted"'],
  ['a string in an array', ["it's", 'a\nb', '`x`']],
  ['numbers', [0, -0, 1.5, Number.NaN, 10n]],
  ['nothing', [null, undefined, true]],
  ['symbols', [Symbol('a'), Symbol.iterator]],
  ['an empty object', {}],
  ['an object', { a: 1, 'b-c': 'x', [Symbol('s')]: 2 }],
  ['nested objects', { a: { b: { c: { d: 1 } } } }],
  ['nested arrays', [[[[1]]]]],
  ['a nested array that fits', { a: [1, 2, { b: new Map([[1, 'x']]) }], s: 'q' }],
  ['a wide object', { first: 'a long enough text', second: 'another long enough text', third: 'one more long text' }],
  ['many keys', Object.fromEntries(long.slice(0, 30).map((n) => [`key${n}`, n]))],
  ['long arrays of numbers', long],
  ['seven numbers', [1, 22, 333, 4, 5, 6, 7]],
  ['arrays of words', words],
  ['words in an object', { words, n: 1 }],
  ['sparse arrays', Object.assign(new Array(5), { 2: 'x' })],
  ['arrays with properties', Object.assign([1, 2], { extra: true })],
  [
    'maps',
    new Map<unknown, unknown>([
      ['a', 1],
      [{ k: 1 }, [1]],
    ]),
  ],
  ['sets', new Set([1, 'a', { b: 1 }])],
  ['empty maps and sets', [new Map(), new Set()]],
  ['classes', [Point, class extends Point {}, Empty]],
  ['instances', [new Point(), new Empty(), new Tagged()]],
  ['functions', [function named() {}, () => {}, async () => {}, function* gen() {}]],
  ['a function with properties', Object.assign(function named() {}, { a: 1 })],
  ['dates and patterns', [new Date(0), /a+/gi]],
  ['boxed values', [new Number(1), new String('a'), new Boolean(false)]],
  ['circular structures', circular],
  ['null prototypes', Object.assign(Object.create(null), { a: 1 })],
  [
    'accessors',
    {
      get a() {
        return 1
      },
      set b(_: number) {},
      get c() {
        return 1
      },
      set c(_: number) {},
    },
  ],
  ['typed arrays', new Uint8Array([1, 2, 3])],
  ['array buffers', new Uint8Array([1, 2]).buffer],
  ['promises', [new WeakMap()]],
  [
    'an array of objects',
    [
      { id: 1, title: 'Write tests', done: false },
      { id: 2, title: 'Ship it', done: true },
    ],
  ],
  ['an error without a stack', Object.assign(new Error('x'), { stack: undefined })],
]

describe('inspect', () => {
  test.each(values)('shows %s as Node does', (_, value) => {
    expect(inspect(value)).toBe(nodeInspect(value))
  })

  test('colours values as Node does', () => {
    const value = { a: 1, b: 'x', c: null, d: undefined, e: true, f: () => {}, g: new Date(0), h: /x/, i: Symbol('s') }
    expect(inspect(value, { colors: true })).toBe(nodeInspect(value, { colors: true }))
  })

  test('puts the further properties of an error after its stack', () => {
    const error = Object.assign(new Error('x'), { code: 'E', cause: 1 })
    error.stack = 'Error: x\n    at /a.ts:1:1'
    expect(inspect(error)).toBe(nodeInspect(error))
    expect(inspect({ error })).toBe(nodeInspect({ error }))
  })

  test('asks objects that know how to show themselves', () => {
    const own = { [Symbol.for('nodejs.util.inspect.custom')]: () => 'Money<5>' }
    expect(inspect([own])).toBe('[ Money<5> ]')
  })
})

describe('format', () => {
  const calls: unknown[][] = [
    ['%s is %d years', 'Ann', 42, 'extra'],
    ['%i %f %j %%', '42.9', '1.5', { a: 1 }],
    ['%o', { a: [1] }],
    ['%O and %s', { a: { b: { c: {} } } }, { x: 1 }],
    ['%s %s', null, undefined],
    ['%s', Symbol('a')],
    ['%s', -0],
    ['%d', '0x10'],
    ['100%', 1],
    [1, 'a', { b: 'c' }],
    ['%s'],
    ['%c styled', 'color: red'],
    ['a', 'b'],
    ['%s', class A {}],
    ['%x', 1],
  ]
  test.each(calls)('formats %j as Node does', (...values) => {
    expect(format(...values)).toBe(nodeFormat(...values))
  })
})
