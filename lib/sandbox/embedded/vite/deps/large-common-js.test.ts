import { expect, it } from 'vitest'
import { createLargeCommonJs } from './large-common-js'

const padding = `// ${'x'.repeat(100_000)}\n`

/** What the bundle of the file exports. */
function run(text: string, modules: Record<string, unknown> = {}): Record<string, unknown> {
  const large = createLargeCommonJs([])
  const bundle = large.complete(large.standIn(text) ?? 'throw new Error("not taken")')
  const module: { exports: Record<string, unknown> } = { exports: {} }
  new Function('module', 'exports', 'require', bundle)(module, module.exports, (name: string) => modules[name])
  return module.exports
}

it('runs the file with its own module, what it requires and the mode', () => {
  const text = `${padding}var other = require("other"); exports.value = other.value + 1
exports.isDevelopment = "production" !== process.env.NODE_ENV; exports.isGlobal = global === globalThis; exports.self = this === exports`
  expect(run(text, { other: { value: 1 } })).toEqual({ value: 2, isDevelopment: true, isGlobal: true, self: true })
  expect(run(`${padding}module.exports = { whole: 1 }`)).toEqual({ whole: 1 })
})

it.each([
  ['small', 'exports.a = 1'],
  ['an ES module', `${padding}import a from 'a'; exports.a = a`],
  ['one that imports later', `${padding}exports.a = () => import('a')`],
  ['one that requires what it computes', `${padding}exports.a = require(name)`],
  ['one that looks for require', `${padding}exports.a = typeof require`],
  ['one that holds require', `${padding}exports.a = [require]`],
  ['one that hands require on', `${padding}exports.a = { require }`],
  ['one that is not strict', `${padding}exports.a = '\\033[0m'`],
  ['one with a name that is replaced', `${padding}exports.a = __FLAG__`],
])('leaves %s to the bundler', (_, text) => {
  expect(createLargeCommonJs(['__FLAG__']).standIn(text)).toBe(null)
})
