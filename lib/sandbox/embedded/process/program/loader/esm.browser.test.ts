import { expect, test } from 'playwright/test'
import { programRunner } from '../harness/harness'
import { runInNode } from '../harness/node-oracle'

/** Claim → files; `main.mjs` is run. Each is judged by what Node prints for the same files. */
const cases: Record<string, Record<string, string>> = {
  'imported bindings follow their module': {
    'main.mjs': `import { count, raise } from './counter.mjs'\nconsole.log(count)\nraise()\nconsole.log(count)`,
    'counter.mjs': `export let count = 1\nexport const raise = () => { count += 1 }`,
  },
  're-exported bindings stay live': {
    'main.mjs': `import { count, raise } from './through.mjs'\nraise()\nconsole.log(count)`,
    'through.mjs': `export { count, raise } from './counter.mjs'`,
    'counter.mjs': `export let count = 1\nexport function raise() { count++ }`,
  },
  'bindings are live through an import cycle': {
    'main.mjs': `import { hen, readEgg } from './hen.mjs'\nconsole.log(hen, readEgg())`,
    'hen.mjs': `import { egg, readHen } from './egg.mjs'\nexport let hen = 'hen'\nexport function readEgg() { return egg + ' ' + readHen() }`,
    'egg.mjs': `import { hen } from './hen.mjs'\nexport let egg = 'egg'\nexport function readHen() { return hen }`,
  },
  'functions are hoisted through an import cycle': {
    'main.mjs': `import './first.mjs'`,
    'first.mjs': `import './second.mjs'\nexport function early() { return 'early' }\nexport default function named() { return named.name }`,
    'second.mjs': `import named, { early } from './first.mjs'\nconsole.log(early(), named())`,
  },
  'classes and constants of a cycle have a dead zone': {
    'main.mjs': `import './first.mjs'`,
    'first.mjs': `import './second.mjs'\nexport class Late {}\nexport const late = 1`,
    'second.mjs': `import { Late, late } from './first.mjs'\nfor (const read of [() => Late, () => late]) {\n  try { console.log(typeof read()) } catch (error) { console.log(error.name, error.message) }\n}`,
  },
  'names that collide in a cycle stay apart': {
    'main.mjs': `import { a } from './a.mjs'\nimport { b } from './b.mjs'\nconsole.log(a(), b())`,
    'a.mjs': `import { b } from './b.mjs'\nconst secret = 'of a', { x, y: [z] } = { x: 1, y: [2] }\nclass Box { static who = 'A' }\nexport function a(secretly = secret) { return [secretly, x, z, Box.name, Box.who, { secret }.secret, b.name].join() }`,
    'b.mjs': `import { a } from './a.mjs'\nconst secret = 'of b', x = 3, z = 4\nclass Box { static who = 'B' }\nexport function b() { const inner = (secret) => secret; return [secret, x, z, Box.who, inner('own'), { secret }.secret, typeof a].join() }`,
  },
  'a cycle of three with a namespace and a star': {
    'main.mjs': `import * as hub from './hub.mjs'\nconsole.log(Object.keys(hub), hub.describe())`,
    'hub.mjs': `export * from './left.mjs'\nexport * as right from './right.mjs'`,
    'left.mjs': `import * as hub from './hub.mjs'\nexport const left = 'L'\nexport const describe = () => [hub.left, hub.right.right, Object.keys(hub).join('+')]`,
    'right.mjs': `import { left } from './hub.mjs'\nexport const right = 'R'\nexport const other = () => left`,
  },
  'a cycle that imports builtins and CommonJS': {
    'main.mjs': `import { a } from './a.mjs'\nconsole.log(a())`,
    'a.mjs': `import { join } from 'node:path'\nimport { b } from './b.mjs'\nimport plain, { half } from './plain.cjs'\nexport const a = () => join('x', b(), String(plain.whole), String(half))`,
    'b.mjs': `import path from 'node:path'\nimport { a } from './a.mjs'\nexport const b = () => path.basename('/y/z') + typeof a`,
    'plain.cjs': `exports.whole = 2; exports.half = 1`,
  },
  'a cycle with top-level await and anonymous defaults': {
    'main.mjs': `import a from './a.mjs'\nconsole.log(await a())`,
    'a.mjs': `import b from './b.mjs'\nconst value = await Promise.resolve('awaited')\nexport default async () => value + b.word`,
    'b.mjs': `import a from './a.mjs'\nexport default { word: '!', get a() { return a } }`,
  },
  'functions and classes keep their names where a cycle renames them': {
    'main.mjs': `import './a.mjs'`,
    'a.mjs': `import { tell } from './b.mjs'\nfunction help() {}\nclass Thing extends (class { m() { return {} } }) {}\n;[help, Thing].forEach((x) => console.log(x.name))\nexport default class {}\nexport const a = tell()`,
    'b.mjs': `import { a } from './a.mjs'\nasync function help() {}\nclass Thing { static make() { return new Thing() } }\nexport const tell = () => console.log(help.name, Thing.make(), Thing.name)\nexport default function () {}`,
  },
  'a module may import itself': {
    'main.mjs': `import * as self from './main.mjs'\nexport const x = 1\nexport { x as y }\nconsole.log(self.x, self.y, Object.keys(self))`,
  },
  'shorthand properties, destructuring and loops survive a cycle': {
    'main.mjs': `import { run } from './a.mjs'\nconsole.log(run())`,
    'a.mjs': `import { size, list } from './b.mjs'\nlet total = 0, label\nexport function run() { for (const size of list) total += size; ({ label = 'none' } = { label: 'set' }); [total] = [total + size]; return { total, label, size } }`,
    'b.mjs': `import { run } from './a.mjs'\nlet total = 'other', label = 'other'\nexport const size = 10, list = [1, 2, 3]\nexport const use = () => [run, total, label]`,
  },
  'local constants have a dead zone': {
    'main.mjs': `try { console.log(late) } catch (error) { console.log(error.name) }\nconst late = 1`,
  },
  'modules that await do not hold up their siblings': {
    'main.mjs': `import './slow.mjs'\nimport './quick.mjs'\nconsole.log('main')`,
    'slow.mjs': `console.log('slow 1')\nawait null\nconsole.log('slow 2')`,
    'quick.mjs': `console.log('quick')`,
  },
  'an export may wait for its value': {
    'main.mjs': `import { value } from './later.mjs'\nconsole.log(value)`,
    'later.mjs': `export const value = await new Promise((resolve) => setTimeout(resolve, 5, 42))`,
  },
  'an error after an await rejects the import': {
    'main.mjs': `try { await import('./broken.mjs') } catch (error) { console.log(error.message) }\ntry { await import('./broken.mjs') } catch (error) { console.log('again', error.message) }`,
    'broken.mjs': `console.log('runs once')\nawait null\nthrow new Error('boom')`,
  },
  'import() answers the one namespace': {
    'main.mjs': `const name = './lib' + '.mjs'\nconst first = await import(name)\nconsole.log(first.x, first.default, Object.keys(first), first === (await import('./lib.mjs')))`,
    'lib.mjs': `export const x = 1\nexport default 2`,
  },
  'import() of what is missing rejects with a code': {
    'main.mjs': `await import('./nope.mjs').catch((error) => console.log(error.code))\nawait import('nope').catch((error) => console.log(error.code, error.message.split('\\n')[0]))`,
  },
  'import.meta tells where the module is': {
    'main.mjs': `console.log(import.meta.url, import.meta.dirname, import.meta.filename, import.meta.resolve('./x.mjs'))`,
    'x.mjs': '',
  },
  'a default import of CommonJS is module.exports': {
    'main.mjs': `import lib, { x } from './lib.cjs'\nconsole.log(lib.x, x, Object.keys(lib))`,
    'lib.cjs': `exports.x = 1\nexports.y = 2`,
  },
  '__esModule does not change what a default import is': {
    'main.mjs': `import lib from './lib.cjs'\nimport * as all from './lib.cjs'\nconsole.log(lib.default, lib.named, all.named, Object.keys(all))`,
    'lib.cjs': `Object.defineProperty(exports, '__esModule', { value: true })\nexports.default = 'D'\nexports.named = 'N'`,
  },
  'CommonJS may export a function': {
    'main.mjs': `import make from './lib.cjs'\nimport * as all from './lib.cjs'\nconsole.log(make(), typeof all.default, Object.keys(all))`,
    'lib.cjs': `module.exports = function () { return 'made' }`,
  },
  'CommonJS runs in its turn among the modules': {
    'main.mjs': `import './one.mjs'\nimport './two.cjs'\nimport './three.mjs'`,
    'one.mjs': `console.log(1)`,
    'two.cjs': `console.log(2)`,
    'three.mjs': `console.log(3)`,
  },
  'names that two stars give are left out': {
    'main.mjs': `import * as all from './all.mjs'\nconsole.log(Object.keys(all), all.x)`,
    'all.mjs': `export * from './a.mjs'\nexport * from './b.mjs'`,
    'a.mjs': `export const x = 1, p = 1`,
    'b.mjs': `export const x = 2, q = 2`,
  },
  'a local name wins over a star, and stars leave the default out': {
    'main.mjs': `import * as all from './all.mjs'\nconsole.log(all.x, 'default' in all)`,
    'all.mjs': `export * from './a.mjs'\nexport const x = 'local'`,
    'a.mjs': `export const x = 1\nexport default 5`,
  },
  'a missing export is found before anything runs': {
    'main.mjs': `console.log('must not run')\nimport { nope } from './lib.mjs'\nconsole.log(nope)`,
    'lib.mjs': `console.log('must not run either')\nexport const yes = 1`,
  },
  'export { x as default } is live, export default x is not': {
    'main.mjs': `import live from './live.mjs'\nimport copy from './copy.mjs'\nconsole.log(live, copy)`,
    'live.mjs': `let x = 1\nexport { x as default }\nx = 2`,
    'copy.mjs': `let x = 1\nexport default x\nx = 2`,
  },
  'namespaces are sealed and sorted': {
    'main.mjs': `import * as all from './lib.mjs'\ntry { all.x = 5 } catch (error) { console.log(error.name) }\nconsole.log(String(all), Object.isSealed(all), Reflect.ownKeys(all).map(String), all)`,
    'lib.mjs': `export const x = 1\nexport const b = 2`,
  },
  'imports cannot be assigned': {
    'main.mjs': `import { x } from './lib.mjs'\ntry { x = 2 } catch (error) { console.log(error.name) }`,
    'lib.mjs': `export let x = 1`,
  },
  'imports run first wherever they stand': {
    'main.mjs': `console.log('main')\nimport './lib.mjs'`,
    'lib.mjs': `console.log('lib')`,
  },
  'modules are strict': {
    'main.mjs': `console.log(this === undefined, (function () { return this === undefined })())\ntry { undeclared = 1 } catch (error) { console.log(error.name) }`,
  },
  'JSON is imported with its attribute': {
    'main.mjs': `import data from './data.json' with { type: 'json' }\nimport * as all from './data.json' with { type: 'json' }\nconsole.log(data.a, Object.keys(all), (await import('./data.json', { with: { type: 'json' } })).default === data)`,
    'data.json': `{ "a": 7 }`,
  },
  'export * as names a namespace': {
    'main.mjs': `import { lib } from './all.mjs'\nconsole.log(lib.x)`,
    'all.mjs': `export * as lib from './lib.mjs'`,
    'lib.mjs': `export const x = 3`,
  },
  'names may be strings': {
    'main.mjs': `import { 'a-b' as ab } from './lib.mjs'\nconsole.log(ab)`,
    'lib.mjs': `const x = 'odd'\nexport { x as 'a-b' }`,
  },
  'destructured exports are live': {
    'main.mjs': `import { a, b, set } from './lib.mjs'\nset()\nconsole.log(a, b)`,
    'lib.mjs': `export let { a, b: [b] } = { a: 1, b: [2] }\nexport function set() { [a] = [9] }`,
  },
  'anonymous defaults are called default': {
    'main.mjs': `import arrow from './arrow.mjs'\nimport Class from './class.mjs'\nconsole.log(arrow.name, Class.name)`,
    'arrow.mjs': `export default () => {}`,
    'class.mjs': `export default class {}`,
  },
  'imported functions are called without this': {
    'main.mjs': `import { self } from './lib.mjs'\nconsole.log(self())`,
    'lib.mjs': `export function self() { return this === undefined }`,
  },
  'what looks like an import in texts and comments is none': {
    'main.mjs':
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder belongs to the case
      "// import './a.mjs'\nconst text = `import './b.mjs'; ${'import(\"./c.mjs\")'} import.meta`\nconst pattern = /import '.\\/d.mjs'/\nconsole.log(text, pattern.source)",
  },
  'packages are found by exports, imports and their own name': {
    'main.mjs': `import { which } from 'pkg'\nimport deep from 'pkg/deep/x'\nimport own from '#own'\nimport self from 'app/self'\nconsole.log(which, deep, own, self)`,
    'package.json': `{ "name": "app", "exports": { "./self": "./self.mjs" }, "imports": { "#own": "./own.mjs" } }`,
    'own.mjs': `export default 'own'`,
    'self.mjs': `export default 'self'`,
    'node_modules/pkg/package.json': `{ "name": "pkg", "exports": { ".": { "require": "./c.cjs", "import": "./m.mjs" }, "./deep/*": "./lib/*.cjs" } }`,
    'node_modules/pkg/m.mjs': `export const which = 'import'`,
    'node_modules/pkg/c.cjs': `exports.which = 'require'`,
    'node_modules/pkg/lib/x.cjs': `module.exports = 'deep'`,
  },
  'createRequire loads CommonJS and JSON': {
    'main.mjs': `import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\nconsole.log(require('./data.json').a, require('./lib.cjs').file, require.resolve('./lib.cjs'))`,
    'data.json': `{ "a": 1 }`,
    'lib.cjs': `exports.file = __filename; exports.loaded = module.loaded`,
  },
  'CommonJS cycles see what was exported so far': {
    'main.mjs': `import './a.cjs'`,
    'a.cjs': `exports.early = 1; const b = require('./b.cjs'); exports.late = 2; console.log(b.saw)`,
    'b.cjs': `const a = require('./a.cjs'); exports.saw = Object.keys(a)`,
  },
  'a module of a package without a type may still be CommonJS': {
    'main.mjs': `import lib from './lib.js'\nconsole.log(lib.x)`,
    'lib.js': `exports.x = typeof module`,
  },
}

/** What differs from Node, and why. */
const known: Record<string, string> = {}

test.describe('ES modules behave as in Node:', () => {
  const run = programRunner()
  for (const [claim, files] of Object.entries(cases)) {
    const reason = known[claim]
    test(claim, async () => {
      if (reason !== undefined) test.fail(true, reason)
      const oracle = runInNode(files, ['main.mjs'])
      const { stdout, exitCode, stderr } = await run({ files, argv: ['node', 'main.mjs'] })
      expect({ stdout, exitCode, error: errorName(stderr) }, stderr).toEqual({
        stdout: oracle.stdout,
        exitCode: oracle.exitCode,
        error: errorName(oracle.stderr),
      })
    })
  }
})

const errorName = (stderr: string) => /^(\w*Error)\b/m.exec(stderr)?.[1] ?? ''
