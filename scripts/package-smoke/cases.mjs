// What `npm run package-smoke` installs and uses: name → [a program, what it must print]. Each program makes one real use.
// `install` names more packages; without it, the case's own.

/** @typedef {{ name: string, install?: string[], code?: string, command?: string, expected: string | RegExp, files?: Record<string, string> }} Case */

const print = (name, body, expected, more = {}) => ({ name, code: body, expected, ...more })

/** @type {Case[]} */
export const cases = [
  print('lodash', `import _ from 'lodash'; console.log(JSON.stringify(_.chunk([1, 2, 3], 2)))`, '[[1,2],[3]]'),
  print(
    'zod',
    `import { z } from 'zod'; console.log(z.object({ a: z.number() }).safeParse({ a: 'x' }).success)`,
    'false',
  ),
  print(
    'date-fns',
    `import { addDays, format } from 'date-fns'; console.log(format(addDays(new Date(2020, 1, 28), 2), 'yyyy-MM-dd'))`,
    '2020-03-01',
  ),
  print(
    'dayjs',
    `import dayjs from 'dayjs'; console.log(dayjs('2020-02-28').add(2, 'day').format('DD.MM.YYYY'))`,
    '01.03.2020',
  ),
  print(
    'moment',
    `import moment from 'moment'; console.log(moment('2020-02-28').add(2, 'd').format('YYYY-MM-DD'))`,
    '2020-03-01',
  ),
  print(
    'luxon',
    `import { DateTime } from 'luxon'; console.log(DateTime.fromISO('2020-02-28').plus({ days: 2 }).toISODate())`,
    '2020-03-01',
  ),
  print('uuid', `import { v4, validate } from 'uuid'; console.log(validate(v4()))`, 'true'),
  print('nanoid', `import { nanoid } from 'nanoid'; console.log(nanoid(10).length)`, '10'),
  print(
    'semver',
    `import semver from 'semver'; console.log(semver.maxSatisfying(['1.2.3', '1.9.0', '2.0.0'], '^1'))`,
    '1.9.0',
  ),
  print(
    'chalk',
    `import { Chalk } from 'chalk'; console.log(JSON.stringify(new Chalk({ level: 1 }).red('x')))`,
    String.raw`"\u001b[31mx\u001b[39m"`,
  ),
  print(
    'picocolors',
    `import pc from 'picocolors'; console.log(JSON.stringify(pc.createColors(true).green('x')))`,
    String.raw`"\u001b[32mx\u001b[39m"`,
  ),
  print(
    'commander',
    `import { Command } from 'commander'; const p = new Command().option('-n, --number <n>').parse(['-n', '3'], { from: 'user' }); console.log(p.opts().number)`,
    '3',
  ),
  print('yargs', `import yargs from 'yargs'; console.log(yargs(['--port', '80', 'x']).parseSync().port)`, '80'),
  print('minimist', `import minimist from 'minimist'; console.log(minimist(['-a', '1', '--b=2']).b)`, '2'),
  print(
    'express',
    server(
      `import express from 'express'; const app = express(); app.get('/', (_, res) => res.json({ hi: 1 })); const server = app.listen(0, () => check(server.address().port))`,
    ),
    '200 {"hi":1}',
  ),
  print(
    'hono',
    `import { Hono } from 'hono'; const app = new Hono(); app.get('/a', (c) => c.text('hi')); const r = await app.request('/a'); console.log(r.status, await r.text())`,
    '200 hi',
  ),
  print(
    'fastify',
    `import Fastify from 'fastify'; const app = Fastify(); app.get('/', async () => ({ hi: 1 })); const r = await app.inject('/'); console.log(r.statusCode, r.body)`,
    '200 {"hi":1}',
  ),
  print(
    'koa',
    server(
      `import Koa from 'koa'; const app = new Koa(); app.use((ctx) => { ctx.body = { hi: 1 } }); const server = app.listen(0, () => check(server.address().port))`,
    ),
    '200 {"hi":1}',
  ),
  print(
    'axios',
    `import axios from 'axios'; const r = await axios.get('http://x.example/', { adapter: async (config) => ({ data: config.url, status: 200, statusText: '', headers: {}, config }) }); console.log(r.status, r.data)`,
    '200 http://x.example/',
  ),
  print('cheerio', `import { load } from 'cheerio'; console.log(load('<ul><li>a<li>b</ul>')('li').last().text())`, 'b'),
  print('marked', `import { marked } from 'marked'; console.log(marked.parse('# Hi').trim())`, '<h1>Hi</h1>'),
  print(
    'markdown-it',
    `import MarkdownIt from 'markdown-it'; console.log(new MarkdownIt().render('*a*').trim())`,
    '<p><em>a</em></p>',
  ),
  print(
    'immer',
    `import { produce } from 'immer'; const a = { n: 1 }; console.log(produce(a, (d) => { d.n++ }).n, a.n)`,
    '2 1',
  ),
  print(
    'rxjs',
    `import { from, map, toArray } from 'rxjs'; from([1, 2]).pipe(map((n) => n * 2), toArray()).subscribe((v) => console.log(v.join()))`,
    '2,4',
  ),
  print('ramda', `import * as R from 'ramda'; console.log(R.pipe(R.map(R.inc), R.sum)([1, 2]))`, '5'),
  print(
    'handlebars',
    `import Handlebars from 'handlebars'; console.log(Handlebars.compile('Hi {{name}}')({ name: 'you' }))`,
    'Hi you',
  ),
  print('ejs', `import ejs from 'ejs'; console.log(ejs.render('<%= a + 1 %>', { a: 1 }))`, '2'),
  print(
    'mustache',
    `import Mustache from 'mustache'; console.log(Mustache.render('{{#a}}{{.}};{{/a}}', { a: [1, 2] }))`,
    '1;2;',
  ),
  print('ajv', `import { Ajv } from 'ajv'; console.log(new Ajv().validate({ type: 'integer' }, 1.5))`, 'false'),
  print('js-yaml', `import { load } from 'js-yaml'; console.log(JSON.stringify(load('a: [1, 2]')))`, '{"a":[1,2]}'),
  print('yaml', `import { parse } from 'yaml'; console.log(parse('a: 1').a)`, '1'),
  print('glob', `import { globSync } from 'glob'; console.log(globSync('*.mjs').join())`, 'main.mjs'),
  print('fast-glob', `import fg from 'fast-glob'; console.log((await fg('*.mjs')).join())`, 'main.mjs'),
  print('minimatch', `import { minimatch } from 'minimatch'; console.log(minimatch('a/b.js', '**/*.js'))`, 'true'),
  print(
    'fs-extra',
    `import fse from 'fs-extra'; await fse.outputJson('a/b.json', { n: 1 }); console.log((await fse.readJson('a/b.json')).n)`,
    '1',
  ),
  print(
    'rimraf',
    `import { rimraf } from 'rimraf'; import fs from 'node:fs'; fs.mkdirSync('x/y', { recursive: true }); await rimraf('x'); console.log(fs.existsSync('x'))`,
    'false',
  ),
  print('execa', `import { execa } from 'execa'; console.log((await execa('node', ['-p', '1 + 1'])).stdout)`, '2'),
  print(
    'ws',
    `import { WebSocketServer, WebSocket } from 'ws'; const s = new WebSocketServer({ port: 4123 }); s.on('connection', (c) => c.on('message', (m) => c.send(m + '!'))); const w = new WebSocket('ws://localhost:4123'); w.on('open', () => w.send('hi')); w.on('message', (m) => { console.log(String(m)); w.close(); s.close() })`,
    'hi!',
  ),
  print(
    'graphql',
    `import { graphql, buildSchema } from 'graphql'; const r = await graphql({ schema: buildSchema('type Query { a: Int }'), source: '{ a }', rootValue: { a: 1 } }); console.log(JSON.stringify(r))`,
    '{"data":{"a":1}}',
  ),
  print(
    'drizzle-orm',
    `import { PGlite } from '@electric-sql/pglite'; import { drizzle } from 'drizzle-orm/pglite'; import { sql } from 'drizzle-orm'; const db = drizzle(new PGlite()); const { rows } = await db.execute(sql\`select 1 + 1 as n\`); console.log(rows[0].n)`,
    '2',
    { install: ['drizzle-orm', '@electric-sql/pglite'] },
  ),
  print(
    'kysely',
    `import { Kysely, DummyDriver, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'; const db = new Kysely({ dialect: { createAdapter: () => new PostgresAdapter(), createDriver: () => new DummyDriver(), createIntrospector: (d) => new PostgresIntrospector(d), createQueryCompiler: () => new PostgresQueryCompiler() } }); console.log(db.selectFrom('t').selectAll().compile().sql)`,
    'select * from "t"',
  ),
  print(
    'react-dom',
    `import { renderToString } from 'react-dom/server'; import { createElement } from 'react'; console.log(renderToString(createElement('b', null, 'hi')))`,
    '<b>hi</b>',
    { install: ['react', 'react-dom'] },
  ),
  print(
    'preact',
    `import { h } from 'preact'; import render from 'preact-render-to-string'; console.log(render(h('b', null, 'hi')))`,
    '<b>hi</b>',
    { install: ['preact', 'preact-render-to-string'] },
  ),
  print(
    'vue',
    `import { createSSRApp } from 'vue'; import { renderToString } from 'vue/server-renderer'; console.log(await renderToString(createSSRApp({ template: '<b>{{ 1 + 1 }}</b>' })))`,
    '<b>2</b>',
  ),
  print(
    'svelte',
    `import { compile } from 'svelte/compiler'; console.log(/function/.test(compile('<b>{1 + 1}</b>', {}).js.code))`,
    'true',
  ),
  print(
    'solid-js',
    `import { createSignal } from 'solid-js'; const [a, set] = createSignal(1); set(2); console.log(a())`,
    '2',
  ),
  print(
    'typescript',
    `import ts from 'typescript'; console.log(ts.transpileModule('const a: number = 1', {}).outputText.trim())`,
    /const a = 1;|var a = 1;/,
    { install: ['typescript@5'] },
  ),
  print(
    'prettier',
    `import { format } from 'prettier'; console.log((await format('a( 1 )', { parser: 'babel' })).trim())`,
    'a(1);',
  ),
  print(
    'eslint',
    `import { Linter } from 'eslint'; console.log(new Linter().verify('var a', { rules: { 'no-var': 'error' } })[0].ruleId)`,
    'no-var',
  ),
  {
    name: 'mocha',
    install: ['mocha', 'chai'],
    command: 'npx mocha test.mjs',
    files: {
      'test.mjs': `import { expect } from 'chai'; describe('it', () => { it('adds', () => expect(1 + 1).to.equal(2)) })`,
    },
    expected: /1 passing/,
  },
  print(
    'chai',
    `import { expect } from 'chai'; try { expect(1).to.equal(2) } catch (e) { console.log(e.message) }`,
    'expected 1 to equal 2',
  ),
  print(
    'sinon',
    `import sinon from 'sinon'; const s = sinon.stub().returns(3); console.log(s(1), s.calledWith(1))`,
    '3 true',
  ),
  print(
    'expect',
    `import { expect } from 'expect'; try { expect({ a: 1 }).toEqual({ a: 2 }) } catch (e) { console.log(/toEqual/.test(e.message)) }`,
    'true',
  ),
  print(
    'acorn',
    `import { parse } from 'acorn'; console.log(parse('a = 1', { ecmaVersion: 2022 }).body[0].type)`,
    'ExpressionStatement',
  ),
  print(
    '@babel/core',
    `import { transformSync } from '@babel/core'; console.log(transformSync('a  =  1', { configFile: false, babelrc: false }).code)`,
    'a = 1;',
  ),
  print('postcss', `import postcss from 'postcss'; console.log(postcss.parse('a{color:red}').first.selector)`, 'a'),
  print(
    'sass',
    `import { compileString } from 'sass'; console.log(compileString('a { b { color: red } }').css.replace(/\\s+/g, ' '))`,
    'a b { color: red; }',
  ),
  print(
    'less',
    `import less from 'less'; console.log((await less.render('@a: 1px; b { width: @a * 2 }')).css.replace(/\\s+/g, ' ').trim())`,
    'b { width: 2px; }',
  ),
  print(
    'esbuild',
    `import { build, transform, transformSync } from 'esbuild'; const lib = { name: 'lib', setup(b) { b.onResolve({ filter: /^lib$/ }, () => ({ path: 'lib', namespace: 'n' })); b.onLoad({ filter: /./, namespace: 'n' }, () => ({ contents: 'export const b = 2' })) } }; const { outputFiles } = await build({ stdin: { contents: 'export * from "lib"' }, bundle: true, format: 'esm', write: false, plugins: [lib] }); console.log((await transform('let a: number = 1', { loader: 'ts' })).code.trim(), transformSync('a  +  1').code.trim(), /b = 2/.test(outputFiles[0].text))`,
    'let a = 1; a + 1; true',
  ),
  print(
    'rollup',
    `import { rollup } from 'rollup'; const b = await rollup({ input: 'x', plugins: [{ resolveId: (id) => id, load: () => 'export default 1 + 1' }] }); console.log((await b.generate({ format: 'es' })).output[0].code.length > 0)`,
    'true',
  ),
  print(
    'terser',
    `import { minify } from 'terser'; console.log((await minify('const a = 1; console.log(a + 1)', { toplevel: true })).code)`,
    'console.log(2);',
  ),
  print('debug', `import debug from 'debug'; console.log(debug('x').namespace)`, 'x'),
  print(
    'pino',
    `import pino from 'pino'; pino({ base: null, timestamp: false }, { write: (s) => console.log(s.trim()) }).info('hi')`,
    '{"level":30,"msg":"hi"}',
  ),
  print(
    'winston',
    `import winston from 'winston'; winston.createLogger({ transports: [new winston.transports.Console({ format: winston.format.simple() })] }).info('hi')`,
    'info: hi',
  ),
  print('dotenv', `import { parse } from 'dotenv'; console.log(parse('A=1').A)`, '1'),
  print('bluebird', `import P from 'bluebird'; console.log((await P.map([1, 2], (n) => n * 2)).join())`, '2,4'),
  print(
    'async',
    `import async from 'async'; console.log((await async.mapLimit([1, 2], 1, async (n) => n + 1)).join())`,
    '2,3',
  ),
  print(
    'p-limit',
    `import pLimit from 'p-limit'; const l = pLimit(1); console.log((await Promise.all([l(() => 1), l(() => 2)])).join())`,
    '1,2',
  ),
  print(
    'eventemitter3',
    `import E from 'eventemitter3'; const e = new E(); e.on('x', (v) => console.log(v)); e.emit('x', 1)`,
    '1',
  ),
  print('jsonwebtoken', `import jwt from 'jsonwebtoken'; console.log(jwt.verify(jwt.sign({ a: 1 }, 'k'), 'k').a)`, '1'),
  print(
    'bcryptjs',
    `import bcrypt from 'bcryptjs'; console.log(bcrypt.compareSync('x', bcrypt.hashSync('x', 4)))`,
    'true',
  ),
  print('qs', `import qs from 'qs'; console.log(qs.parse('a[b]=1').a.b)`, '1'),
  print('mime', `import mime from 'mime'; console.log(mime.getType('a.css'))`, 'text/css'),
  print('iconv-lite', `import iconv from 'iconv-lite'; console.log(iconv.encode('ä', 'latin1').length)`, '1'),
  print(
    'jszip',
    `import JSZip from 'jszip'; const z = new JSZip(); z.file('a', 'x'); console.log(await (await JSZip.loadAsync(await z.generateAsync({ type: 'uint8array' }))).file('a').async('string'))`,
    'x',
  ),
  print('csv-parse', `import { parse } from 'csv-parse/sync'; console.log(parse('a,b')[0][1])`, 'b'),
  print(
    'xml2js',
    `import { parseStringPromise } from 'xml2js'; console.log((await parseStringPromise('<a>1</a>')).a)`,
    '1',
  ),
  print(
    'happy-dom',
    `import { Window } from 'happy-dom'; const w = new Window(); w.document.body.innerHTML = '<b>x</b>'; console.log(w.document.querySelector('b').textContent); await w.happyDOM.close()`,
    'x',
  ),
  print(
    'jsdom',
    `import { JSDOM } from 'jsdom'; console.log(new JSDOM('<b>x</b>').window.document.querySelector('b').textContent)`,
    'x',
  ),
  print('mathjs', `import { evaluate } from 'mathjs'; console.log(evaluate('2 ^ 3'))`, '8'),
  print(
    'sql.js',
    `import initSqlJs from 'sql.js'; const SQL = await initSqlJs(); console.log(new SQL.Database().exec('select 1 + 1')[0].values[0][0])`,
    '2',
  ),
]

/** A program whose server asks itself, prints the answer and ends. */
function server(start) {
  return `import http from 'node:http'
const check = (port) => http.get({ port }, (res) => { let body = ''; res.on('data', (d) => { body += d }); res.on('end', () => { console.log(res.statusCode, body); process.exit() }) })
${start}`
}
