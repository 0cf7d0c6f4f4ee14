import { assert } from 'chai'
import type { FileMap } from '@/lib/workspace'
import { runCommand } from './run'
import type { Sandbox, SandboxProcess } from './types'

export type CreateSandbox = (files?: FileMap) => Promise<Sandbox>
type Case = [claim: string, run: (create: CreateSandbox) => Promise<void>]

const textOf = (data: Uint8Array) => new TextDecoder().decode(data)
const filesOf = (files: Record<string, string | Uint8Array>): FileMap => new Map(Object.entries(files))

/** Collects output; `until` resolves when it contains the text. */
function collect(child: SandboxProcess) {
  let text = ''
  const waiting = new Set<() => void>()
  child.onOutput(({ data }) => {
    text += textOf(data)
    for (const check of waiting) check()
  })
  return {
    text: () => text,
    until: (part: string) =>
      new Promise<void>((resolve) => {
        const check = () => text.includes(part) && waiting.delete(check) !== undefined && resolve()
        waiting.add(check)
        check()
      }),
  }
}

async function nextChange(sandbox: Sandbox, path: string): Promise<string | Uint8Array | null> {
  return new Promise((resolve) => {
    const stop = sandbox.onFiles((changes) => {
      const change = changes.find((entry) => entry.path === path)
      if (!change) return
      stop()
      resolve(change.after)
    })
  })
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

const packageJson = JSON.stringify({
  name: 'sample',
  version: '1.2.3',
  type: 'module',
  scripts: { test: 'vitest run', hello: 'echo hello', fail: 'exit 7' },
})

/** What every sandbox does. Each case makes its own sandbox through `create` and must leave none running. */
export const sandboxContract: Case[] = [
  [
    'keeps text and binary files as they were mounted',
    async (create) => {
      const binary = new Uint8Array([0, 255, 254, 10, 13, 0])
      const files = filesOf({ 'a.txt': 'hällo\n', 'deep/er/b.bin': binary, 'empty.txt': '' })
      const sandbox = await create(files)
      const snapshot = await sandbox.snapshot()
      assert.deepEqual([...snapshot.keys()].sort(), ['a.txt', 'deep/er/b.bin', 'empty.txt'])
      assert.equal(snapshot.get('a.txt'), 'hällo\n')
      assert.equal(snapshot.get('empty.txt'), '')
      assert.deepEqual([...(snapshot.get('deep/er/b.bin') as Uint8Array)], [...binary])
      await sandbox.mount(filesOf({ 'only.txt': '1' }))
      assert.deepEqual([...(await sandbox.snapshot()).keys()], ['only.txt'])
      await sandbox.dispose()
    },
  ],
  [
    'takes edits in without echoing them',
    async (create) => {
      const sandbox = await create(filesOf({ 'a.txt': '1', 'b.txt': '2' }))
      const seen: string[] = []
      sandbox.onFiles((changes) => seen.push(...changes.map((change) => change.path)))
      await sandbox.apply([
        { path: 'a.txt', after: 'edited' },
        { path: 'b.txt', after: null },
      ])
      const { stdout } = await runCommand(sandbox, 'cat a.txt; ls; touch own.txt')
      assert.equal(stdout, 'editeda.txt\n')
      assert.deepEqual([...new Set(seen)], ['own.txt'])
      await sandbox.dispose()
    },
  ],
  [
    'shows what a program wrote, binary too, before it has ended',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'w.mjs': `import fs from 'node:fs'; fs.mkdirSync('out'); fs.writeFileSync('out/x.bin', new Uint8Array([0, 200])); fs.writeFileSync('y.txt', 'text')`,
        }),
      )
      const change = nextChange(sandbox, 'out/x.bin')
      await runCommand(sandbox, 'node w.mjs')
      assert.deepEqual([...((await change) as Uint8Array)], [0, 200])
      assert.equal((await sandbox.snapshot()).get('y.txt'), 'text')
      await sandbox.dispose()
    },
  ],
  [
    'keeps node_modules to itself',
    async (create) => {
      const sandbox = await create(filesOf({ 'a.txt': '1', 'node_modules/left/index.js': 'module.exports = 1' }))
      const seen: string[] = []
      sandbox.onFiles((changes) => seen.push(...changes.map((change) => change.path)))
      const result = await runCommand(sandbox, 'echo 2 > node_modules/left/more.txt; cat node_modules/left/*')
      assert.include(result.stdout, 'module.exports = 1')
      assert.deepEqual(seen, [])
      assert.deepEqual([...(await sandbox.snapshot()).keys()], ['a.txt'])
      await sandbox.dispose()
    },
  ],
  [
    'gives stdout, stderr and the exit code of a program',
    async (create) => {
      const sandbox = await create(
        filesOf({ 'p.mjs': `console.log('out'); console.error('err'); process.exitCode = 3` }),
      )
      const result = await runCommand(sandbox, 'node p.mjs')
      assert.deepInclude(result, { exitCode: 3, timedOut: false })
      if (sandbox.kind === 'embedded') assert.deepInclude(result, { stdout: 'out\n', stderr: 'err\n' })
      else assert.equal(result.stdout + result.stderr, 'out\nerr\n')
      await sandbox.dispose()
    },
  ],
  [
    'runs TypeScript',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'src/main.ts': `import { greet, type Name } from './greet.ts'\nconst name: Name = 'you'\nconsole.log(greet(name))`,
          'src/greet.ts': `export type Name = string\nexport const greet = (name: Name): string => \`hello \${name}\``,
        }),
      )
      assert.equal((await runCommand(sandbox, 'node src/main.ts')).stdout, 'hello you\n')
      await sandbox.dispose()
    },
  ],
  [
    'streams output while the program runs',
    async (create) => {
      const sandbox = await create(
        filesOf({ 's.mjs': `console.log('first'); setTimeout(() => console.log('second'), 150)` }),
      )
      const child = await sandbox.spawn('node s.mjs')
      const output = collect(child)
      let ended = false
      void child.exit.then(() => {
        ended = true
      })
      await output.until('first')
      assert.isFalse(ended)
      assert.deepEqual(await child.exit, { exitCode: 0, timedOut: false })
      assert.equal(output.text(), 'first\nsecond\n')
      await sandbox.dispose()
    },
  ],
  [
    'streams through npm and a shell line, in order',
    async (create) => {
      const manifest = JSON.stringify({
        name: 'n',
        version: '1.0.0',
        scripts: { go: 'echo one && node s.mjs && echo three' },
      })
      const sandbox = await create(
        filesOf({ 'package.json': manifest, 's.mjs': `console.log('two'); setTimeout(() => {}, 100)` }),
      )
      const child = await sandbox.spawn('npm run go')
      const output = collect(child)
      await output.until('two')
      assert.notInclude(output.text().split('> echo')[1]?.split('\n').slice(1).join('\n') ?? '', 'three')
      await child.exit
      assert.match(output.text(), /> n@1\.0\.0 go\n> echo one && node s\.mjs && echo three\n\none\ntwo\nthree\n$/)
      await sandbox.dispose()
    },
  ],
  [
    'reads standard input, given at once or written bit by bit',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'in.mjs': `let all = ''; process.stdin.on('data', (chunk) => { all += chunk }); process.stdin.on('end', () => console.log(all.toUpperCase()))`,
        }),
      )
      assert.equal((await runCommand(sandbox, 'node in.mjs', { stdin: 'abc' })).stdout, 'ABC\n')
      assert.equal((await runCommand(sandbox, 'cat | wc -c', { stdin: 'four' })).stdout.trim(), '4')
      const child = await sandbox.spawn('node in.mjs')
      const output = collect(child)
      child.write('x')
      child.write('y')
      child.closeStdin()
      await child.exit
      assert.equal(output.text(), 'XY\n')
      await sandbox.dispose()
    },
  ],
  [
    'gives programs their arguments, environment and folder',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'sub/e.mjs': `console.log(JSON.stringify([process.argv.slice(2), process.env.COLOUR, process.cwd(), process.env.CI ?? null]))`,
        }),
      )
      const { stdout } = await runCommand(sandbox, `node e.mjs 'a b' c`, { cwd: 'sub', env: { COLOUR: 'blue' } })
      const [argv, colour, cwd, ci] = JSON.parse(stdout)
      assert.deepEqual([argv, colour, ci], [['a b', 'c'], 'blue', null])
      assert.match(cwd, /\/sub$/)
      await sandbox.dispose()
    },
  ],
  [
    'understands pipes, redirections, && and variables',
    async (create) => {
      const sandbox = await create(filesOf({ 'a.txt': 'one\ntwo\nthree\n', 'p.mjs': `console.log('t1\\nx\\nt2')` }))
      const line = `grep t a.txt | wc -l && X=5 && echo "x=$X" > out.txt && node p.mjs | grep t && cat out.txt`
      const { stdout, exitCode } = await runCommand(sandbox, line)
      assert.equal(stdout.replaceAll(' ', ''), '2\nt1\nt2\nx=5\n')
      assert.equal(exitCode, 0)
      assert.equal((await sandbox.snapshot()).get('out.txt'), 'x=5\n')
      await sandbox.dispose()
    },
  ],
  [
    'ends with 127 when a command does not exist and with 1 when a file does not',
    async (create) => {
      const sandbox = await create()
      const missing = await runCommand(sandbox, 'no-such-command')
      assert.equal(missing.exitCode, 127)
      assert.match(missing.stderr + missing.stdout, /not found/)
      assert.equal((await runCommand(sandbox, 'node no-such-file.js')).exitCode, 1)
      await sandbox.dispose()
    },
  ],
  [
    'runs package scripts and lists them when one is unknown',
    async (create) => {
      const sandbox = await create(filesOf({ 'package.json': packageJson }))
      const hello = await runCommand(sandbox, 'npm run hello')
      assert.match(hello.stdout, /> sample@1\.2\.3 hello\n> echo hello\n\nhello\n/)
      assert.equal((await runCommand(sandbox, 'npm run fail')).exitCode, 7)
      const unknown = await runCommand(sandbox, 'npm run nothing')
      assert.notEqual(unknown.exitCode, 0)
      assert.match(unknown.stderr + unknown.stdout, /Missing script/)
      await sandbox.dispose()
    },
  ],
  [
    'kills an endless loop and goes on',
    async (create) => {
      const sandbox = await create(filesOf({ 'loop.mjs': `console.log('in'); for (;;);` }))
      for (const [signal, code] of [
        ['SIGKILL', 137],
        ['SIGINT', 130],
        ['SIGTERM', 143],
      ] as const) {
        const child = await sandbox.spawn('node loop.mjs')
        await collect(child).until('in')
        const ms = await elapsed(() => {
          child.kill(signal)
          return child.exit
        })
        assert.deepEqual(await child.exit, { exitCode: code, timedOut: false })
        assert.isBelow(ms, 1500)
      }
      assert.equal((await runCommand(sandbox, 'echo alive')).stdout, 'alive\n')
      assert.deepEqual(await sandbox.processes(), [])
      await sandbox.dispose()
    },
  ],
  [
    'kills the children with their parent',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'loop.mjs': `console.log('in'); for (;;);`,
          'package.json': `{"scripts":{"go":"node loop.mjs && echo never"}}`,
        }),
      )
      const child = await sandbox.spawn('npm run go')
      const output = collect(child)
      await output.until('in')
      child.kill('SIGINT')
      assert.equal((await child.exit).exitCode, 130)
      assert.notMatch(output.text(), /^never$/m)
      assert.deepEqual(await sandbox.processes(), [])
      await sandbox.dispose()
    },
  ],
  [
    'ends a program after its time with 124',
    async (create) => {
      const sandbox = await create(filesOf({ 'loop.mjs': `for (;;);` }))
      const result = await runCommand(sandbox, 'node loop.mjs', { timeoutMs: 300 })
      assert.deepInclude(result, { exitCode: 124, timedOut: true })
      await sandbox.dispose()
    },
  ],
  [
    'kills a program when its signal aborts',
    async (create) => {
      const sandbox = await create(filesOf({ 'wait.mjs': `console.log('in'); setInterval(() => {}, 1000)` }))
      const stop = new AbortController()
      const child = await sandbox.spawn('node wait.mjs', { signal: stop.signal })
      await collect(child).until('in')
      stop.abort()
      assert.equal((await child.exit).exitCode, 137)
      await sandbox.dispose()
    },
  ],
  [
    'lets a program handle SIGINT',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'h.mjs': `process.on('SIGINT', () => { console.log('bye'); process.exit(5) }); console.log('in'); setInterval(() => {}, 1000)`,
        }),
      )
      const child = await sandbox.spawn('node h.mjs')
      const output = collect(child)
      await output.until('in')
      child.kill('SIGINT')
      assert.equal((await child.exit).exitCode, 5)
      assert.equal(output.text(), 'in\nbye\n')
      await sandbox.dispose()
    },
  ],
  [
    'cuts a flood of output and stays responsive',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'flood.mjs': `const line = 'x'.repeat(999) + '\\n'; for (let i = 0; i < 50000; i++) process.stdout.write(line)`,
        }),
      )
      let longestGapMs = 0
      let last = performance.now()
      const timer = setInterval(() => {
        longestGapMs = Math.max(longestGapMs, performance.now() - last)
        last = performance.now()
      }, 10)
      const result = await runCommand(sandbox, 'node flood.mjs')
      clearInterval(timer)
      assert.equal(result.exitCode, 0)
      assert.isAtMost(result.stdout.length, 6 * 1024 * 1024)
      assert.match(result.stderr + result.stdout.slice(-200), /more than 5 MB/)
      assert.isBelow(longestGapMs, 500)
      await sandbox.dispose()
    },
  ],
  [
    'keeps forks apart in both directions',
    async (create) => {
      const sandbox = await create(filesOf({ 'a.txt': 'same' }))
      const fork = await sandbox.fork()
      await runCommand(fork, 'echo fork > a.txt; echo new > only-in-fork.txt')
      await sandbox.apply([{ path: 'b.txt', after: 'parent' }])
      assert.deepEqual(Object.fromEntries(await sandbox.snapshot()), { 'a.txt': 'same', 'b.txt': 'parent' })
      assert.deepEqual(Object.fromEntries(await fork.snapshot()), { 'a.txt': 'fork\n', 'only-in-fork.txt': 'new\n' })
      await sandbox.dispose()
      assert.equal((await runCommand(fork, 'cat a.txt')).stdout, 'fork\n')
      await fork.dispose()
    },
  ],
  [
    'tells when processes come and go, and ends one by its pid',
    async (create) => {
      const sandbox = await create(filesOf({ 'w.mjs': `console.log('in'); setInterval(() => {}, 1000)` }))
      let changes = 0
      const stop = sandbox.onProcesses(() => {
        changes += 1
      })
      const child = await sandbox.spawn('node w.mjs')
      await collect(child).until('in')
      assert.isAbove(changes, 0)
      const [listed] = await sandbox.processes()
      assert.deepInclude(listed, { command: 'node w.mjs', ports: [] })
      assert.isBelow(Math.abs(Date.now() - (listed?.startedAt ?? 0)), 10_000)
      const before = changes
      sandbox.kill(listed?.pid ?? 0)
      assert.equal((await child.exit).exitCode, 143)
      assert.isAbove(changes, before)
      stop()
      sandbox.kill(listed?.pid ?? 0)
      assert.deepEqual(await sandbox.processes(), [])
      await sandbox.dispose()
    },
  ],
  [
    'runs 32 processes at once and lists them',
    async (create) => {
      const sandbox = await create(filesOf({ 'w.mjs': `console.log('in'); setInterval(() => {}, 1000)` }))
      const children = await Promise.all(Array.from({ length: 32 }, () => sandbox.spawn('node w.mjs')))
      await Promise.all(children.map((child) => collect(child).until('in')))
      const listed = await sandbox.processes()
      assert.equal(listed.length, 32)
      assert.equal(new Set(listed.map((entry) => entry.pid)).size, 32)
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(children.map((child) => child.exit))
      assert.deepEqual(await sandbox.processes(), [])
      await sandbox.dispose()
    },
  ],
  [
    'gives a program its children: pipes, exit code, signal',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'parent.cjs': `const { spawn } = require('child_process')
const child = spawn(process.execPath, ['child.cjs'])
child.stdout.on('data', (data) => process.stdout.write('out: ' + data))
child.on('close', (code) => {
  console.log('code', code)
  const busy = spawn(process.execPath, ['-e', 'console.log(1); for (;;);'])
  busy.stdout.once('data', () => busy.kill())
  busy.on('exit', (code, signal) => console.log(code, signal))
})
child.stdin.end('hello')`,
          'child.cjs': `process.stdin.on('data', (data) => console.log(String(data).toUpperCase())).on('end', () => process.exit(3))`,
        }),
      )
      assert.equal((await runCommand(sandbox, 'node parent.cjs')).stdout, 'out: HELLO\ncode 3\nnull SIGTERM\n')
      await sandbox.dispose()
    },
  ],
  [
    'passes messages between a program and the one it forks',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'parent.cjs': `const child = require('child_process').fork('child.cjs')
child.on('message', ({ sum }) => console.log('sum', sum)).on('exit', (code) => console.log('exit', code))
child.send([1, 2, 3])`,
          'child.cjs': `process.on('message', (list) => { process.send({ sum: list.reduce((a, b) => a + b) }); process.disconnect() })`,
        }),
      )
      assert.equal((await runCommand(sandbox, 'node parent.cjs')).stdout, 'sum 6\nexit 0\n')
      await sandbox.dispose()
    },
  ],
  [
    'joins children with each other, and runs commands by their path',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'parent.cjs': `const { exec, spawn } = require('child_process')
const first = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] })
const second = spawn(process.execPath, ['upper.cjs'], { stdio: [first.stdout, 'inherit', 'inherit'] })
second.on('exit', () => {
  exec('"$NODE" -p 1+1', { env: { ...process.env, NODE: process.execPath } }, (error, stdout) => console.log(error, stdout.trim()))
})
first.stdin.write('he')
first.stdin.end('llo')`,
          'upper.cjs': `process.stdin.on('data', (data) => process.stdout.write(String(data).toUpperCase())).on('end', () => console.log())`,
        }),
      )
      assert.equal((await runCommand(sandbox, 'node parent.cjs')).stdout, 'HELLO\nnull 2\n')
      await sandbox.dispose()
    },
  ],
  [
    'serves HTTP to another process and tells of the port',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'server.mjs': `import http from 'node:http'
http.createServer((request, response) => response.end('you want ' + request.url)).listen(4321, () => console.log('up'))`,
          'client.mjs': `console.log(await (await fetch('http://localhost:4321/this')).text())`,
        }),
      )
      const ports: string[] = []
      sandbox.onPort(({ port, open }) => ports.push(`${port} ${open ? 'open' : 'closed'}`))
      const server = await sandbox.spawn('node server.mjs')
      await collect(server).until('up')
      assert.equal((await runCommand(sandbox, 'node client.mjs')).stdout, 'you want /this\n')
      server.kill()
      await server.exit
      assert.deepEqual(ports, ['4321 open', '4321 closed'])
      await sandbox.dispose()
    },
  ],
  [
    'runs worker threads',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'main.mjs': `import { Worker } from 'node:worker_threads'
const worker = new Worker('./thread.mjs', { workerData: 20 })
worker.on('message', (value) => console.log('got', value)).on('exit', (code) => console.log('exit', code))`,
          'thread.mjs': `import { parentPort, workerData } from 'node:worker_threads'
parentPort.postMessage(new Set([workerData + 1]))`,
        }),
      )
      assert.equal((await runCommand(sandbox, 'node main.mjs')).stdout, 'got Set(1) { 21 }\nexit 0\n')
      await sandbox.dispose()
    },
  ],
  [
    'sends keys, files and ports to a thread, and closes the ports when it ends',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'main.mjs': `import { createSecretKey } from 'node:crypto'
import { open } from 'node:fs/promises'
import { MessageChannel, Worker } from 'node:worker_threads'
const { port1, port2 } = new MessageChannel()
const file = await open('main.mjs')
const worker = new Worker('./thread.mjs')
port1.on('message', (value) => console.log('got', value)).on('close', () => console.log('closed'))
worker.postMessage({ key: createSecretKey(Buffer.from('key')), file, port: port2 }, [file, port2])
try { worker.postMessage({ port: new MessageChannel().port1 }) } catch (error) { console.log(error.name) }`,
          'thread.mjs': `import { parentPort } from 'node:worker_threads'
parentPort.once('message', async ({ key, file, port }) => {
  port.postMessage([key.export().toString(), (await file.readFile('utf8')).slice(0, 6)])
  await file.close()
  process.exit()
})`,
        }),
      )
      const { stdout } = await runCommand(sandbox, 'node main.mjs')
      assert.equal(stdout, "DataCloneError\ngot [ 'key', 'import' ]\nclosed\n")
      await sandbox.dispose()
    },
  ],
  [
    'reports tests by name, with the failure and its place',
    async (create) => {
      const test = `import { describe, expect, it } from 'vitest'\ndescribe('sum', () => {\n  it('adds', () => expect(1 + 1).toBe(2))\n  it('fails', () => {\n    expect(1).toBe(2)\n  })\n  it.skip('waits', () => {})\n})\n`
      const sandbox = await create(filesOf({ 'package.json': packageJson, 'src/sum.test.ts': test }))
      const report = await sandbox.test()
      assert.deepInclude(report, { passed: 1, failed: 1, skipped: 1 })
      assert.equal(report.suites[0]?.file, 'src/sum.test.ts')
      const failed = report.suites[0]?.tests.find((entry) => entry.status === 'failed')
      assert.equal(failed?.name, 'sum > fails')
      assert.match(failed?.error ?? '', /expected 1 to be 2/)
      assert.deepInclude(failed?.location, { file: 'src/sum.test.ts', line: 5 })
      assert.equal((await sandbox.test({ filter: 'adds' })).failed, 0)
      await sandbox.dispose()
    },
  ],
  [
    'reports a failed run when a test never ends',
    async (create) => {
      const test = `import { it } from 'vitest'\nit('spins', () => { for (;;); })\n`
      const sandbox = await create(filesOf({ 'package.json': packageJson, 'spin.test.ts': test }))
      const report = await sandbox.test({ timeoutMs: 2500 })
      assert.equal(report.failed, 1)
      assert.match(report.suites[0]?.error ?? '', /did not end/)
      await sandbox.dispose()
    },
  ],
  [
    'finds type errors across files',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'a.ts': `export const count: number = 1\n`,
          'b.ts': `import { count } from './a.ts'\nexport const text: string = count\n`,
          'tsconfig.json': `{"compilerOptions":{"strict":true,"allowImportingTsExtensions":true,"noEmit":true}}`,
        }),
      )
      const [first, ...others] = await sandbox.check()
      assert.deepInclude(first, { path: 'b.ts', line: 2, severity: 'error', code: 'ts(2322)' })
      assert.deepEqual(others, [])
      await sandbox.apply([{ path: 'a.ts', after: `export const count: string = '1'\n` }])
      assert.deepEqual(await sandbox.check(), [])
      assert.equal((await runCommand(sandbox, 'npx tsc --noEmit')).exitCode, 0)
      await sandbox.dispose()
    },
  ],
  [
    'tells the project’s symbols and who uses them, where it can',
    async (create) => {
      const sandbox = await create(
        filesOf({
          'a.ts': `export const count = (n: number) => n\n`,
          'b.ts': `import { count } from './a'\nexport const two = count(count(2))\n`,
        }),
      )
      const found = await sandbox.symbols?.()
      if (found) {
        const [a, b] = found.sort((one, other) => one.path.localeCompare(other.path))
        assert.deepInclude(a?.symbols[0], { name: 'count', signature: 'count(n: number): number', usedIn: 1 })
        assert.deepEqual(b?.uses, [['a.ts', 2]])
      }
      await sandbox.dispose()
    },
  ],
  [
    'rejects when it has been disposed of, and ends what ran',
    async (create) => {
      const sandbox = await create(filesOf({ 'w.mjs': `setInterval(() => {}, 1000)` }))
      const child = await sandbox.spawn('node w.mjs')
      await sandbox.dispose()
      assert.equal((await child.exit).exitCode, 137)
      await sandbox.dispose()
      let message = ''
      await sandbox.snapshot().catch((error: Error) => {
        message = error.message
      })
      assert.match(message, /disposed/)
    },
  ],
]
