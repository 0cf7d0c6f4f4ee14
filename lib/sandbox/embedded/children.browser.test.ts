import { expect, test } from 'playwright/test'
import { sandboxPage } from '../testing/sandbox-page'

const page = sandboxPage()

/** What a line of the shell prints in a sandbox of its own. Files that begin with `#!` are executable. */
async function run(line: string, files: Record<string, string>): Promise<string> {
  return page().evaluate(
    async ([line, files]) => {
      const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(files)) })
      const { stdout, stderr } = await window.runCommand(sandbox, line)
      await sandbox.dispose()
      return stdout + stderr
    },
    [line, files] as const,
  )
}

test('a file that the PATH leads to runs as its first line says', async () => {
  const files = {
    'bin/tool.js': '#!/usr/bin/env node\nconst { argv } = process\nconsole.log("tool", ...argv.slice(2))',
    'bin/script.sh': '#!/bin/bash\nseen=1\necho "$seen $1"',
  }
  const line = `PATH=$PWD/bin:$PATH; tool.js a 'b c'; script.sh d; echo "[$seen]"; tool.js e | tr a-z A-Z`
  expect(await run(line, files)).toBe('tool a b c\n1 d\n[]\nTOOL E\n')
})

test('a script is named as it was called', async () => {
  const files = { 'scripts/where.sh': '#!/bin/bash\necho "$0"' }
  expect(await run('./scripts/where.sh; scripts/where.sh; cd scripts; ../scripts/where.sh', files)).toBe(
    './scripts/where.sh\nscripts/where.sh\n../scripts/where.sh\n',
  )
})

test('descriptors above the standard ones are pipes that a child reads, writes and closes', async () => {
  const files = {
    'write.cjs': `
      const fs = require('fs')
      const isFree = fs.openSync(__filename) === 3
      fs.createWriteStream(undefined, { fd: 3 }).on('close', () => console.log(isFree, fs.openSync(__filename))).end('three')`,
    'read.cjs': `require('fs').createReadStream(undefined, { fd: 3 }).pipe(process.stdout)`,
    'main.cjs': `
      const { spawn, spawnSync } = require('child_process')
      const stdio = ['pipe', 'pipe', 'inherit', 'pipe']
      console.log(spawnSync('node', ['write.cjs'], { stdio, encoding: 'utf8' }).output)
      const reader = spawn('node', ['read.cjs'], { stdio })
      reader.stdio[3].end('to three')
      reader.stdout.on('data', (data) => console.log(String(data)))
      reader.on('close', (code) => {
        console.log(code)
        const writer = spawn('node', ['write.cjs'], { stdio })
        writer.stdio[3].on('data', (data) => console.log(String(data)))
        writer.on('close', (code) => console.log(code))
      })`,
  }
  expect(await run('node main.cjs', files)).toBe(`[ null, 'false 3\\n', null, 'three' ]\nto three\n0\nthree\n0\n`)
})

test('memory that can grow is written to a child as any other', async () => {
  const main = `
    const data = new Uint8Array(new ArrayBuffer(3, { maxByteLength: 8 })).fill(65)
    const child = require('child_process').spawn('cat')
    child.stdout.on('data', (data) => console.log(String(data)))
    child.stdin.end(data)`
  expect(await run('node main.cjs', { 'main.cjs': main })).toBe('AAA\n')
})

test('tsc is the project’s own compiler where that runs here, but for a plain check', async () => {
  const typescript = (name: string) => ({
    [`${name}/node_modules/typescript/bin/tsc`]: `#!/usr/bin/env node\nconsole.log('own', ...process.argv.slice(2))`,
    [`${name}/node_modules/typescript/lib/typescript.js`]: '',
  })
  const { 'native/node_modules/typescript/lib/typescript.js': _, ...native } = typescript('native')
  const files = { ...typescript('.'), ...typescript('inner'), ...native, 'a.ts': 'export const a: number = 1' }
  const plain = Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace(/^\.\//, ''), text]))
  expect(await run('tsc -p .; npx tsc; tsc --noEmit; cd inner; tsc --noEmit', plain)).toBe(
    'own -p .\nown\nown --noEmit\n',
  )
  expect(await run('cd native; tsc', plain)).toMatch(/^tsc: types were checked; files are written by/)
})
