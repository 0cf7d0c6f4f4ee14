import { expect, test } from 'playwright/test'
import { programRunner } from './harness/harness'
import { runInNode } from './harness/node-oracle'

const run = programRunner()

const node = (files: Record<string, string>, ...args: string[]) => run({ files, argv: ['node', ...args] })

test.describe('output and exit codes are Node’s:', () => {
  const scripts: Record<string, string> = {
    'a script that ends': `console.log('done')`,
    'the order of promises and timers': `setTimeout(() => console.log('timeout')); setTimeout(() => console.log('second')); Promise.resolve().then(() => console.log('promise')); console.log('sync')`,
    'intervals that are cleared': `let n = 0; const timer = setInterval(() => { console.log(++n); if (n === 3) clearInterval(timer) }, 1)`,
    'timers that do not keep the process': `setTimeout(() => console.log('never'), 50).unref(); setInterval(() => {}, 10).unref()`,
    'process.exit': `process.on('exit', (code) => console.log('exit', code)); process.exit(3)`,
    'process.exitCode': `process.exitCode = 4; process.on('exit', (code) => console.log('exit', code))`,
    'beforeExit that starts more work': `let n = 0; process.on('beforeExit', () => { if (n++ < 2) setTimeout(() => console.log('more', n), 1) })`,
    'an uncaught error': `console.log('before'); throw new TypeError('boom')`,
    'an error in a timer': `setTimeout(() => { throw new RangeError('later') }, 1); setTimeout(() => console.log('never'), 30)`,
    'an unhandled rejection': `Promise.reject(new SyntaxError('refused')); setTimeout(() => console.log('never'), 30)`,
    'a listener for uncaught errors': `process.on('uncaughtException', (error) => console.log('caught', error.message)); setTimeout(() => { throw new Error('x') }); setTimeout(() => console.log('goes on'), 10)`,
    'a listener for rejections': `process.on('unhandledRejection', (reason, promise) => console.log('caught', reason, promise)); Promise.reject('why')`,
    'a rejection that is handled in time': `const late = Promise.reject(new Error('x')); late.catch(() => console.log('handled'))`,
    'files written, read, listed and removed': `const fs = require('fs'); fs.mkdirSync('a/b', { recursive: true }); fs.writeFileSync('a/b/c.txt', 'hé'); fs.appendFileSync('a/b/c.txt', '!'); console.log(fs.readFileSync('a/b/c.txt', 'utf8'), fs.readFileSync('a/b/c.txt').length, fs.readdirSync('a'), fs.statSync('a/b').isDirectory(), fs.existsSync('a/x')); fs.rmSync('a', { recursive: true }); console.log(fs.existsSync('a'))`,
    'file errors': `const fs = require('fs'); try { fs.readFileSync('nope.txt') } catch (error) { console.log(error.code, error.syscall, error.errno) }; fs.readFile('nope', (error) => console.log(error.code)); fs.promises.readFile('nope').catch((error) => console.log(error.code))`,
    'asynchronous files keep the process': `const fs = require('fs/promises'); (async () => { await fs.writeFile('x.txt', 'x'); console.log(await fs.readFile('x.txt', 'utf8')) })()`,
    paths: `const path = require('path'); console.log(path.join('a', '..', '/b/'), path.resolve('/x', '../y'), path.relative('/a/b', '/a/c/d'), path.parse('/x/y.tar.gz'), path.extname('.rc'), path.normalize('./a//b/../c/'), path.format({ dir: '/x', name: 'y', ext: '.z' }))`,
    events: `const { EventEmitter, once } = require('events'); const e = new EventEmitter(); e.once('a', (x) => console.log('once', x)); e.on('a', function (x) { console.log('on', x, this === e) }); console.log(e.emit('a', 1), e.emit('a', 2), e.emit('b'), e.listenerCount('a')); once(e, 'c').then(([v]) => console.log(v)); e.emit('c', 9); try { e.emit('error', new Error('bad')) } catch (error) { console.log(error.message) }`,
    'deep equality and its errors': `const assert = require('assert'); assert.deepStrictEqual({ a: [1, { b: new Set([1]) }] }, { a: [1, { b: new Set([1]) }] }); for (const f of [() => assert.strictEqual(1, 2), () => assert.throws(() => {}), () => assert.equal('a', 'b'), () => assert.match('x', /y/)]) { try { f(); console.log('passed') } catch (error) { console.log(error.code, error.message.split('\\n')[0]) } }`,
    buffers: `console.log(Buffer.from('hé').toString('hex'), Buffer.from('aGk=', 'base64').toString(), Buffer.concat([Buffer.from('a'), Buffer.alloc(2, 'b')]), Buffer.byteLength('é'), Buffer.from([1, 2]).equals(Buffer.from([1, 2])), JSON.stringify(Buffer.from('x')), Buffer.from('abc').slice(1).toString())`,
    'console groups, tables, counts and assertions': `console.group('G'); console.log('in'); console.group(); console.log('deeper\\nline'); console.groupEnd(); console.groupEnd(); console.log('out'); console.table([{ a: 1, b: 'x' }, { a: 2 }]); console.table([1, 'two']); console.count(); console.count(); console.count('c'); console.assert(true, 'no'); console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })`,
    'a module by its top-level await': `setTimeout(() => console.log('timer')); const two = await Promise.resolve(2); console.log(two, typeof require, this)`,
    'module data of CommonJS': `console.log(require.main === module, __filename.endsWith('main.js'), typeof __dirname, module.children.length, typeof require.resolve, Object.keys(require.cache).length)`,
    'each callback’s promises before the next callback': `for (const n of [1, 2]) { setTimeout(() => { console.log('timer', n); Promise.resolve().then(() => console.log('then', n)); process.nextTick(() => console.log('tick', n)) }); setImmediate(() => { console.log('immediate', n); Promise.resolve().then(() => console.log('then of immediate', n)) }) }; process.nextTick(() => console.log('tick')); Promise.resolve().then(() => { console.log('then'); process.nextTick(() => console.log('tick of then')) }).then(() => console.log('then of then'))`,
    'an error thrown before the ticks': `process.nextTick(() => console.log('never')); throw new Error('first')`,
    'immediates before timers in a file callback': `require('fs').stat('.', () => { setTimeout(() => console.log('timeout')); setImmediate(() => console.log('immediate')) })`,
    'symbolic and hard links': `const fs = require('fs'); fs.writeFileSync('a', 'x'); fs.symlinkSync('a', 'l'); fs.linkSync('a', 'h'); fs.appendFileSync('l', 'y'); console.log(fs.readFileSync('h', 'utf8'), fs.readlinkSync('l'), fs.lstatSync('l').isSymbolicLink(), fs.statSync('l').isFile(), fs.statSync('a').nlink, fs.realpathSync('l').endsWith('/a')); fs.unlinkSync('l'); fs.symlinkSync('.', 'loop'); try { fs.symlinkSync('s', 's'); fs.readFileSync('s') } catch (error) { console.log(error.code) }`,
    'descriptors, positions and appends': `const fs = require('fs'); const fd = fs.openSync('f', 'w+'); fs.writeSync(fd, 'hello', 'utf8'); fs.writeSync(fd, 'J', 0); const b = Buffer.alloc(3); console.log(fs.readSync(fd, b, 0, 3, 0), String(b), fs.fstatSync(fd).size); fs.ftruncateSync(fd, 2); fs.closeSync(fd); fs.writeFileSync('f', '!', { flag: 'a' }); console.log(fs.readFileSync('f', 'utf8')); for (const call of [() => fs.readSync(fd, b), () => fs.openSync('f', 'wx'), () => fs.openSync('.', 'w'), () => fs.rmdirSync('f'), () => fs.readSync('x', b)]) { try { call() } catch (error) { console.log(error.code, error.syscall) } }`,
    'modes and times': `const fs = require('fs'); fs.writeFileSync('f', '', { mode: 0o600 }); fs.utimesSync('f', 1, 2.5); console.log((fs.statSync('f').mode & 0o777).toString(8), fs.statSync('f').mtimeMs, fs.statSync('f', { bigint: true }).mtimeNs); fs.chmodSync('f', 0o755); console.log(fs.statSync('f').mode.toString(8)); fs.accessSync('f', fs.constants.X_OK)`,
    'file streams and pipelines': `const fs = require('fs'); const { pipeline, Transform } = require('stream'); fs.writeFileSync('in', 'ab'.repeat(70000)); pipeline(fs.createReadStream('in'), new Transform({ transform(chunk, _, done) { done(null, String(chunk).toUpperCase()) } }), fs.createWriteStream('out'), (error) => console.log(error, fs.statSync('out').size, fs.readFileSync('out', 'utf8').slice(0, 4)))`,
    'files that are not executable': `const fs = require('fs'), { spawnSync } = require('child_process'); fs.mkdirSync('bin'); for (const path of ['n.sh', 'bin/u']) fs.writeFileSync(path, '#!/bin/sh\\n'); const { error } = spawnSync('./n.sh'); console.log(error.code, error.errno, error.syscall, error.path); try { fs.accessSync('n.sh', fs.constants.X_OK) } catch (e) { console.log(e.code) } const env = { ...process.env, PATH: process.cwd() + '/bin:' + process.env.PATH }; console.log(spawnSync('u', [], { env }).error.code, spawnSync(process.cwd()).error.code)`,
    'file handles, directories and copies': `const fs = require('fs/promises'); (async () => { await fs.mkdir('d/e', { recursive: true }); const h = await fs.open('d/f', 'w+'); await h.write('line 1\\nline 2\\n'); const seen = []; for await (const line of h.readLines({ start: 0 })) seen.push(line); console.log(seen); await fs.cp('d', 'c', { recursive: true }); for await (const entry of await fs.opendir('c')) seen.push(entry.name + entry.isDirectory()); console.log(seen.slice(2).sort(), await fs.readdir('c', { recursive: true })); await fs.rm('c', { recursive: true }); console.log(await fs.access('c').catch((error) => error.code)) })()`,
    'watched files': `const fs = require('fs'); fs.mkdirSync('w'); const seen = []; const watcher = fs.watch('w', (type, name) => { seen.push(type + ' ' + name); if (seen.length === 1) { watcher.close(); console.log(seen) } }); setTimeout(() => fs.writeFileSync('w/a', ''), 20)`,
    'formatted and inspected values': `const util = require('util'); class A { #p = 1; constructor() { this.x = new Map([[{ a: 1 }, new Set([1])]]) } get y() { return 1 } }; console.log(util.inspect(new A(), { getters: true }), util.format('%s %d %i %j %o %%', 'a', 1.5, '2', { b: 1 }, [1]), new Error('e').message, [undefined, null, , 3], Symbol('s'), new Proxy({ a: 1 }, {}), Object.create(null), new (class extends Map {})(), [new Date(0)], /x/g, util.styleText('red', 'r'), new Uint8Array(3), function f() {}, class B extends A {}); const c = { self: null }; c.self = c; console.log(c)`,
    'parsed arguments': `const { parseArgs, stripVTControlCharacters, isDeepStrictEqual, types, inherits, deprecate, promisify } = require('util'); console.log(parseArgs({ args: ['-f', '--bar', 'b', 'p'], options: { f: { type: 'boolean', short: 'f' }, bar: { type: 'string' } }, allowPositionals: true }), isDeepStrictEqual({ a: [1] }, { a: [1] }), types.isPromise(Promise.resolve()), types.isProxy(new Proxy({}, {})), promisify(setTimeout) === require('timers/promises').setTimeout)`,
    'lines of a stream': `const readline = require('readline'); const { Readable } = require('stream'); (async () => { for await (const line of readline.createInterface({ input: Readable.from(['a\\nb', 'c\\n', 'd']) })) console.log(line) })()`,
    'web streams and consumers': `(async () => { const { text } = require('stream/consumers'); const { Readable } = require('stream'); const web = new ReadableStream({ start(c) { c.enqueue('x'); c.enqueue('y'); c.close() } }); console.log(await text(web.pipeThrough(new TransformStream({ transform(v, c) { c.enqueue(v + '!') } }))), await text(Readable.fromWeb(new Blob(['blob']).stream()))); })()`,
    'what AsyncLocalStorage holds, through promises, timers and awaits': `const { AsyncLocalStorage } = require('async_hooks'); const als = new AsyncLocalStorage(); async function deep() { await null; await new Promise((done) => setTimeout(done, 2)); return als.getStore() } for (const id of [1, 2]) als.run(id, () => { deep().then((v) => console.log(id, v, als.getStore())); setTimeout(() => console.log('timer', als.getStore()), 100 * id); process.nextTick(() => console.log('tick', als.getStore())); require('fs').stat('.', () => setTimeout(() => console.log('file', als.getStore()), 250 * id)) }); console.log(als.getStore())`,
    'what AsyncLocalStorage holds, over operands in parentheses': `const { AsyncLocalStorage } = require('async_hooks'); const als = new AsyncLocalStorage(); const box = {}; async function f() { await (box.a = Promise.resolve(1)); const v = await (0, box).a; for await (const x of (async function* () { yield (1, 2); yield* ([3]) })()) console.log(x, als.getStore()); return (await (box.b = v)) + 1 } als.run('held', async () => console.log(await (f()), als.getStore()))`,
    'the kinds of functions, under AsyncLocalStorage': `const { AsyncLocalStorage } = require('async_hooks'); const als = new AsyncLocalStorage(); const AsyncIterator = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype); const plain = async () => als.getStore(); const nested = async () => () => plain(); console.log(typeof AsyncIterator.next, (async () => {}).constructor.name); als.run('held', async () => { await null; console.log(await plain(), await (await nested())(), als.getStore()); for await (const x of (async function* () {})()) console.log(x) })`,
    'aborted work': `const { setTimeout: wait } = require('timers/promises'); const { once, EventEmitter } = require('events'); const c = new AbortController(); wait(1000, null, { signal: c.signal }).catch((error) => console.log(error.name, error.code)); once(new EventEmitter(), 'x', { signal: AbortSignal.timeout(5) }).catch((error) => console.log(error.name, error.cause.name)); c.signal.addEventListener('abort', (event) => console.log(event.type)); setTimeout(() => c.abort(), 1); setTimeout(() => {}, 100)`,
    'what ports carry, refuse and still hand out when they close': `const { MessageChannel, receiveMessageOnPort, markAsUntransferable } = require('worker_threads'); const { port1, port2 } = new MessageChannel(); port1.postMessage(new Map([['a', { b: new Set([1]) }]])); console.log(receiveMessageOnPort(port2)); const marked = new ArrayBuffer(1); markAsUntransferable(marked); for (const [value, list] of [[port1, [port1]], [() => 1, []], [1, [port2, port2]], [{ p: new MessageChannel().port1 }, []], [1, [marked]], [1, 5]]) { try { port1.postMessage(value, list) } catch (error) { console.log(error.name, error.message) } } const blob = structuredClone(new Blob(['ab'])); console.log(blob instanceof Blob, blob.size); port2.on('message', (m) => console.log('m', m)).on('close', () => console.log('closed', port2.hasRef())); port1.postMessage(1); port1.postMessage(2); port1.close(); console.log(receiveMessageOnPort(port2))`,
    'code in contexts': `const vm = require('vm'); const box = vm.createContext({ x: 2, console }); vm.runInContext('var y = x * 21; function f() { return y }; z = typeof process; console.log(f())', box); console.log(box.y, box.z, box.f.name, vm.isContext(box), vm.runInNewContext('a + 1', { a: 1 }), vm.runInThisContext('1 + 1'), new vm.Script('n * 2').runInNewContext({ n: 4 })); try { new vm.Script('var =') } catch (error) { console.log(error.name) }; try { vm.runInNewContext('nope') } catch (error) { console.log(error.message) }; console.log(box.f2, vm.runInContext('var made = (function () {\\n  function f2() { return 1 }\\n  return f2 })(); function f2() { return 2 } class late {}; (function () {\\nfunction late() {} })(); made() + f2()', box), box.f2(), box.late, Object.keys(Proxy)); console.log(vm.runInContext('function g() { return this.nope }; [this.nope, globalThis.nope, "nope" in globalThis, g(), typeof nope].join()', box))`,
    'code in vm that takes too long': `const vm = require('vm'); const run = (code, box, timeout = 30) => { try { return box ? vm.runInNewContext(code, box, { timeout }) : vm.runInThisContext(code, { timeout }) } catch (error) { return error.code + error.message } }; console.log(run('for (;;);'), run('do ; while (1)'), run('(function f() { "use strict"; for (;;) try { for (;;); } catch {} })()'), run('while (true) try { for (;;) x++ } catch {}', { x: 1 }), run('let s = 0; for (const a of [1, 2]) for (const b of [a]) s += b; s', null, 9999), run('[1].map((a) => (b) => ({ a, b }))[0](x)', { x: 2 }, 9999)); const left = vm.runInThisContext('() => { let n = 0; for (let i = 0; i < 1e5; i++) n++; return n }', { timeout: 5 }); setTimeout(() => console.log(left()), 20)`,
    'memory that can grow': `const bytes = new Uint8Array(new ArrayBuffer(2, { maxByteLength: 8 })).fill(65); const { StringDecoder } = require('string_decoder'); console.log(new TextDecoder().decode(bytes), new TextDecoder('utf-16le').decode(bytes), Buffer.from(bytes.buffer).toString(), new StringDecoder().write(bytes), new TextEncoder().encodeInto('BCD', bytes), bytes)`,
    'memory and machine facts': `const { rss, heapTotal, heapUsed, external } = process.memoryUsage(); const os = require('os'); const v8 = require('v8'); console.log(rss >= heapTotal, heapTotal >= heapUsed, heapUsed > 0, external > 0, process.memoryUsage.rss() > 0, os.totalmem() > os.freemem(), os.freemem() > 0, v8.getHeapStatistics().used_heap_size > 0, v8.getHeapSpaceStatistics().length > 5); process.env.TMPDIR = '/t/'; console.log(os.tmpdir()); os.setPriority(3); console.log(os.getPriority())`,
    'diagnostic reports': `const report = process.report.getReport(); console.log(report.header.event, report.header.nodejsVersion, typeof report.header.glibcVersionRuntime, report.javascriptStack.message, report.header.cwd === process.cwd(), Object.keys(report).length); process.report.compact = true; const written = require('fs').readFileSync(process.report.writeReport('r.json', new RangeError('why')), 'utf8'); console.log(JSON.parse(written).javascriptStack.message, written.indexOf('\\n') === written.length - 1)`,
    'warnings and process facts': `process.on('warning', (w) => console.log(w.name, w.message, w.code)); process.emitWarning('careful', 'DeprecationWarning', 'DEP9'); console.log(process.argv.length, typeof process.hrtime.bigint(), process.platform, process.version, process.env.NOPE, process.stdout.writable, typeof process.uptime()); process.env.N = 5; console.log(process.env.N, 'N' in process.env, delete process.env.N, process.env.N)`,
    'channels of diagnostics and measured time': `const dc = require('diagnostics_channel'); dc.subscribe('c', (m, name) => console.log(m, name)); dc.channel('c').publish({ a: 1 }); const { performance, PerformanceObserver } = require('perf_hooks'); new PerformanceObserver((list, o) => { console.log(list.getEntries().map((e) => e.name + e.entryType)); o.disconnect() }).observe({ entryTypes: ['mark', 'measure'] }); performance.mark('a'); performance.measure('m', 'a'); console.log(typeof performance.now(), performance.toJSON().nodeTiming.name)`,
    'serialized values and query strings': `const v8 = require('v8'); console.log(v8.deserialize(v8.serialize({ a: new Map([[1, [2n]]]), d: new Date(0) })), require('querystring').parse('a=1&a=2&b=%20'), new URL('https://u:p@h:8/p?q=1#f'), new URLSearchParams({ a: 'b c' }).toString(), require('url').parse('http://a.b/c?d=e').query, new TextDecoder('utf-16le').decode(new Uint8Array([97, 0])), structuredClone({ a: [1] }))`,
    'URLs that Chromium reads in its own way': `for (const text of ['https://a b', 'file://a b/c', 'ws://a%20b', 'http://xn--', 'http://a.xn--.c', 'http://*', 'http://a!$&()*+,;=c/|', 'http://u|:p^@h/{}|^<>?|^#|^', 'non:/|^', 'non:a|b']) console.log(text, URL.canParse(text) && new URL(text).href); const url = new URL('r|s?q|^#h|^', 'http://b/c|d/e'); for (const [part, value] of [['search', '?1'], ['pathname', '/p|q%7Cr'], ['hostname', 'b c'], ['hostname', 'd*e'], ['port', '81'], ['href', 'http://z/^']]) { url[part] = value; console.log(url.href, url.host, url.pathname) } console.log(JSON.stringify([require('url').domainToASCII('a b'), require('url').domainToUnicode('xn--ls8h.la')]))`,
    'stacks, with the frames of Node’s library': `const show = (error) => console.log(error.stack.split('\\n').filter((line) => !/internal\\/(modules|main)/.test(line)).map((line) => line.replace(/\\/.*main/, 'main')).join('\\n')); const e = new (require('events'))(); e.on('x', function named() { show(new Error('event')) }); e.emit('x'); new (require('stream').Transform)({ transform(chunk, _, done) { [1].forEach(() => show(new Error('stream'))); done() } }).write('a'); try { require('fs').readFileSync('nope') } catch (error) { show(error) } try { e.on(1, 2) } catch (error) { show(error) } process.nextTick(() => show(new Error('tick'))); setImmediate(() => { show(new Error('immediate')); require('fs').stat('.', () => process.nextTick(() => show(new Error('later tick')))) })`,
    'stacks by source maps': `process.setSourceMapsEnabled(true); const map = JSON.stringify({ version: 3, sources: ['lib.ts'], names: [], mappings: 'AAKA' }); require('fs').writeFileSync('lib.js', 'exports.fail = () => { throw new Error(1) }\\n//# sourceMappingURL=data:application/json;base64,' + Buffer.from(map).toString('base64')); try { require('./lib.js').fail() } catch (error) { console.log(error.stack.split('\\n')[1].replace(/\\/.*lib/, 'lib'), require('module').findSourceMap(require.resolve('./lib.js')).payload.mappings) }`,
    'promisified timers': `const { setTimeout: wait } = require('timers/promises'); wait(2, 'value').then(console.log); require('util').promisify(setImmediate); console.log(require('url').fileURLToPath('file:///a%20b'), require('url').pathToFileURL('/a b').href)`,
  }
  for (const [claim, script] of Object.entries(scripts)) {
    test(claim, async () => {
      const files = { 'main.js': script }
      const oracle = runInNode(files, ['main.js'])
      const { stdout, exitCode, stderr } = await node(files, 'main.js')
      expect({ stdout, exitCode }, stderr).toEqual({ stdout: oracle.stdout, exitCode: oracle.exitCode })
    })
  }
})

test('options that Node does not have are refused, those of its engine are not', async () => {
  const script = (options: string, env?: string) =>
    run({
      files: { 'main.js': '' },
      argv: ['node', ...options.split(' '), 'main.js'],
      ...(env && { env: { NODE_OPTIONS: env } }),
    })
  expect(await script('--bogus')).toMatchObject({ exitCode: 9, stderr: 'node: bad option: --bogus\n' })
  expect(await script('--no-opt --max_old_space_size=100 --no-warnings')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await script('--no-warnings', '--test')).toMatchObject({
    exitCode: 9,
    stderr: 'node: --test is not allowed in NODE_OPTIONS\n',
  })
})

test('compilers that a program preloads have nothing left to do, and its time zone is that of TZ', async () => {
  const files = {
    'main.ts': `import { zone } from './zone'\nenum Hour { Noon = 12 }\nconsole.log(zone, new Date(0).getHours(), Hour.Noon)`,
    'zone.ts': `export const zone: string = new Intl.DateTimeFormat().resolvedOptions().timeZone`,
  }
  const argv = ['node', '--import', 'tsx', '-r', 'esbuild-register', 'main.ts']
  expect(await run({ files, argv, env: { TZ: 'Asia/Tokyo' } })).toMatchObject({ stdout: 'Asia/Tokyo 9 12\n' })
})

test.describe('errors name the line of the user', () => {
  const frame = (name: string, module: string) => `    at ${name} (node:internal/modules/${module})\n`
  const loading = ['Module._compile', 'Object..js', 'Module.load', 'Module._load', 'wrapModuleLoad']
    .map((name) => frame(name, 'cjs/loader'))
    .join('')
  const requiring = frame('Module.require', 'cjs/loader') + frame('require', 'helpers')
  const claims: [string, Record<string, string>, string][] = [
    [
      'of a throw, under types',
      {
        'main.ts': `interface A { x: number }\nfunction f(a: A): never {\n  throw new Error('boom ' + a.x)\n}\nf({ x: 1 })`,
      },
      `/home/project/main.ts:3\n  throw new Error('boom ' + a.x)\n  ^\n\nError: boom 1\n    at f (/home/project/main.ts:3:9)\n    at Object.<anonymous> (/home/project/main.ts:5:1)\n${loading}\nNode.js v22.23.2\n`,
    ],
    [
      'of a syntax error',
      { 'main.ts': `const a = 1\nconst b = = 2\n` },
      `/home/project/main.ts:2\nconst b = = 2\n          ^\n\nSyntaxError: Unexpected token\n    at /home/project/main.ts:2:11\n\nNode.js v22.23.2\n`,
    ],
    [
      'of a name declared twice',
      { 'main.js': `let name = 1\nlet name = 2\n` },
      `/home/project/main.js:2\nlet name = 2\n    ^^^^\n\nSyntaxError: Identifier 'name' has already been declared\n    at /home/project/main.js:2:5\n\nNode.js v22.23.2\n`,
    ],
    [
      'of a missing export',
      { 'main.ts': `import { nope } from './lib'\nconsole.log(nope)`, 'lib.ts': `export const yes = 1` },
      `/home/project/main.ts:1\nimport { nope } from './lib'\n         ^^^^\n\nSyntaxError: The requested module './lib' does not provide an export named 'nope'\n    at /home/project/main.ts:1:10\n\nNode.js v22.23.2\n`,
    ],
    [
      'of a missing module, with what it may have meant',
      { 'main.ts': `\nimport './mth'`, 'math.ts': '' },
      `/home/project/main.ts:2\nimport './mth'\n        ^\n\nError: Cannot find module '/home/project/mth' imported from /home/project/main.ts\nDid you mean "math.ts" in /home/project?\n    at /home/project/main.ts:2:9 {\n  code: 'ERR_MODULE_NOT_FOUND'\n}\n\nNode.js v22.23.2\n`,
    ],
    [
      'in CommonJS, on its first line too',
      { 'main.cjs': `require('./lib.cjs')`, 'lib.cjs': `exports.x = null.y` },
      `/home/project/lib.cjs:1\nexports.x = null.y\n                 ^\n\nTypeError: Cannot read properties of null (reading 'y')\n    at Object.<anonymous> (/home/project/lib.cjs:1:18)\n${loading}${requiring}    at Object.<anonymous> (/home/project/main.cjs:1:1)\n${frame('Module._compile', 'cjs/loader')}\nNode.js v22.23.2\n`,
    ],
    [
      'inside an import cycle',
      {
        'main.ts': `import { a } from './a'\na()`,
        'a.ts': `import { b } from './b'\nexport function a() {\n  b()\n}`,
        'b.ts': `import { a } from './a'\nexport function b() {\n  throw new Error(typeof a)\n}`,
      },
      `/home/project/b.ts:3\n  throw new Error(typeof a)\n        ^\n\nError: function\n    at b (/home/project/b.ts:3:9)\n    at a (/home/project/a.ts:3:3)\n    at /home/project/main.ts:2:1\n\nNode.js v22.23.2\n`,
    ],
  ]
  for (const [claim, files, stderr] of claims) {
    test(claim, async () => {
      const result = await node(files, Object.keys(files)[0] ?? '')
      // Where in our own code the loader's frames are does not matter.
      expect(result.stderr.replace(/(node:[\w/]+):\d+:\d+/g, '$1')).toBe(stderr)
      expect(result.exitCode).toBe(1)
    })
  }
})

test('TypeScript runs with paths, extensions, enums, parameter properties and JSON', async () => {
  const files = {
    'package.json': '{ "type": "module" }',
    'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } } }',
    'src/main.ts': `import { Level, Item } from '@/item'\nimport type { Shape } from './shape.js'\nimport { area } from './shape.js'\nimport data from './data.json'\nconst shape: Shape = { w: 2, h: 3 }\nconsole.log(Level.High, new Item('x').name, area(shape), data.n, import.meta.url)`,
    'src/item/index.ts': `export enum Level { Low, High }\nexport class Item { constructor(readonly name: string) {} }`,
    'src/shape.ts': `export interface Shape { w: number; h: number }\nexport const area = ({ w, h }: Shape) => w * h`,
    'src/data.json': '{ "n": 5 }',
  }
  const { stdout, stderr } = await node(files, 'src/main.ts')
  expect(stderr).toBe('')
  expect(stdout).toBe('1 x 6 5 file:///home/project/src/main.ts\n')
})

test('the command line has -e, -p, arguments, --version and stdin', async () => {
  expect((await node({}, '-p', '[1, 2].map((n) => n * 2)')).stdout).toBe('[ 2, 4 ]\n')
  expect((await node({}, '-e', 'console.log(process.argv.slice(1), require("path").sep)', 'a', '-b')).stdout).toBe(
    "[ 'a', '-b' ] /\n",
  )
  expect((await node({}, '-e', 'import os from "node:os"; console.log(os.EOL === "\\n")')).stdout).toBe('true\n')
  expect((await node({}, '-e', 'console.log(await 1, typeof os.EOL)')).stdout).toBe('1 string\n')
  expect((await node({}, '--version')).stdout).toBe('v22.23.2\n')
  expect((await node({ 'a.js': 'console.log(process.argv.slice(1))' }, 'a.js', '--flag', 'x')).stdout).toBe(
    "[ '/home/project/a.js', '--flag', 'x' ]\n",
  )
  expect((await run({ files: {}, argv: ['node'], stdin: 'console.log(6 * 7)' })).stdout).toBe('42\n')
})

test('a program reads its stdin until the end', async () => {
  const files = {
    'main.mjs': `let text = ''\nfor await (const chunk of process.stdin) text += chunk\nconsole.log(text.toUpperCase())`,
  }
  expect((await run({ files, argv: ['node', 'main.mjs'], stdin: 'abc' })).stdout).toBe('ABC\n')
})

test('a file that is not there ends with code 1 and says so', async () => {
  const { exitCode, stderr } = await node({}, 'nope.js')
  expect(exitCode).toBe(1)
  expect(stderr).toContain("Error: Cannot find module '/home/project/nope.js'")
  expect(stderr).toContain("code: 'MODULE_NOT_FOUND'")
})

test.describe('a file of node:test, run by itself, prints what Node prints:', () => {
  const withoutTimes = (text: string) =>
    text.replace(/duration_ms:? [\d.]+/g, 'duration_ms').replace(/^( +)stack: \|-\n(?:\1 {2}.*\n)+/gm, '')
  const passing = `test('outer', async (t) => { await t.test('inner', () => {}); await new Promise((done) => setTimeout(done, 5)) })\ndescribe('group', () => { beforeEach(() => {}); it('waits', (t, done) => setTimeout(done, 5)); it.todo('later') })\ntest('mock', (t) => { const f = t.mock.fn(() => 2); f(); t.assert.strictEqual(f.mock.callCount(), 1) })`
  const claims: Record<string, Record<string, string>> = {
    'as a module': { 'main.mjs': `import test, { describe, it, beforeEach } from 'node:test'\n${passing}` },
    'as CommonJS': { 'main.js': `const { test, describe, it, beforeEach } = require('node:test')\n${passing}` },
    'when a test fails': {
      'main.mjs': `import test from 'node:test'\nawait test('outer', async (t) => { await t.test('inner', () => { throw new Error('no') }) })\nconsole.log('# after', process.exitCode)`,
    },
  }
  for (const [claim, files] of Object.entries(claims)) {
    test(claim, async () => {
      const [main = ''] = Object.keys(files)
      const oracle = runInNode(files, [main])
      const { stdout, exitCode, stderr } = await node(files, main)
      expect({ stdout: withoutTimes(stdout), exitCode }, stderr).toEqual({
        stdout: withoutTimes(oracle.stdout),
        exitCode: oracle.exitCode,
      })
    })
  }
})

test('a top-level await that nothing will settle ends with code 13', async () => {
  const { exitCode, stderr } = await node({ 'main.mjs': 'await new Promise(() => {})' }, 'main.mjs')
  expect(exitCode).toBe(13)
  expect(stderr).toContain('Warning: Detected unsettled top-level await')
})

test('a builtin that a browser cannot have says so in a sentence', async () => {
  const { exitCode, stderr } = await node({ 'main.mjs': `import 'node:sqlite'` }, 'main.mjs')
  expect(exitCode).toBe(1)
  expect(stderr).toContain('The module “node:sqlite” needs what a browser does not have')
  expect(stderr).toContain("code: 'ERR_FEATURE_UNAVAILABLE'")
})

test('an import of the inspector, trace events and single executables asks for nothing', async () => {
  const script = `import inspector, { Session } from 'node:inspector'; import 'node:inspector/promises'; import { getEnabledCategories } from 'node:trace_events'; import { isSea } from 'node:sea'; console.log(inspector.url(), getEnabledCategories(), isSea()); try { new Session().connect() } catch (error) { console.log(error.code) }`
  const { stdout } = await node({ 'main.mjs': script }, 'main.mjs')
  expect(stdout).toBe('undefined undefined false\nERR_FEATURE_UNAVAILABLE\n')
})

test('exceptions of the web are errors to Node, and tell where they were made', async () => {
  const script = `import { types, inspect } from 'node:util'; class Own extends DOMException {}; const made = new Own('m', { name: 'AbortError', cause: 1 }); let thrown; try { atob('*') } catch (error) { thrown = error }
console.log([made, thrown].map((error) => [types.isNativeError(error), error instanceof DOMException, error.name]), made.cause, made.constructor === Own, thrown.constructor === DOMException, DOMException.ABORT_ERR, types.isNativeError(DOMException.prototype), /^AbortError: m\\n    at .*main.mjs:1:\\d+/.test(made.stack))`
  const { stdout } = await node({ 'main.mjs': script }, 'main.mjs')
  expect(stdout).toBe(
    `[\n  [ true, true, 'AbortError' ],\n  [ true, true, 'InvalidCharacterError' ]\n] 1 true true 20 false true\n`,
  )
})

test('node:http2 can be imported, and says what it cannot do when it is used', async () => {
  const script = `import http2, { constants } from 'node:http2'; console.log(constants.HTTP2_HEADER_STATUS); try { http2.createServer() } catch (error) { console.log(error.code, error.message) }`
  const { stdout } = await node({ 'main.mjs': script }, 'main.mjs')
  expect(stdout).toMatch(/^:status\nERR_FEATURE_UNAVAILABLE HTTP\/2 is not available in the sandbox/)
})

test('a program may send fs.writeSync to process.stdout', async () => {
  const script = `const fs = require('fs'); fs.writeSync = (fd, data) => (process.stdout.write(data), data.length); fs.writeSync(1, 'sync '); process.stdout.write('stream')`
  expect((await node({ 'main.js': script }, 'main.js')).stdout).toBe('sync stream')
})

test('warnings are printed on stderr, unless an option forbids it', async () => {
  const files = {
    'main.js': `process.emitWarning('careful'); process.emitWarning('old', 'DeprecationWarning', 'DEP9')`,
  }
  const { stderr } = await node(files, 'main.js')
  expect(stderr).toMatch(/^\(node:\d+\) Warning: careful\n.*\n\(node:\d+\) \[DEP9\] DeprecationWarning: old\n$/)
  expect((await node(files, '--no-warnings', 'main.js')).stderr).toBe('')
})

test('programs cannot tell that they run in a Worker', async () => {
  const script = `console.log(['self', 'importScripts', 'postMessage', 'location', 'indexedDB', 'WorkerGlobalScope', 'addEventListener'].filter((name) => globalThis[name] !== undefined), Object.keys(globalThis).includes('onmessage'))`
  expect((await node({ 'main.js': script }, 'main.js')).stdout).toBe('[] false\n')
})
