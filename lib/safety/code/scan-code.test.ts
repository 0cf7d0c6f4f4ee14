// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the scanned text
import { describe, expect, it } from 'vitest'
import { scanCode } from './scan-code'

const rules = (text: string, path = 'src/a.tsx') => scanCode(path, text).map((finding) => finding.rule)

describe('points at', () => {
  it.each([
    ['no-eval', 'eval(input)'],
    ['no-eval', 'window.eval(`${x}`)'],
    ['no-new-function', 'const f = new Function("a", body)'],
    ['no-implied-eval', 'setTimeout("go()", 10)'],
    ['no-script-url', '<a href="javascript:go()">x</a>'],
    ['no-unsafe-html', 'el.innerHTML = `<b>${name}</b>`'],
    ['no-unsafe-html', "el.insertAdjacentHTML('beforeend', row)"],
    ['no-document-write', 'document.write(location.hash)'],
    ['no-danger-html', '<div dangerouslySetInnerHTML={{ __html: post.body }} />'],
    ['no-command-injection', "import { exec } from 'node:child_process'\nexec(`ls ${dir}`)"],
    ['no-command-injection', "const cp = require('child_process')\ncp.execSync('git log ' + branch)"],
    ['no-shell-spawn', "import { spawn } from 'child_process'\nspawn(command, { shell: true })"],
    ['no-sql-concat', 'db.query(`SELECT * FROM users WHERE id = ${id}`)'],
    ['no-sql-concat', 'db.query("DELETE FROM users WHERE id = " + id)'],
    ['no-tls-off', 'https.request({ rejectUnauthorized: false })'],
    ['no-tls-off', "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'"],
    ['no-weak-password-hash', "const stored = createHash('md5').update(password).digest('hex')"],
    ['no-weak-random', 'const token = Math.random().toString(36)'],
    ['no-postmessage-star', "parent.postMessage(data, '*')"],
    ['no-target-blank', '<a href="https://example.org" target="_blank">x</a>'],
    ['no-secret', 'const apiKey = "8f3k2m9x7q1z5w4v6b"'],
    ['no-bidi', '/* \u202e } */ run()'],
    ['no-redos', 'const slow = /(a+)+$/'],
  ])('%s in %j', (rule, text) => expect(rules(text)).toEqual([rule]))
})

describe('leaves alone', () => {
  it.each([
    'eval("1 + 1")',
    '// eval(input)\nconst note = "eval(input)"',
    'const evaluate = (x) => x; evaluate(input)',
    'el.innerHTML = ""',
    "const row = '<br>'\nel.innerHTML = row",
    'el.innerHTML = DOMPurify.sanitize(html)',
    'el.innerHTML === other',
    'const m = /a(b)c/.exec(text)',
    "import { exec } from 'child_process'\nexec('ls')",
    "import { execFile } from 'child_process'\nexecFile('git', ['log', branch])",
    'db.query("SELECT * FROM users WHERE id = $1", [id])',
    'const x = Math.random() * 10',
    "createHash('md5').update(file).digest('hex')",
    "parent.postMessage(data, 'https://example.org')",
    '<a href="https://example.org" target="_blank" rel="noopener">x</a>',
    'const url = `/api/${id}`\nfetch(url)',
    'setTimeout(() => go(), 10)',
    'const ratio = a / b / c // (x+)+',
  ])('%j', (text) => expect(rules(text)).toEqual([]))
})

it('says where, in lines and columns that start at 1', () => {
  expect(scanCode('a.js', 'const a = 1\n  eval(a)')).toEqual([
    {
      path: 'a.js',
      line: 2,
      column: 3,
      severity: 'high',
      rule: 'no-eval',
      message: expect.stringContaining('Runs text as code'),
    },
  ])
})

it('skips installed and generated files', () => {
  expect(scanCode('node_modules/x/index.js', 'eval(input)')).toEqual([])
  expect(scanCode('.env', 'API_TOKEN=8f3k2m9x7q1z5w4v6b')).toEqual([])
})

it('reads templates inside templates and ends nowhere wrong', () => {
  expect(rules('const a = `x ${b ? `y ${c}` : ""} z`; eval(input)')).toEqual(['no-eval'])
  expect(rules('const re = /["`\']/g; eval(input)')).toEqual(['no-eval'])
  expect(rules("const s = 'it''s' // don't\neval(input)")).toEqual(['no-eval'])
})

it.each(['(', '`${', '/*', '"', 'a.innerHTML='])('stays fast on 50 KB of %j', (piece) => {
  const started = performance.now()
  scanCode('a.ts', piece.repeat(50_000 / piece.length))
  expect(performance.now() - started).toBeLessThan(4000)
})
