import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parsePackument } from './packument'

const bytesOf = (value: unknown, space?: number) => new TextEncoder().encode(JSON.stringify(value, null, space))

it('reads what JSON.parse reads, however it is written', () => {
  const shape = fc.record({
    'dist-tags': fc.dictionary(fc.string(), fc.string()),
    versions: fc.dictionary(fc.string(), fc.jsonValue()),
    more: fc.jsonValue(),
  })
  fc.assert(
    fc.property(shape, fc.integer({ min: 0, max: 3 }), (value, space) => {
      const text = JSON.stringify(value, null, space)
      const read = parsePackument('a', new TextEncoder().encode(text))
      expect(JSON.parse(JSON.stringify(read))).toEqual({ ...JSON.parse(text), name: 'a' })
    }),
  )
})

it('takes words, numbers and strings with brackets for what they are', () => {
  const versions = { '1.0.0': { scripts: { test: '"{[\\' }, n: -1.5e3 }, '2.0.0': { gypfile: true, bin: null } }
  const packument = parsePackument('a', bytesOf({ name: 'b', a: 1, b: [{}, []], versions, c: 'x' }, 2))
  expect(packument).toEqual({ name: 'a', a: 1, b: [{}, []], versions, c: 'x', 'dist-tags': {} })
})

it('reads a version when it is looked at, and only once', () => {
  const text = '{"versions": {"1.0.0": {broken}, "2.0.0": {"name": "a"}}}'
  const { versions } = parsePackument('a', new TextEncoder().encode(text))
  expect(Object.keys(versions)).toEqual(['1.0.0', '2.0.0'])
  expect(versions['2.0.0']).toEqual({ name: 'a' })
  expect(versions['2.0.0']).toBe(versions['2.0.0'])
  expect(() => versions['1.0.0']).toThrow('“a” is not JSON')
})

it.each([
  '',
  '<html>',
  '[]',
  'null',
  '{"versions": {"1.0.0": {',
  '{"versions" 1}',
  '{"versions": {}',
  '{"a": }',
  '{"a',
  '{"versions": {}}}',
  '{"versions": {}} <html>',
])('refuses %j', (text) => expect(() => parsePackument('a', new TextEncoder().encode(text))).toThrow('“a” is not JSON'))

it('reads what begins with a byte order mark, and takes null for nothing', () => {
  const nothing = { name: 'a', versions: {}, 'dist-tags': {} }
  expect(parsePackument('a', bytesOf({ versions: null, 'dist-tags': null }))).toEqual(nothing)
  expect(parsePackument('a', new TextEncoder().encode('\ufeff{"versions": {}}\n'))).toEqual(nothing)
})

it.each([{ time: {} }, { versions: 1 }])(
  'refuses what lists no versions, as a package that was taken back',
  (answer) => {
    expect(() => parsePackument('a', bytesOf({ name: 'a', ...answer }))).toThrow('lists no versions')
  },
)
