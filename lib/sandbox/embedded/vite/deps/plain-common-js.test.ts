import { expect, it } from 'vitest'
import { readPlainCommonJs } from './plain-common-js'

const build = (mode: string) => `module.exports = require("./${mode}.js")`

it.each([
  ['by name', 'exports.a = require("a") + require(\'@s/b/c\')', ['a', '@s/b/c']],
  ['in comments, strings and patterns', '// require(x)\nexports.a = "require(" + /require\\(/ + `require(x)`', []],
  ['of a property or key', 'exports.a = { require: 1 }; exports.a.require(name); exports.b = exports.a.require', []],
  ['once', 'exports.a = () => [require("a"), require("a")]', ['a']],
  ['with import in a text', 'exports.a = "import(\'x\')"\nexports.b = `\nimport y`', []],
])('reads what is required %s', (_, text, required) => {
  expect(readPlainCommonJs(text, [])?.required).toEqual(required)
})

it.each([
  ['===', `if (process.env.NODE_ENV === 'production') { ${build('p')} } else { ${build('d')} }`, ['./d.js']],
  ['!==', `if (process.env.NODE_ENV !== "production") { ${build('d')} } else { ${build('p')} }`, ['./d.js']],
  [
    'with blocks in them',
    `if(process.env.NODE_ENV=="production"){if (1){${build('p')}}}else{${build('d')}}`,
    ['./d.js'],
  ],
  ['without another', `exports.a = 1; if (process.env.NODE_ENV === 'production') { ${build('p')} }`, []],
  [
    'chained',
    `exports.a = 1; if (process.env.NODE_ENV === 'production') {} else if (a) { ${build('d')} } else { ${build('e')} }`,
    ['./d.js', './e.js'],
  ],
  [
    'one in another',
    `exports.a = 1; if (process.env.NODE_ENV === 'production') { if (process.env.NODE_ENV === 'production') { ${build('p')} } }`,
    [],
  ],
  [
    'that declares for all',
    `if (process.env.NODE_ENV === 'production') { var a = require('./p.js') } exports.a = a`,
    ['./p.js'],
  ],
  [
    'as an expression',
    `module.exports = process.env.NODE_ENV === 'production' ? require('./p.js') : require('./d.js')`,
    ['./p.js', './d.js'],
  ],
])('takes the branch of development: %s', (_, text, required) => {
  expect(readPlainCommonJs(text, [])?.required).toEqual(required)
})

it.each([
  '"use strict"; if (a) { function f() {} } exports.a = 1',
  'function f() { function g() {} return function h() {} } exports.a = { m() { function i() {} } }',
  'if (a) { b(function () { function f() {} }) } exports.a = 1',
])('takes functions that only their own function sees: %s', (text) => {
  expect(readPlainCommonJs(text, [])?.code).toBe(text)
})

it('puts the mode and the page’s location in their places, and nothing into texts', () => {
  const text = `exports.a = [process.env.NODE_ENV, "process.env.NODE_ENV", location.href, x.process.env.NODE_ENV]`
  expect(readPlainCommonJs(text, [])?.code).toBe(
    `exports.a = ["development", "process.env.NODE_ENV", __vitrine.location.href, x.process.env.NODE_ENV]`,
  )
})

it.each([
  ['an ES module', 'import a from "a"; export default exports'],
  ['one that imports later', 'exports.a = () => import("a")'],
  ['one that requires what it computes', 'exports.a = require(name)'],
  ['one that looks for require', 'exports.a = typeof require'],
  ['one that hands require on', 'exports.a = { require }'],
  ['one with a require of its own', 'exports.a = function (require) { require("./a") }'],
  ['one that asks more of require', 'exports.a = require.resolve("a")'],
  ['one that is not strict', "exports.a = '\\033[0m'"],
  ['one that asks require of its module', 'exports.a = module.require("a")'],
  ['one with a process of its own', 'exports.a = (process) => process.env.NODE_ENV'],
  ['one that takes its process apart from more', 'const { process } = x; exports.a = process.env.NODE_ENV'],
  ['one with a comment of HTML, which no module may have', 'exports.a = 1<!--a'],
  ['one that does not parse', 'exports.a = ('],
  ['one with a name that is replaced', 'exports.a = __FLAG__'],
  ['one whose block has a function for all', 'if (a) { function f() {} }\nexports.a = f'],
  ['one with such a block in a function', 'exports.a = function () { for (;;) { if (b) { function f() {} } } }'],
  ['one that exports nothing', 'run()'],
])('leaves %s to the bundler', (_, text) => {
  expect(readPlainCommonJs(text, ['__FLAG__'])).toBe(null)
})
