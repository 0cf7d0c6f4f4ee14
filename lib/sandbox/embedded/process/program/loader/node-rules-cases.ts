// Claim → files and the arguments of `node`; its own answer to the same is the judge: what a program that no compiler
// stands before may rely on. For `modules.browser.test.ts` alone.
import type { ModuleCase } from './module-cases'

/** Prints the code and the first line of what a failing import says. */
const say = (call: string) =>
  `try { const x = ${call}; console.log('ok', x?.default ?? x) } catch (error) { console.log(error.name, error.code, error.message.split('\\n')[0]) }`
/** Prints the whole message. */
const sayAll = (call: string) => `try { ${call} } catch (error) { console.log(error.code, error.message) }`
/** As ts-node and pirates compile what is required. */
const compilerHook = `
  for (const ending of ['.ts', '.js']) {
    const before = require.extensions[ending] || require.extensions['.js']
    require.extensions[ending] = (module, filename) => {
      const { _compile } = module
      module._compile = (code, name) => _compile.call(module, code.replace(/import (\\w+) from ('[^']+')/, 'const $1 = require($2)'), name)
      before(module, filename)
    }
  }`
const hooks = {
  'hooks.mjs': `
    export async function initialize(data) { console.log('initialize', data) }
    export async function resolve(specifier, context, next) {
      return specifier === 'virtual:x' ? { url: specifier, format: 'module', shortCircuit: true } : next(specifier, context)
    }
    export async function load(url, context, next) {
      if (url === 'virtual:x') return { format: 'module', source: 'export default import.meta.url', shortCircuit: true }
      const loaded = await next(url, context)
      return url.endsWith('/b.mjs') ? { ...loaded, source: String(loaded.source).replace('b', 'hooked') } : loaded
    }`,
  'a.mjs': `export { default } from './b.mjs'`,
  'b.mjs': `export default 'b'`,
}

export const nodeRulesCases: Record<string, ModuleCase> = {
  'a file is imported by its whole name': {
    files: { 'main.mjs': sayAll(`await import('./a')`), 'a.js': '' },
  },
  'a file without an ending is to require what it is written as, whatever the package says': {
    files: {
      'package.json': '{ "type": "module" }',
      'main.cjs': `console.log(require('./script'), require('./module').default, require('./other.ending'))`,
      script: `const { x } = require('./x.cjs'); module.exports = x`,
      module: `export default 'module'`,
      'other.ending': `exports.other = 1`,
      'x.cjs': `exports.x = 'script'`,
    },
    args: ['main.cjs'],
  },
  'the entry, too, is loaded as the program says in require.extensions': {
    files: {
      'hook.cjs': compilerHook,
      'main.ts': `import path from 'node:path'; console.log(path.basename(__filename))`,
    },
    args: ['-r', './hook.cjs', 'main.ts'],
  },
  'a compiler that stands in for a module’s _compile is given the file as it is written': {
    files: {
      'hook.cjs': compilerHook,
      'main.js': `import path from 'node:path'; console.log(require.main === module)`,
    },
    args: ['-r', './hook.cjs', 'main.js'],
  },
  'the entry is a module by its name or its package, whatever require.extensions says': {
    files: {
      'hook.cjs': compilerHook,
      'package.json': '{ "type": "module" }',
      'main.js': `import path from 'node:path'; console.log(typeof require, typeof path)`,
    },
    args: ['-r', './hook.cjs', 'main.js'],
  },
  'a function that is made from text imports from the file that made it': {
    files: {
      'main.mjs': `import { createRequire } from 'node:module'
        const say = async (call) => { try { console.log(await call) } catch (error) { console.log(error.name, error.code) } }
        const load = new Function('path', 'options', 'return import(path, options)')
        await say(load('./a.mjs'))
        await say(load('./a.json', { with: { type: 'json' } }))
        await say(load('./none.mjs'))
        await say(Function('return import("node:path")')().then((path) => path.sep))
        await say(createRequire(import.meta.url)('./lib/load.cjs')('./b.mjs'))
        console.log(load.name, load.length, load instanceof Function, (() => 1).constructor === Function, Function.name)
        class Own extends Function {}
        console.log(new Own('return 1')(), new Own() instanceof Own, String(new Function('a', 'return a')))
        try { new Function('import(') } catch (error) { console.log(error.name) }`,
      'a.mjs': `export default 'a'`,
      'a.json': '{"a":1}',
      'lib/load.cjs': `exports.unused = () => import('./b.mjs'); module.exports = new Function('path', 'return import(path)')`,
      'lib/b.mjs': `export default 'b'`,
    },
  },
  'a text that reads like an import stays as it is': {
    files: {
      'main.cjs': `const text = 'typeof import("./x") is no call of import (x)'; // nor is import(y)
        console.log(text, /import\\(/.source, \`import(\${1})\`); import('./a.mjs').then((a) => console.log(a.default)); console.log(typeof eval('import("./a.mjs")').then)`,
      'a.mjs': `export default 'a'`,
    },
    run: 'main.cjs',
  },
  'createRequire takes a folder for what is in it': {
    files: {
      'main.mjs': `import { createRequire } from 'node:module'
        for (const from of [process.cwd() + '/lib/', new URL('./lib/', import.meta.url)]) console.log(createRequire(from)('./a.cjs'), createRequire(from)('pkg'), createRequire(from).resolve.paths('x')[0].endsWith('/lib/node_modules'))`,
      'lib/a.cjs': `module.exports = 'a'`,
      'lib/node_modules/pkg/index.js': `module.exports = 'pkg'`,
    },
  },
  'a folder is no module': {
    files: { 'main.mjs': sayAll(`await import('./lib')`), 'lib/index.js': '' },
  },
  'the name of an output does not mean its source': {
    files: { 'main.mjs': say(`await import('./a.js')`), 'a.ts': '' },
  },
  'require completes names with .js, .json and .node alone': {
    files: { 'main.cjs': `${say(`require('./a')`)}; ${say(`require('./b')`)}`, 'a.mjs': '', 'b.json': '{"b":1}' },
    run: 'main.cjs',
  },
  'what an ending does not tell is not run': {
    files: { 'main.mjs': say(`await import('./a.unknown')`), 'a.unknown': '' },
  },
  'JSON is imported as JSON': {
    files: {
      'main.mjs': `${say(`await import('./a.json')`)}; ${say(`await import('./a.json', { with: { type: 'json' } })`)}; ${say(`await import('./b.mjs', { with: { type: 'json' } })`)}`,
      'a.json': '{"a":1}',
      'b.mjs': '',
    },
  },
  'a package.json that is none is named, and who asked for it': {
    files: {
      'main.mjs': `try { await import('pkg') } catch (error) { console.log(error.code, error.message.replace(/ \\/.*\\//g, ' ')) }`,
      'node_modules/pkg/package.json': '{ "main": }',
    },
  },
  'data: has no folder to look in': {
    files: { 'main.mjs': say(`await import('data:text/javascript,import "./x.mjs"')`) },
  },
  'import.meta.resolve says where a file would be': {
    files: {
      'main.mjs': `console.log(import.meta.resolve('./none/').slice(-6)); ${say(`import.meta.resolve('none')`)}`,
    },
  },
  'names of CommonJS are missed with a word of help': {
    files: { 'main.mjs': say(`await import('./a.mjs')`), 'a.mjs': `require('./b')` },
  },
  'a named import that CommonJS does not tell is shown with its other name': {
    files: {
      'main.mjs': sayAll(`await import('./a.mjs')`),
      'a.mjs': `import { x as y } from './b.cjs'; y()`,
      'b.cjs': `module.exports = {}`,
    },
  },
  'CommonJS that an ES module imports requires the same instance': {
    files: {
      'main.mjs': `import { o } from './m.mjs'; import c from './c.cjs'; console.log(o === c.o, c.keys)`,
      'm.mjs': `export const o = {}; export default 1; console.log('m runs')`,
      'c.cjs': `const m = require('./m.mjs'); exports.o = m.o; exports.keys = Object.keys(m).join()`,
    },
  },
  'createRequire gives the instance that was imported': {
    files: {
      'main.mjs': `import { createRequire } from 'node:module'; import * as m from './m.mjs'; console.log(createRequire(import.meta.url)('./m.mjs') === m)`,
      'm.mjs': `export const x = 1`,
    },
  },
  'exports of a required module stay live for its importers': {
    files: {
      'main.cjs': `const m = require('./m.mjs'); m.up(); import('./n.mjs').then((n) => { m.up(); console.log(n.read(), m.n) })`,
      'm.mjs': `export let n = 0; export const up = () => { n += 1 }`,
      'n.mjs': `import { n } from './m.mjs'; export const read = () => n`,
    },
    run: 'main.cjs',
  },
  'ES modules that are required import by the rules of import': {
    files: {
      'main.cjs': `console.log(require('./m.mjs').all)`,
      'm.mjs': `import p from 'pkg'; import c, { named } from './c.cjs'; import fs, { existsSync } from 'fs'; export const all = [p, c.default, named, fs.existsSync === existsSync]`,
      'c.cjs': `exports.__esModule = true; exports.default = 'd'; exports.named = 'n'`,
      'node_modules/pkg/package.json': '{ "exports": { "import": "./i.mjs", "require": "./r.cjs" } }',
      'node_modules/pkg/i.mjs': `export default 'imported'`,
      'node_modules/pkg/r.cjs': `module.exports = 'required'`,
    },
    run: 'main.cjs',
  },
  'a cycle of require and import is refused': {
    files: {
      'main.mjs': `try { await import('./a.mjs') } catch (error) { console.log(error.code) }`,
      'a.mjs': `import './b.cjs'; export const a = 1`,
      'b.cjs': `require('./a.mjs')`,
    },
  },
  'what an ES module exports as __esModule stays': {
    files: {
      'main.cjs': `console.log(require('./m.mjs'))`,
      'm.mjs': `export const __esModule = 'own'; export default 1`,
    },
    run: 'main.cjs',
  },
  'import gives what a module exported when it had run': {
    files: {
      'main.mjs': `import './change.cjs'; import one from './one.cjs'; console.log(one)`,
      'change.cjs': `require('./one.cjs'); require.cache[require.resolve('./one.cjs')].exports++`,
      'one.cjs': `module.exports = 1`,
    },
  },
  'hooks of module.register see what is imported afterwards': {
    files: {
      'main.mjs': `import { register } from 'node:module'
        register('./hooks.mjs', import.meta.url, { data: { n: 1 } })
        const a = await import('./a.mjs')
        const x = await import('virtual:x')
        console.log(a.default, x.default)`,
      ...hooks,
    },
  },
  'hooks of --loader see the whole program': {
    files: { 'main.mjs': `import a from './a.mjs'; import x from 'virtual:x'; console.log(a, x)`, ...hooks },
    args: ['--loader', './hooks.mjs', 'main.mjs'],
  },
  'hooks have modules of their own': {
    files: {
      'main.mjs': `import { register } from 'node:module'; import { count } from './state.mjs'
        register('./own.mjs', import.meta.url); await import('./a.mjs'); console.log(count())`,
      'own.mjs': `import { count } from './state.mjs'; count(); export const load = (url, context, next) => next(url, context)`,
      'state.mjs': `let n = 0; export const count = () => ++n`,
      'a.mjs': '',
    },
  },
  'code without a file may import()': {
    files: { 'm.mjs': `export default 'm'` },
    args: ['-e', `import('./m.mjs').then((m) => console.log(m.default))`],
  },
  '--import names any module, --entry-url a URL': {
    files: { 'main.mjs': `console.log(import.meta.url.slice(-4), globalThis.before)` },
    args: ['--import', 'data:text/javascript,globalThis.before = 1', '--entry-url', './main.mjs?q#h'],
  },
  'the wrapper of CommonJS can be changed, and so can what runs the entry': {
    files: {
      'before.cjs': `const m = require('module'); m.wrapper[0] += 'globalThis.wrapped = 1;'; const { runMain } = m; m.runMain = (...args) => { console.log('runs'); return runMain(...args) }`,
      'main.cjs': `console.log(globalThis.wrapped)`,
    },
    args: ['-r', './before.cjs', 'main.cjs'],
  },
  'require of ES modules can be taken away': {
    files: { 'main.cjs': say(`require('./m.mjs')`), 'm.mjs': '' },
    args: ['--no-experimental-require-module', 'main.cjs'],
  },
  'builtins that are not there are not found': {
    files: { 'main.cjs': `${say(`require.resolve('node:none')`)}; ${say(`require('node:none')`)}` },
    run: 'main.cjs',
  },
  'hints to the compiler do nothing where they are allowed': {
    files: {
      'main.cjs': `function f() { return 1 }\n%PrepareFunctionForOptimization(f); f(); %OptimizeFunctionOnNextCall(f); console.log(f())`,
    },
    args: ['--allow-natives-syntax', 'main.cjs'],
  },
}
