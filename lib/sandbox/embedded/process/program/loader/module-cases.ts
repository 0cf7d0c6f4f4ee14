// Claim → files; `main.mjs` is run, or what `run` says. Node's own answer to the same files is the judge.
// For `modules.browser.test.ts` alone.

export interface ModuleCase {
  files: Record<string, string>
  run?: string
  /** Of `node`; the file to run among them. */
  args?: string[]
}

const pkg = (json: object) => JSON.stringify(json)
/** Prints what a failing import says; the first line of the message, as paths and stacks differ. */
const say = (call: string) =>
  `try { const x = ${call}; console.log('ok', x?.default ?? x) } catch (error) { console.log(error.name, error.code, error.message.split('\\n')[0]) }`

export const moduleCases: Record<string, ModuleCase> = {
  'exports: a string': {
    files: {
      'main.mjs': `import x from 'pkg'; console.log(x)`,
      'node_modules/pkg/package.json': pkg({ name: 'pkg', exports: './a.mjs' }),
      'node_modules/pkg/a.mjs': `export default 'a'`,
    },
  },
  'exports: import and require conditions differ': {
    files: {
      'main.mjs': `import x from 'pkg'; import { createRequire } from 'node:module'; console.log(x, createRequire(import.meta.url)('pkg'))`,
      'node_modules/pkg/package.json': pkg({ exports: { import: './a.mjs', require: './a.cjs' } }),
      'node_modules/pkg/a.mjs': `export default 'esm'`,
      'node_modules/pkg/a.cjs': `module.exports = 'cjs'`,
    },
  },
  'exports: conditions nest and the first that fits wins': {
    files: {
      'main.mjs': `import x from 'pkg'; import y from 'pkg/y'; console.log(x, y)`,
      'node_modules/pkg/package.json': pkg({
        exports: {
          '.': { browser: './b.mjs', node: { import: './n.mjs', default: './d.cjs' }, default: './d.cjs' },
          './y': { default: './d.cjs', import: './n.mjs' },
        },
      }),
      'node_modules/pkg/b.mjs': `export default 'browser'`,
      'node_modules/pkg/n.mjs': `export default 'node'`,
      'node_modules/pkg/d.cjs': `module.exports = 'default'`,
    },
  },
  'exports: patterns, the longest prefix first': {
    files: {
      'main.mjs': `import a from 'pkg/lib/a.js'; import b from 'pkg/lib/deep/b.js'; console.log(a, b)`,
      'node_modules/pkg/package.json': pkg({
        type: 'module',
        exports: { './lib/*.js': './one/*.js', './lib/deep/*.js': './two/*.js' },
      }),
      'node_modules/pkg/one/a.js': `export default 'one a'`,
      'node_modules/pkg/two/b.js': `export default 'two b'`,
    },
  },
  'exports: null forbids a part of a pattern': {
    files: {
      'main.mjs': `import a from 'pkg/a.js'; console.log(a)\n${say(`await import('pkg/private/x.js')`)}`,
      'node_modules/pkg/package.json': pkg({ type: 'module', exports: { './*': './src/*', './private/*': null } }),
      'node_modules/pkg/src/a.js': `export default 'a'`,
      'node_modules/pkg/src/private/x.js': `export default 'x'`,
    },
  },
  'exports: what is not listed cannot be imported': {
    files: {
      'main.mjs': `${say(`await import('pkg/hidden.js')`)}`,
      'node_modules/pkg/package.json': pkg({ exports: { '.': './a.js' } }),
      'node_modules/pkg/a.js': ``,
      'node_modules/pkg/hidden.js': ``,
    },
  },
  'exports: no main export': {
    files: {
      'main.mjs': `${say(`await import('pkg')`)}`,
      'node_modules/pkg/package.json': pkg({ exports: { './a': './a.js' } }),
      'node_modules/pkg/a.js': ``,
    },
  },
  'exports: a list takes the first that is valid': {
    files: {
      'main.mjs': `import x from 'pkg'; console.log(x)`,
      'node_modules/pkg/package.json': pkg({ exports: { '.': ['not-valid', './a.mjs'] } }),
      'node_modules/pkg/a.mjs': `export default 'a'`,
    },
  },
  'imports: # names files and packages': {
    files: {
      'package.json': pkg({ type: 'module', imports: { '#a': './src/a.js', '#dep': 'pkg', '#u/*': './src/*.js' } }),
      'main.mjs': `import a from '#a'; import dep from '#dep'; import b from '#u/b'; console.log(a, dep, b)`,
      'src/a.js': `export default 'a'`,
      'src/b.js': `export default 'b'`,
      'node_modules/pkg/index.js': `module.exports = 'dep'`,
    },
  },
  'imports: conditions': {
    files: {
      'package.json': pkg({ type: 'module', imports: { '#x': { node: './n.js', default: './d.js' } } }),
      'main.mjs': `import x from '#x'; console.log(x)`,
      'n.js': `export default 'n'`,
      'd.js': `export default 'd'`,
    },
  },
  'imports: what is not defined': {
    files: { 'package.json': pkg({ type: 'module', imports: {} }), 'main.mjs': `${say(`await import('#x')`)}` },
  },
  'a package refers to itself': {
    files: {
      'package.json': pkg({ name: 'self', type: 'module', exports: { '.': './index.js', './x': './x.js' } }),
      'main.mjs': `import { name } from 'self'; import x from 'self/x'; console.log(name, x)`,
      'index.js': `export const name = 'self'`,
      'x.js': `export default 'x'`,
    },
  },
  'main without exports, with and without extension': {
    files: {
      'main.mjs': `import a from 'a'; import b from 'b'; import c from 'c'; console.log(a, b, c)`,
      'node_modules/a/package.json': pkg({ main: 'lib/main' }),
      'node_modules/a/lib/main.js': `module.exports = 'a'`,
      'node_modules/b/package.json': pkg({ main: './lib' }),
      'node_modules/b/lib/index.js': `module.exports = 'b'`,
      'node_modules/c/index.js': `module.exports = 'c'`,
    },
  },
  'scoped packages and their parts': {
    files: {
      'main.mjs': `import a from '@s/p'; import b from '@s/p/sub'; console.log(a, b)`,
      'node_modules/@s/p/package.json': pkg({ exports: { '.': './a.js', './sub': './b.js' } }),
      'node_modules/@s/p/a.js': `module.exports = 'a'`,
      'node_modules/@s/p/b.js': `module.exports = 'b'`,
    },
  },
  'the nearest node_modules wins': {
    files: {
      'main.mjs': `import x from './in/x.mjs'; import y from 'pkg'; console.log(x, y)`,
      'in/x.mjs': `export { default } from 'pkg'`,
      'in/node_modules/pkg/index.js': `module.exports = 'inner'`,
      'node_modules/pkg/index.js': `module.exports = 'outer'`,
    },
  },
  'a package that is not there': { files: { 'main.mjs': say(`await import('nowhere')`) } },
  'a file that is not there': { files: { 'main.mjs': say(`await import('./nowhere.mjs')`) } },
  'a builtin that is not there': { files: { 'main.mjs': say(`await import('node:nowhere')`) } },
  'require of what is not there': {
    files: { 'main.cjs': `${say(`require('./nope')`)}\n${say(`require('nope')`)}` },
    run: 'main.cjs',
  },
  'named exports of CommonJS: assignments and defineProperty': {
    files: {
      'main.mjs': `import * as all from './lib.cjs'; console.log(Object.keys(all).sort().join())`,
      'lib.cjs': `exports.a = 1; module.exports.b = 2; exports['c'] = 3; Object.defineProperty(exports, 'd', { enumerable: true, value: 4 }); Object.defineProperty(exports, 'e', { enumerable: true, get: function () { return q.e; } }); var q = { e: 5 }`,
    },
  },
  'named exports of CommonJS: an object literal': {
    files: {
      'main.mjs': `import * as all from './lib.cjs'; console.log(Object.keys(all).sort().join(), all.a, all.b)`,
      'lib.cjs': `const a = 1, b = 2; module.exports = { a, b, 'c': 3 }`,
    },
  },
  'named exports of CommonJS through reexports': {
    files: {
      'main.mjs': `import * as all from './lib.cjs'; console.log(Object.keys(all).sort().join(), all.deep)`,
      'lib.cjs': `module.exports = require('./mid.cjs')`,
      'mid.cjs': `__exportStar(require('./end.cjs'), exports); exports.mid = 1; function __exportStar(m, e) { for (var k in m) e[k] = m[k] }`,
      'end.cjs': `exports.deep = 'deep'`,
    },
  },
  'named exports of CommonJS that cannot be seen': {
    files: {
      'main.mjs': say(`await import('./use.mjs')`),
      'use.mjs': `import { hidden } from './lib.cjs'`,
      'lib.cjs': `const name = 'hidden'; module.exports = {}; module.exports[name] = 1`,
    },
  },
  'a default of CommonJS may be anything': {
    files: {
      'main.mjs': `import a from './a.cjs'; import b from './b.cjs'; import c from './c.cjs'; console.log(a, b, typeof c)`,
      'a.cjs': `module.exports = null`,
      'b.cjs': `module.exports = 0`,
      'c.cjs': `module.exports = class {}`,
    },
  },
  'CommonJS that throws, imported twice': {
    files: {
      'main.mjs': `${say(`await import('./bad.cjs')`)}\n${say(`await import('./bad.cjs')`)}`,
      'bad.cjs': `console.log('runs'); throw new TypeError('bad')`,
    },
  },
  'JSON with its attribute': {
    files: {
      'main.mjs': `import data from './d.json' with { type: 'json' }; console.log(data.a)`,
      'd.json': `{ "a": [1] }`,
    },
  },
  'JSON by import()': {
    files: {
      'main.mjs': `const { default: d } = await import('./d.json', { with: { type: 'json' } }); console.log(d)`,
      'd.json': `{"x":1}`,
    },
  },
  'JSON by require is one object': {
    files: {
      'main.cjs': `const a = require('./d.json'); a.y = 2; console.log(require('./d'), require('./d.json') === a)`,
      'd.json': `{"x":1}`,
    },
    run: 'main.cjs',
  },
  'createRequire resolves from its file': {
    files: {
      'main.mjs': `import { createRequire } from 'node:module'; const r = createRequire(new URL('./in/x.js', import.meta.url)); console.log(r('./y.cjs'), r.resolve('./y.cjs').endsWith('/in/y.cjs'))`,
      'in/y.cjs': `module.exports = 'y'`,
    },
  },
  'require of an ES module gives its namespace': {
    files: {
      'main.cjs': `const m = require('./m.mjs'); console.log(m.default, m.x, Object.keys(m).join(), m[Symbol.toStringTag])`,
      'm.mjs': `export default 'd'; export const x = 1`,
    },
    run: 'main.cjs',
  },
  'require of an ES module gives what it exports as module.exports': {
    files: {
      'main.cjs': `console.log(require('./m.mjs')(), require('./other.mjs')['a b'], Object.keys(require('./stars.mjs')).join())`,
      'm.mjs': `import f from './f.cjs'; export default f; export { f as 'module.exports' }`,
      'f.cjs': `module.exports = () => 'called'`,
      'other.mjs': `const text = 'as "a b"'; export { text as "a b" }`,
      'stars.mjs': `export { "a b" as c } from './other.mjs'; export * as 'd e' from './other.mjs'`,
    },
    run: 'main.cjs',
  },
  'require and import of one ES module give one module': {
    files: {
      'main.cjs': `const m = require('./m.mjs'); import('./m.mjs').then((n) => console.log(m.o === n.o, n.up(), m.n))`,
      'm.mjs': `export const o = {}; export let n = 0; export const up = () => ++n`,
    },
    run: 'main.cjs',
  },
  'require of a module that awaits': {
    files: { 'main.cjs': say(`require('./m.mjs')`), 'm.mjs': `export const x = await 1` },
    run: 'main.cjs',
  },
  'require.cache, module.children and parents': {
    files: {
      'main.cjs': `const a = require('./a.cjs'); console.log(Object.keys(require.cache).length, module.children.length, a.parentIsMain, require.main === module); delete require.cache[require.resolve('./a.cjs')]; console.log(require('./a.cjs') === a)`,
      'a.cjs': `exports.parentIsMain = module.parent === require.main`,
    },
    run: 'main.cjs',
  },
  'the wrapper of CommonJS': {
    files: {
      'main.cjs': `console.log(this === module.exports, typeof exports, __filename.endsWith('main.cjs'), require('path').basename(__dirname).length > 0, arguments.length, module.id, module.paths[0].endsWith('node_modules'))`,
    },
    run: 'main.cjs',
  },
  'a cycle of CommonJS sees the new module.exports late': {
    files: {
      'main.cjs': `console.log(require('./a.cjs'))`,
      'a.cjs': `exports.early = 1; const b = require('./b.cjs'); module.exports = { a: true, b }`,
      'b.cjs': `const a = require('./a.cjs'); module.exports = { sees: Object.keys(a).join() }`,
    },
    run: 'main.cjs',
  },
  'folders with an index and with package.json': {
    files: {
      'main.cjs': `console.log(require('./lib'), require('./lib/'), require('./pack'), require('.'), require('./'))`,
      'lib/index.js': `module.exports = 'index'`,
      'pack/package.json': pkg({ main: 'm.js' }),
      'pack/m.js': `module.exports = 'main'`,
      'index.js': `module.exports = 'dot'`,
    },
    run: 'main.cjs',
  },
  'a file wins over a folder of the same name': {
    files: {
      'main.cjs': `console.log(require('./x'))`,
      'x.js': `module.exports = 'file'`,
      'x/index.js': `module.exports = 'folder'`,
    },
    run: 'main.cjs',
  },
  'type module makes .js an ES module, .cjs stays': {
    files: {
      'package.json': pkg({ type: 'module' }),
      'main.js': `import c from './c.cjs'; import { x } from './x.js'; console.log(c, x, typeof require, this)`,
      'x.js': `export const x = 1`,
      'c.cjs': `module.exports = typeof require`,
    },
    run: 'main.js',
  },
  'the package.json of a folder decides for its files': {
    files: {
      'main.mjs': `import a from './esm/a.js'; import b from './cjs/b.js'; console.log(a, b)`,
      'esm/package.json': pkg({ type: 'module' }),
      'esm/a.js': `export default 'esm'`,
      'cjs/package.json': pkg({ type: 'commonjs' }),
      'cjs/b.js': `module.exports = 'cjs'`,
    },
  },
  'ES modules are strict and have no wrapper': {
    files: {
      'main.mjs': `console.log(typeof module, typeof exports, typeof __filename, this, (function () { return this })()); try { undeclared = 1 } catch (error) { console.log(error.name) }`,
    },
  },
  'a syntax error in a dependency': {
    files: {
      'main.mjs': `try { await import('./bad.mjs') } catch (error) { console.log(error.name, error instanceof SyntaxError) }`,
      'bad.mjs': `const = 1`,
    },
  },
  'an export that is missing in an ES module': {
    files: {
      'main.mjs': say(`await import('./a.mjs')`),
      'a.mjs': `import { nope } from './b.mjs'`,
      'b.mjs': `export const yes = 1`,
    },
  },
  'a namespace is sealed, sorted and has no prototype': {
    files: {
      'main.mjs': `import * as ns from './a.mjs'; console.log(Object.keys(ns).join(), Object.isSealed(ns), Object.getPrototypeOf(ns)); for (const act of [() => { ns.a = 1 }, () => { delete ns.a }, () => { ns.z = 1 }]) try { act() } catch (error) { console.log(error.name) }`,
      'a.mjs': `export const b = 1, a = 2; export default 3; export { b as c }`,
    },
  },
  'an imported binding cannot be assigned': {
    files: {
      'main.mjs': `import { a } from './a.mjs'; try { eval('a = 2') } catch (error) { console.log(error.name, error.message) }`,
      'a.mjs': `export let a = 1`,
    },
  },
  'string names of exports': {
    files: {
      'main.mjs': `import { 'a-b' as ab } from './a.mjs'; import * as ns from './a.mjs'; console.log(ab, Object.keys(ns))`,
      'a.mjs': `const x = 1; export { x as 'a-b' }`,
    },
  },
  'export default keeps the name default': {
    files: {
      'main.mjs': `import f from './f.mjs'; import c from './c.mjs'; import a from './a.mjs'; import n from './n.mjs'; console.log(f.name, c.name, a.name, n.name)`,
      'f.mjs': `export default function () {}`,
      'c.mjs': `export default class {}`,
      'a.mjs': `export default () => {}`,
      'n.mjs': `export default function named() {}`,
    },
  },
  'export default takes the value, a named default stays live': {
    files: {
      'main.mjs': `import v, { setV } from './v.mjs'; import f, { setF } from './f.mjs'; setV(); setF(); console.log(v, f)`,
      'v.mjs': `let x = 1; export default x; export const setV = () => { x = 2 }`,
      'f.mjs': `export default function f() {} export const setF = () => { f = 'changed' }`,
    },
  },
  'evaluation goes depth first, once a module': {
    files: {
      'main.mjs': `import './a.mjs'; import './b.mjs'; console.log('main')`,
      'a.mjs': `import './c.mjs'; console.log('a')`,
      'b.mjs': `import './c.mjs'; console.log('b')`,
      'c.mjs': `console.log('c')`,
    },
  },
  'imports are hoisted over code': {
    files: {
      'main.mjs': `console.log('main', x)\nimport { x } from './x.mjs'`,
      'x.mjs': `console.log('x'); export const x = 1`,
    },
  },
  'top-level await in a chain keeps its order': {
    files: {
      'main.mjs': `import './a.mjs'; import './b.mjs'; console.log('main')`,
      'a.mjs': `import './slow.mjs'; console.log('a')`,
      'slow.mjs': `console.log('slow 1'); await new Promise((r) => setTimeout(r, 5)); console.log('slow 2')`,
      'b.mjs': `console.log('b')`,
    },
  },
  'top-level for await, and await in expressions': {
    files: {
      'main.mjs': `for await (const x of (async function* () { yield 1; yield 2 })()) console.log(x)\nconst { y = await 3 } = {}\nconsole.log(y, [await 4], await import('./a.mjs').then((m) => m.a))`,
      'a.mjs': `export const a = 5`,
    },
  },
  'import() runs a module once and waits for it': {
    files: {
      'main.mjs': `const all = await Promise.all([import('./a.mjs'), import('./a.mjs'), import('./a.mjs')]); console.log(new Set(all).size, all[0].a)`,
      'a.mjs': `console.log('runs'); await null; export const a = 1`,
    },
  },
  'import() from CommonJS': {
    files: {
      'main.cjs': `import('./a.mjs').then((m) => console.log(m.a, m.default))`,
      'a.mjs': `export const a = 1; export default 2`,
    },
    run: 'main.cjs',
  },
  'import() takes URLs and data': {
    files: {
      'main.mjs': `console.log((await import(new URL('./a.mjs', import.meta.url))).a, (await import('data:text/javascript,export default 7')).default)`,
      'a.mjs': `export const a = 1`,
    },
  },
  'queries make other modules of one file': {
    files: {
      'main.mjs': `import * as one from './a.mjs?1'; import * as two from './a.mjs?2'; import * as again from './a.mjs?1'; console.log(one === two, one === again, one.o === two.o)`,
      'a.mjs': `export const o = {}`,
    },
  },
  'import.meta.resolve': {
    files: {
      'main.mjs': `const { resolve: r } = import.meta; console.log(r('./x/../y.mjs').endsWith('/y.mjs'), r('node:fs'), r('fs'), r('pkg').endsWith('/node_modules/pkg/i.js')); try { r('nope') } catch (error) { console.log(error.code) }`,
      'node_modules/pkg/package.json': pkg({ main: 'i.js' }),
      'node_modules/pkg/i.js': ``,
    },
  },
  'import.meta has main, dirname and filename': {
    files: {
      'main.mjs': `console.log(Object.keys(import.meta).sort().join(), import.meta.filename.endsWith('/main.mjs'))`,
    },
  },
  'what a module in a cycle has not exported yet is warned of': {
    files: {
      'main.cjs': `process.on('warning', ({ message }) => console.log(message)); const a = require('./a.cjs'); console.log(a, Object.getPrototypeOf(a) === Object.prototype)`,
      'a.cjs': `exports.early = 1; require('./b.cjs'); exports.late = 2`,
      'b.cjs': `const a = require('./a.cjs'); console.log(a.early, a.late, a.__esModule)`,
    },
    run: 'main.cjs',
  },
  'a module is the file behind a symbolic link': {
    files: {
      'main.cjs': `const fs = require('fs'); fs.mkdirSync('node_modules'); fs.symlinkSync('../packages/a', 'node_modules/a'); console.log(require('a') === require('./packages/a'), require.resolve('a').endsWith('/packages/a/index.js')); import('a').then((ns) => console.log(ns.default === require('a')))`,
      'packages/a/index.js': `module.exports = { b: require('b') }`,
      'packages/node_modules/b.js': `module.exports = 'b'`,
    },
    run: 'main.cjs',
  },
  'require of an ES module gives a namespace': {
    files: {
      'main.cjs': `const ns = require('./lib.mjs'); console.log(ns, require('util/types').isModuleNamespaceObject(ns), Object.keys(ns).sort().join()); ns.add(); console.log(ns.n)`,
      'lib.mjs': `export let n = 1; export function add() { n++ }`,
    },
    run: 'main.cjs',
  },
  'a required ES module has import.meta, and may have its own require and __dirname': {
    files: {
      'main.cjs': `console.log(require('./lib.mjs').result)`,
      'lib.mjs': `import { createRequire } from 'node:module'; import './side.mjs'; import { dirname } from 'node:path'; const require = createRequire(import.meta.url); const __dirname = import.meta.dirname; export const result = [require('./x.json').a, __dirname === dirname(import.meta.filename), globalThis.side]`,
      'side.mjs': `globalThis.side = 1`,
      'x.json': '{ "a": 5 }',
    },
    run: 'main.cjs',
  },
  'specifiers are URLs: escapes, fragments, data:': {
    files: {
      'main.mjs': `import { a } from './a%20b.mjs'; import * as one from './c.mjs#1'; import * as two from './c.mjs#2'; console.log(a, one === two, one.url.endsWith('#1')); console.log((await import('data:text/javascript,export default import.meta.url')).default, (await import('data:application/json;base64,NA==', { with: { type: 'json' } })).default, (await import('data:text/javascript,import%20os%20from%20%22node:os%22;export%20default%20typeof%20os.EOL')).default); for (const wrong of ['./a%2fb.mjs', 'http://x/y.mjs', 'data:text/x,1']) await import(wrong).catch((error) => console.log(error.name, error.code))`,
      'a b.mjs': `export const a = 1`,
      'c.mjs': `export const { url } = import.meta`,
    },
  },
  'the longer of two patterns in imports wins': {
    files: {
      'package.json': pkg({ type: 'module', imports: { '#a/*': './x/*', '#a/*.txt': './y/*.js' } }),
      'main.js': `import a from '#a/one.js'; import b from '#a/one.txt'; console.log(a, b)`,
      'x/one.js': `export default 'x'`,
      'y/one.js': `export default 'y'`,
    },
    run: 'main.js',
  },
  'builtins: default, names and namespace are one': {
    files: {
      'main.mjs': `import fs, { readFileSync } from 'fs'; import * as ns from 'node:fs'; console.log(fs.readFileSync === readFileSync, ns.default === fs, ns.readFileSync === readFileSync)`,
    },
  },
  'process.getBuiltinModule and isBuiltin': {
    files: {
      'main.mjs': `import { isBuiltin } from 'node:module'; console.log(process.getBuiltinModule('path').sep, isBuiltin('fs'), isBuiltin('node:test'), isBuiltin('test'), isBuiltin('nope'))`,
    },
  },
  'three modules in a cycle, with classes that extend': {
    files: {
      'main.mjs': `import { C } from './c.mjs'; console.log(new C().who())`,
      'c.mjs': `import { B } from './b.mjs'; export class C extends B { who() { return 'C' + super.who() } }`,
      'b.mjs': `import { A } from './a.mjs'; export class B extends A { who() { return 'B' + super.who() } }`,
      'a.mjs': `import { C } from './c.mjs'; export class A { who() { return 'A' + (this instanceof C) } }`,
    },
  },
  'two cycles that share a module': {
    files: {
      'main.mjs': `import { a } from './a.mjs'; import { c } from './c.mjs'; console.log(a(), c())`,
      'a.mjs': `import { s } from './s.mjs'; export const a = () => 'a' + s()`,
      's.mjs': `import { a } from './a.mjs'; import { c } from './c.mjs'; export const s = () => 's' + typeof a + typeof c`,
      'c.mjs': `import { s } from './s.mjs'; export const c = () => 'c' + s()`,
    },
  },
  'a cycle in which an async function is exported': {
    files: {
      'main.mjs': `import { a } from './a.mjs'; console.log(await a())`,
      'a.mjs': `import { b } from './b.mjs'; export async function a() { return 'a' + (await b()) }`,
      'b.mjs': `import { a } from './a.mjs'; export async function b() { return typeof a } export async function* gen() {}`,
    },
  },
  'a cycle that throws shows its own lines': {
    files: {
      'main.mjs': `import { a } from './a.mjs'; try { a() } catch (error) { console.log(error.stack.split('\\n')[1].replace(/.*\\//, '').replace(/\\)$/, '')) }`,
      'a.mjs': `import { b } from './b.mjs'\n\nexport function a() {\n  return b()\n}\n`,
      'b.mjs': `import { a } from './a.mjs'\nexport function b() {\n  if (a) throw new Error('here')\n}\n`,
    },
  },
  'stacks name the places in CommonJS and ES modules': {
    files: {
      'main.mjs': `import { fail } from './lib.cjs'\nimport './x.mjs'\ntry {\n  fail()\n} catch (error) {\n  console.log(error.stack.split('\\n').slice(1, 3).map((line) => line.replace(/.*\\//, '').replace(/\\)$/, '')).join(' '))\n}`,
      'lib.cjs': `exports.fail = () => { throw new Error('here') }`,
      'x.mjs': `export {}`,
    },
  },
}
