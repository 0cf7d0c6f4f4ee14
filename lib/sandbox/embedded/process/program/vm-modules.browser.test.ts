import { expect, test } from 'playwright/test'
import { programRunner } from './harness/harness'
import { runInNode } from './harness/node-oracle'

const run = programRunner()

/** `modules` by specifier, linked and evaluated; then the rest. */
const head = `import vm from 'node:vm'; import util from 'node:util'
const { SourceTextModule, SyntheticModule } = vm
const log = (...values) => console.log(...values)
function load(texts, options = {}) {
  const known = new Map()
  const get = (name) => {
    if (!known.has(name)) known.set(name, new SourceTextModule(texts[name], { identifier: name, ...options }))
    return known.get(name)
  }
  return { get, link: (specifier) => get(specifier) }
}
async function open(texts, options) {
  const { get, link } = load(texts, options)
  const root = get('main')
  await root.link(link)
  await root.evaluate()
  return root
}
const failure = async (task) => { try { log('passed', await task()) } catch (error) { log(error.name, error.code, error.message) } }
`

/** Node is the judge of each. */
const programs: Record<string, string> = {
  'live bindings, and names that do not exist yet': `const { get, link } = load({ main: 'import { n, up } from "b"; export { n, up }; export const early = () => late; let late = n', b: 'export let n = 0; export function up() { n++ }' }); const m = get('main'); await m.link(link); log(m.status, util.inspect(get('b').namespace)); await failure(() => m.namespace.early()); await m.evaluate(); m.namespace.up(); log(m.status, m.namespace.n, m.namespace.early(), Object.keys(m.namespace))`,
  'cycles, and functions that exist before they run': `const m = await open({ main: 'import { odd } from "b"; export function even(n) { return n === 0 || odd(n - 1) } export const answer = even(10)', b: 'import { even } from "main"; export function odd(n) { return n !== 0 && even(n - 1) }' }); log(m.namespace.answer, util.types.isModuleNamespaceObject(m.namespace), String(m.namespace))`,
  'everything that is passed on': `const m = await open({ main: 'export * from "a"; export * from "b"; export * as whole from "a"; export { default as first, x as y } from "a"; import d, { x as z } from "b"; export default d + z', a: 'export const x = 1, own = 2; export default class A {}', b: 'export const x = 5; export default 3' }); log(Object.keys(m.namespace), m.namespace.default, m.namespace.first.name, m.namespace.y, m.namespace.whole.own)`,
  'top-level await in the order of imports': `const said = []; globalThis.say = (word) => said.push(word); const m = await open({ main: 'import "a"; import "b"; say("main")', a: 'say("a1"); await null; say("a2")', b: 'say("b")' }); log(said.join())`,
  'a module without await runs at once': `const m = new SourceTextModule('globalThis.ran = true; async function f() { await 1 } export { f }'); await m.link(() => {}); const done = m.evaluate(); log(globalThis.ran, m.status, done instanceof Promise, await done)`,
  'modules made by hand': `const s = new SyntheticModule(['default', 'x'], function () { this.setExport('x', 1); this.setExport('default', 'd') }); const m = new SourceTextModule('import d, { x } from "s"; export const read = () => [d, x]'); await m.link(() => s); await m.evaluate(); log(m.namespace.read()); s.setExport('x', 2); log(m.namespace.read(), s.status, s.namespace); await failure(() => s.setExport('y', 1))`,
  'import.meta and import()': `const other = await open({ main: 'export const a = 1' }); const m = await open({ main: 'export const url = import.meta.url; export const later = import("x", { with: { type: "t" } })' }, { initializeImportMeta: (meta, module) => { meta.url = module.identifier + '!' }, importModuleDynamically: (specifier, module, attributes) => { log(specifier, module.identifier, attributes); return other } }); log(m.namespace.url, (await m.namespace.later) === other.namespace); const none = await open({ main: 'export const later = import("x").catch((error) => error.code)' }); log(await none.namespace.later)`,
  'requests and their attributes': `const m = new SourceTextModule('import a from "a" with { type: "json" }; export * from "b"; import "a"'); log(m.dependencySpecifiers, util.inspect(m), m.identifier)`,
  'names of a context': `const box = vm.createContext({ n: 20, out: null }); const m = await open({ main: 'import { two } from "b"; out = n * two; export const kinds = [typeof process, typeof n, this]', b: 'export const two = 2' }, { context: box }); log(box.out, m.namespace.kinds)`,
  'names that nobody exports': `const { get, link } = load({ main: 'import { nope } from "b"', b: 'export const yes = 1' }); await failure(() => get('main').link(link))`,
  'an error while it runs': `const { get, link } = load({ main: 'import "b"', b: 'throw new RangeError("no")' }); const m = get('main'); await m.link(link); await failure(() => m.evaluate()); log(m.status, m.error.message, get('b').status); await failure(() => m.evaluate())`,
  'errors of syntax and of use': `await failure(() => new SourceTextModule('let = 1;')); await failure(() => new SourceTextModule('').evaluate()); await failure(() => new SourceTextModule('').namespace); await failure(() => new SourceTextModule('import "x"').link(() => ({})))`,
  'a time limit': `const m = new SourceTextModule('export let n = 0; for (;;) n++'); await m.link(() => {}); await failure(() => m.evaluate({ timeout: 50 })); log(m.status, m.namespace.n > 0)`,
  'import() in scripts': `const m = await open({ main: 'export const a = 1' }); const s = new vm.Script('const text = "import(x)"; import("foo").then((ns) => [ns.a, text])', { importModuleDynamically: (specifier, script) => { log(specifier, script === s); return m } }); log(await s.runInThisContext(), await s.runInNewContext()); await failure(() => new vm.Script('import("fs")').runInThisContext()); await failure(() => vm.compileFunction('return import("fs")')())`,
}

test.describe('modules of node:vm are Node’s:', () => {
  for (const [claim, program] of Object.entries(programs)) {
    test(claim, async () => {
      const files = { 'main.mjs': head + program }
      const args = ['--experimental-vm-modules', 'main.mjs']
      const oracle = runInNode(files, args)
      const { stdout, exitCode, stderr } = await run({ files, argv: ['node', '--no-warnings', ...args] })
      expect({ stdout, exitCode }, stderr).toEqual({ stdout: oracle.stdout, exitCode: oracle.exitCode })
    })
  }

  test('there only with the flag', async () => {
    const files = { 'main.mjs': `import vm from 'node:vm'; console.log(typeof vm.SourceTextModule, typeof vm.Module)` }
    expect(await run({ files, argv: ['node', 'main.mjs'] })).toMatchObject({ stdout: 'undefined undefined\n' })
  })
})
