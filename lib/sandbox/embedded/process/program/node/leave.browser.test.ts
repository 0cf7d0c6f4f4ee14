import { expect, test } from 'playwright/test'
import { sandboxPage } from '../../../../testing/sandbox-page'

// Programs of one parent run one after the other in a Worker, where the one before has left no trace.
const page = sandboxPage()

/** Prints all that a program can see of the world it starts in, in a few lines. */
const probe = `
const lines = []
const seen = new Set([globalThis])
const nameOf = (value) => typeof value === 'function' ? 'function ' + value.name : typeof value === 'object' && value !== null ? 'object' : String(value)
function walk(path, object, depth) {
  const isObject = (typeof object === 'object' && object !== null) || typeof object === 'function'
  if (!isObject || seen.has(object) || depth > 3 || lines.length > 20000) return
  seen.add(object)
  const own = Reflect.ownKeys(object)
  lines.push(path + ': ' + own.map(String).join() + ' ' + Object.isExtensible(object))
  for (const key of own) {
    const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(object, key)
    lines.push(path + '.' + String(key) + ' ' + nameOf(value) + Boolean(get) + Boolean(set) + JSON.stringify(flags))
    for (const next of [value, get, set]) walk(path + '.' + String(key), next, depth + 1)
  }
  walk(path + '.__proto__', Object.getPrototypeOf(object), depth + 1)
}
for (const name of Object.getOwnPropertyNames(globalThis).sort()) {
  const { value, get, ...flags } = Object.getOwnPropertyDescriptor(globalThis, name)
  lines.push(name + ' ' + typeof value + Boolean(get) + JSON.stringify(flags))
  if (/^[A-Z]/.test(name) || name === 'console') walk(name, globalThis[name], 0)
}
for (const value of [function* () {}, async () => {}, async function* () {}, [].values(), new Map().keys(), new Set().keys(), ''[Symbol.iterator](), 'a'.matchAll(/a/g), new DOMException('x')])
  walk('syntax', Object.getPrototypeOf(value), 0)
const { EventEmitter } = require('events')
lines.push(Object.getOwnPropertySymbols(Object.prototype).length, process.eventNames().map(String).join(), process.exitCode, process.cwd(), process.title)
lines.push(process.env.LEFT, process.argv.length, Object.keys(require.cache).length, EventEmitter.defaultMaxListeners, process._getActiveHandles().length)
lines.push(new Date(0).toString(), Error.stackTraceLimit, typeof Error.prepareStackTrace, RegExp.$1, RegExp.lastMatch, process.uptime() < 60)
lines.push(require('async_hooks').executionAsyncId(), new (require('async_hooks').AsyncLocalStorage)().getStore(), module.paths.length)
lines.push(require('timers').setTimeout === setTimeout, require('fs').readFileSync.name, require('util').inspect({ a: new Map([[1, { b: 2 }]]) }))
lines.push([1, 2, 3].map(String).includes('2'), JSON.stringify({ a: 1 }), Object.keys({}).length, new Error('e').stack.split('\\n').length > 2)
if (process.argv[2] === 'all') console.log(lines.join('\\n'))
else console.log(require('crypto').createHash('sha256').update(lines.join('\\n')).digest('hex'))
`

/** What programs do to their world, and end. */
const programs: Record<string, string> = {
  nothing: ``,
  'globals of its own': `globalThis.left = 1; var also = 2; globalThis[Symbol('s')] = 3; Object.defineProperty(globalThis, 'hidden', { value: 4, configurable: true })`,
  'globals replaced and removed': `globalThis.setTimeout = () => 0; globalThis.URL = class URL {}; delete globalThis.Map; globalThis.console = null; globalThis.process = {}; globalThis.Promise = class extends Promise {}`,
  'methods of the language replaced': `Array.prototype.map = () => []; Array.prototype[Symbol.iterator] = null; Object.keys = () => ['x']; JSON.stringify = () => 'no'; Function.prototype.call = null; Promise.prototype.then = null; Map.prototype.get = null; RegExp.prototype.exec = null; Reflect.ownKeys = null; Object.getOwnPropertyDescriptor = null; Array.prototype.every = () => true; Set.prototype[Symbol.iterator] = null; Set.prototype.has = null`,
  'properties added to prototypes': `Object.prototype.polluted = 1; Object.defineProperty(Object.prototype, 'get', { value: 1, configurable: true, writable: true }); String.prototype.shout = 1; (function* () {}).constructor.prototype.x = 1; [].values().__proto__.y = 1; DOMException.prototype.z = 1; (async () => {}).constructor.prototype.w = 1`,
  'properties of the language removed': `delete Array.prototype.includes; delete Object.prototype.toString; delete Math.max; delete Symbol.prototype.description; delete Intl.Collator`,
  'prototypes replaced': `Object.setPrototypeOf(Array.prototype, { x: 1 }); Object.setPrototypeOf(Map, null); Object.setPrototypeOf(globalThis, Object.create(Object.getPrototypeOf(globalThis)))`,
  'flags of properties changed': `Object.defineProperty(Math, 'PI', { }); Object.defineProperty(Array.prototype, 'push', { enumerable: true }); Object.defineProperty(globalThis, 'JSON', { get: () => null, configurable: true })`,
  'frozen objects': `Object.freeze(Array.prototype); Object.seal(Math); Object.preventExtensions(globalThis)`,
  'properties that stay for good': `Object.defineProperty(globalThis, 'forever', { value: 1 }); Object.defineProperty(Array.prototype, 'forever', { value: 1 })`,
  'stacks of its own': `Error.stackTraceLimit = 1; Error.prepareStackTrace = () => 'mine'; 'abc'.match(/(b)/)`,
  'listeners and an exit code': `process.on('SIGINT', () => {}); process.on('uncaughtException', () => {}); process.on('beforeExit', () => {}); process.exitCode = 0; process.env.LEFT = 'here'; process.title = 'left'; process.chdir('..'); require('events').defaultMaxListeners = 3`,
  'a listener for its end that goes on': `process.on('exit', () => { Promise.resolve().then(() => { globalThis.late = 1; Promise.resolve().then(() => { Array.prototype.late = 1 }) }); setTimeout(() => { Array.prototype.late = 1 }, 1); setImmediate(() => { globalThis.late = 1 }) })`,
  'timers that nobody waits for': `setInterval(() => { globalThis.ticked = 1; Array.prototype.ticked = 1 }, 1).unref(); setTimeout(() => {}, 1e6).unref(); setImmediate(() => { globalThis.ticked = 1 }).unref()`,
  'watchers that nobody waits for': `const fs = require('fs'); fs.watch('.', () => { globalThis.watched = 1 }).unref(); fs.watchFile('seen', () => { globalThis.watched = 1 }).unref(); fs.writeFileSync('seen', String(Math.random()))`,
  'ports that nobody waits for': `const { MessageChannel, BroadcastChannel } = require('worker_threads'); const { port1, port2 } = new MessageChannel(); port1.on('message', () => { globalThis.told = 1 }); port1.unref(); const channel = new BroadcastChannel('c'); channel.onmessage = () => { globalThis.told = 1 }; channel.unref(); new BroadcastChannel('c').unref(); port2.postMessage(1)`,
  'servers and threads that nobody waits for': `require('net').createServer().listen(0).unref(); new (require('worker_threads').Worker)('setInterval(() => {}, 10)', { eval: true }).unref()`,
  'promises that nobody waits for': `(async () => { await new Promise((go) => { globalThis.go = go }); Array.prototype.late = 1 })(); new Promise(() => {}).then(() => { globalThis.late = 1 })`,
  'what the event loop does not know': `Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30).value.then(() => { globalThis.late = 1; Array.prototype.late = 1 })`,
  'async hooks': `const { AsyncLocalStorage, createHook } = require('async_hooks'); new AsyncLocalStorage().enterWith('held'); createHook({ init() {} }).enable(); Promise.resolve().then(() => {})`,
  'another time zone': `process.env.TZ = 'Asia/Tokyo'; new Date().getHours()`,
  'changed modules of Node': `require('fs').readFileSync = () => ''; require('util').inspect = () => ''; require('module')._extensions['.js'] = null; require('module').prototype.require = null; Buffer.prototype.toString = null; process.stdout.write = () => true; require('timers').setTimeout = null; require('crypto').createHash = null`,
  'modules of its own': `import('./left.mjs').then(() => require('./left.cjs'))`,
  'code in contexts': `const vm = require('vm'); vm.runInThisContext('var left = 1; function f() {}'); vm.runInNewContext('x = 1', {}); new vm.Script('import("fs")', { importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }).runInThisContext()`,
  'its own process broken': `process._events = null; process.listenerCount = null; process.emit = () => true; process.on = null`,
  'an error': `Array.prototype.left = 1; throw new Error('ends it')`,
  'an exit': `Array.prototype.left = 1; process.exit(3)`,
}

const parent = `
const { spawnSync } = require('child_process')
const { writeFileSync, readFileSync } = require('fs')
const programs = JSON.parse(readFileSync('programs.json', 'utf8'))
const run = (...argv) => spawnSync('node', argv, { encoding: 'utf8', timeout: 30000 })
const fresh = run('probe.js', 'all').stdout
const found = {}
for (const [name, code] of Object.entries(programs)) {
  writeFileSync('program.js', code)
  run('program.js')
  const { stdout, stderr } = run('probe.js', 'all')
  const [before, after] = [fresh, stdout].map((text) => text.split('\\n'))
  const added = after.filter((line) => !before.includes(line)).slice(0, 5)
  const gone = before.filter((line) => !after.includes(line)).slice(0, 5)
  found[name] = stderr || (stdout === fresh ? 'nothing' : JSON.stringify({ added, gone }))
}
console.log(JSON.stringify({ size: fresh.length, found }))
`

const files = {
  'probe.js': probe,
  'programs.json': JSON.stringify(programs),
  'parent.js': parent,
  'left.mjs': `export const left = 1; globalThis.leftByModule = 1`,
  'left.cjs': `module.exports = 1`,
}

test('nothing that a program does to its world is there for the next one', async () => {
  test.setTimeout(180_000)
  const { stdout, stderr } = await runInSandbox(files, 'node parent.js')
  expect(stderr).toBe('')
  const { size, found } = JSON.parse(stdout)
  expect(size).toBeGreaterThan(50_000)
  expect(found).toEqual(Object.fromEntries(Object.keys(programs).map((name) => [name, 'nothing'])))
})

test('children and threads of a program take the Workers of those before, for themselves alone', async () => {
  // Each Worker numbers the loaders of its programs: the first finds no other before its own.
  const count = `console.log(Object.keys(globalThis.__module_registries).length)`
  const threads = `
const { Worker } = require('worker_threads')
const { spawnSync } = require('child_process')
const child = () => Number(spawnSync('node', ['count.mjs'], { encoding: 'utf8' }).stdout)
const thread = () => new Promise((done) => new Worker('./thread.mjs').on('message', done))
;(async () => {
  const children = [child(), child(), child()]
  const threads = [await thread(), await thread(), await thread()]
  const refused = spawnSync('node', ['-e', 'Object.freeze(Array.prototype)']).status
  console.log(JSON.stringify({ children, threads, refused, after: child() }))
})()
`
  const project = {
    'count.mjs': count,
    'thread.mjs': `import { parentPort } from 'worker_threads'; parentPort.postMessage(Object.keys(globalThis.__module_registries).length)`,
    'main.js': threads,
  }
  const first = JSON.parse((await runInSandbox(project, 'node main.js')).stdout)
  expect(first).toMatchObject({ refused: 0 })
  expect(first.children[2]).toBeGreaterThan(first.children[0])
  // A shell is no program of the project: what it starts is always the first in its Worker.
  const { stdout } = await runInSandbox(project, 'node count.mjs; node count.mjs; node count.mjs')
  expect(new Set(stdout.trim().split('\n')).size).toBe(1)
})

async function runInSandbox(project: Record<string, string>, command: string) {
  return page().evaluate(
    async ([project, command]) => {
      const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(project)) })
      const outcome = await window.runCommand(sandbox, command)
      await sandbox.dispose()
      return outcome
    },
    [project, command] as const,
  )
}
