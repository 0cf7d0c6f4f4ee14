import { expect, it } from 'vitest'
import { definitionAt, makefileLines, readMakeStatement } from './makefile-lines'

it.each([
  ['A = 1 # c', { kind: 'assignment', modifiers: [], name: 'A', operator: '=', value: '1 ' }],
  ['$(A:a=b)_x ?= y\\#z', { kind: 'assignment', modifiers: [], name: '$(A:a=b)_x', operator: '?=', value: 'y#z' }],
  [
    "V := $(shell echo '#')",
    { kind: 'assignment', modifiers: [], name: 'V', operator: ':=', value: "$(shell echo '#')" },
  ],
  ['export = 3', { kind: 'assignment', modifiers: [], name: 'export', operator: '=', value: '3' }],
  ['export define X :=', { kind: 'define', modifiers: ['export'], name: 'X', operator: ':=' }],
  ['ifeq ($(A),=) # c', { kind: 'condition', word: 'ifeq', rest: '($(A),=)' }],
  ['-include a \\\n b', { kind: 'include', isOptional: true, names: 'a b' }],
  ['export A B', { kind: 'export', names: 'A B' }],
  ['A B = c', { kind: 'text', text: 'A B = c', recipe: null }],
  ["a:: b ; echo 'c#d'", { kind: 'rule', targets: 'a', isDouble: true, rest: 'b', own: null, recipe: "echo 'c#d'" }],
  ['a b: ;A=1 x', { kind: 'rule', targets: 'a b', isDouble: false, rest: '', own: null, recipe: 'A=1 x' }],
  [
    'a: X = 1;2',
    {
      kind: 'rule',
      targets: 'a',
      isDouble: false,
      rest: '',
      recipe: null,
      own: expect.objectContaining({ name: 'X', value: '1;2' }),
    },
  ],
])('takes %j for what it is', (line, statement) => {
  expect(readMakeStatement(line)).toEqual(statement)
})

it('joins lines at an odd number of backslashes, whatever stands in them', () => {
  expect(makefileLines('a \\\n\tb\nc \\\\\n# d \\\r\ne').map(({ number, raw }) => [number, raw])).toEqual([
    [1, 'a \\\nb'],
    [3, 'c \\\\'],
    [4, '# d \\\ne'],
  ])
})

it('finds the end of a definition past others in it, and past lines of recipes', () => {
  const lines = makefileLines('define A\ndefine B\nendef\n\tendef\nx \\\n y\nendef # A\nz')
  expect(definitionAt(lines, 0)).toEqual({ text: 'define B\nendef\n\tendef\nx y', end: 5 })
  expect(definitionAt(lines, 6).end).toBeNull()
})

it('reads lines full of blanks in no time', () => {
  const start = Date.now()
  const blanks = ' '.repeat(40_000)
  expect(readMakeStatement(`A = x${blanks}y`)).toMatchObject({ value: `x${blanks}y` })
  expect(readMakeStatement(`A = x ${blanks}\\\n${blanks}y`)).toMatchObject({ value: 'x y' })
  expect(Date.now() - start).toBeLessThan(500)
})
