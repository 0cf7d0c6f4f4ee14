/**
 * A project with a framework small enough to be made here: a CommonJS package for rendering and an ES module for state,
 * so that what packages go through is tested without any network.
 */
export const miniProject: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'mini-app',
    type: 'module',
    scripts: { dev: 'vite', build: 'vite build', preview: 'vite preview' },
    dependencies: { 'mini-dom': '1.0.0', 'mini-state': '1.0.0' },
  }),
  'package-lock.json': '{"lockfileVersion":3}',
  'node_modules/mini-dom/package.json': JSON.stringify({ name: 'mini-dom', version: '1.0.0', main: 'index.js' }),
  'node_modules/mini-dom/index.js': `'use strict'
if (process.env.NODE_ENV === 'production') module.exports = require('./cjs/production.js')
else module.exports = require('./cjs/development.js')
`,
  'node_modules/mini-dom/cjs/production.js': `exports.mode = 'production'\nexports.text = function text(id, value) { document.getElementById(id).textContent = value }\n`,
  'node_modules/mini-dom/cjs/development.js': `exports.mode = 'development'\nexports.text = function text(id, value) { document.getElementById(id).textContent = value }\n`,
  'node_modules/mini-state/package.json': JSON.stringify({
    name: 'mini-state',
    version: '1.0.0',
    type: 'module',
    exports: { '.': { browser: './browser.js', default: './server.js' }, './style.css': './style.css' },
  }),
  'node_modules/mini-state/browser.js': `import { mode } from 'mini-dom'\nexport const where = 'browser in ' + mode\nexport const createCount = () => { let count = 0; return { next: () => ++count, get: () => count } }\n`,
  'node_modules/mini-state/server.js': `export const where = 'server'\n`,
  'node_modules/mini-state/style.css': '#where { letter-spacing: 3px }',
  '.env': 'VITE_GREETING=Good day\nSECRET=hidden\n',
  'vite.config.ts': `import { defineConfig } from 'vite'
import path from 'node:path'
import unknown from 'vite-plugin-unknown'

export default defineConfig(({ mode }) => ({
  define: { __MODE__: JSON.stringify(mode) },
  resolve: { alias: { '@': path.resolve(__dirname, 'src') } },
  plugins: [unknown()],
}))
`,
  'index.html': `<!doctype html>
<html>
  <head>
    <title>Mini</title>
    <link rel="icon" href="/icon.svg">
    <link rel="stylesheet" href="/src/page.css">
  </head>
  <body>
    <h1 id="title">%VITE_GREETING%</h1>
    <p id="where"></p><p id="facts"></p><p id="late"></p><p id="worked"></p><p id="fetched"></p>
    <button id="count"></button>
    <img id="public" src="/icon.svg" width="20"><img id="asset" width="20">
    <script type="module" src="/src/main.ts"></script>
  </body>
</html>
`,
  'public/icon.svg':
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="20" height="20"><path d="M0 0h1v1H0z"/></svg>',
  'src/page.css': `@import './colours.css';\n#title { color: var(--title) }\n`,
  'src/colours.css': ':root { --title: rgb(1, 2, 3) }',
  'src/pixel.svg':
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="20" height="20"><path d="M0 0h1v1H0z"/></svg>',
  'src/button.module.css': '.big { font-size: 30px }',
  'src/base.module.css': '.base { text-indent: 5px }',
  'src/other/button.module.css': ".big { composes: base from '../base.module.css'; font-weight: 700 }",
  'src/data.json': '{ "answer": 42 }',
  'src/notes/a.md': 'first',
  'src/notes/b.md': 'second',
  'src/late.ts': `export const late: string = 'came late'\n`,
  'src/double.worker.ts': `import { double } from './double'\nonmessage = (event: MessageEvent<number>) => postMessage(double(event.data))\n`,
  'src/double.ts': 'export const double = (value: number) => value * 2\n',
  'src/label.ts': `export const label = (count: number) => \`Count is \${count}\`\n`,
  'src/counter.ts': `import { createCount } from 'mini-state'
import { text } from 'mini-dom'
import { label } from '@/label'

const count = import.meta.hot?.data.count ?? createCount()
const show = () => text('count', label(count.get()))
const button = document.getElementById('count')!
button.onclick = () => { count.next(); show() }
show()
import.meta.hot?.dispose((data) => { data.count = count })
import.meta.hot?.accept()
`,
  'src/main.ts': `import { where } from 'mini-state'
import * as dom from 'mini-dom'
import 'mini-state/style.css'
import classes from './button.module.css'
import others from './other/button.module.css'
import data, { answer } from './data.json'
import pixel from './pixel.svg'
import raw from './notes/a.md?raw'
import './counter'

declare const __MODE__: string
const notes = import.meta.glob('./notes/*.md', { query: '?raw', import: 'default', eager: true })
dom.text('where', where)
dom.text('facts', JSON.stringify([__MODE__, import.meta.env.VITE_GREETING, import.meta.env.SECRET ?? null, data.answer, answer, raw, notes, location.pathname]))
document.getElementById('count')!.className = classes.big
document.getElementById('late')!.className = others.big
void fetch(pixel).then((file) => file.text()).then((file) => dom.text('fetched', file.slice(0, 4)))
document.getElementById('asset')!.setAttribute('src', new URL('./pixel.svg', import.meta.url).href || pixel)
void import('./late').then(({ late }) => dom.text('late', late))
const worker = new Worker(new URL('./double.worker.ts', import.meta.url), { type: 'module' })
worker.onmessage = ({ data }) => dom.text('worked', String(data))
worker.postMessage(21)
`,
}
