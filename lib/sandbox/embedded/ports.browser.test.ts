import { expect, test } from 'playwright/test'
import { sandboxPage } from '../testing/sandbox-page'

const page = sandboxPage()

const echo = `require('net').createServer((socket) => socket.pipe(socket)).listen(7000, () => console.log('up'))`

/** By names and addresses that take different ways to the port, so that what the machine says of it comes in between. */
const reopening = `
const { createServer } = require('net')
const use = (port, host) => new Promise((done, fail) => {
  const server = createServer().on('error', fail).listen({ port, host }, () => {
    const { port } = server.address()
    server.close(() => done(port))
  })
})
;(async () => {
  for (let round = 0; round < 10; round++) {
    let port = 0
    for (const host of [undefined, '0.0.0.0', '127.0.0.1', 'localhost', '::']) port = await use(port, host)
  }
  console.log('ok')
})()`

test('the page talks to a port as to a socket, however much there is to say', async () => {
  const outcome = await page().evaluate(async (source) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map([['echo.cjs', source]]) })
    const child = await sandbox.spawn('node echo.cjs')
    await new Promise<void>((resolve) => child.onOutput(() => resolve()))
    const { readable, writable } = await sandbox.connect(7000)
    const writer = writable.getWriter()
    const sent = (async () => {
      for (let index = 0; index < 64; index++) await writer.write(new Uint8Array(65_536).fill(index))
      await writer.close()
    })()
    let size = 0
    let last = 0
    for (const reader = readable.getReader(); ; ) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.byteLength
      last = value.at(-1) ?? 0
    }
    await sent
    const refused = await sandbox.connect(7001).catch((error: Error) => error.message)
    await sandbox.dispose()
    return { size, last, refused: String(refused) }
  }, echo)
  expect(outcome).toEqual({ size: 64 * 65_536, last: 63, refused: 'Nothing listens on port 7001.' })
})

test('the list of processes says where they listen', async () => {
  const listed = await page().evaluate(async (source) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map([['echo.cjs', source]]) })
    const child = await sandbox.spawn('node echo.cjs')
    await new Promise<void>((resolve) => child.onOutput(() => resolve()))
    const processes = await sandbox.processes()
    await sandbox.dispose()
    return processes.map(({ command, ports }) => [command, ports])
  }, echo)
  expect(listed).toEqual([['node echo.cjs', [7000]]])
})

test('a connection ends when its process is killed', async () => {
  const ended = await page().evaluate(async (source) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map([['echo.cjs', source]]) })
    const child = await sandbox.spawn('node echo.cjs')
    await new Promise<void>((resolve) => child.onOutput(() => resolve()))
    const { readable } = await sandbox.connect(7000)
    child.kill('SIGKILL')
    const { done } = await readable.getReader().read()
    await sandbox.dispose()
    return done
  }, echo)
  expect(ended).toBe(true)
})

test('a process sleeps for its child and then sees what that has written', async () => {
  const outcome = await page().evaluate(async () => {
    const files = new Map([
      [
        'main.cjs',
        `const { spawnSync } = require('child_process')
const { status, stdout } = spawnSync('node', ['-e', 'require("fs").writeFileSync("made.txt", "x".repeat(1e6)); process.stdout.write("y".repeat(1e6)); process.exit(7)'])
console.log(status, stdout.length, require('fs').statSync('made.txt').size)`,
      ],
    ])
    const sandbox = await window.createEmbeddedSandbox({ files })
    const { stdout } = await window.runCommand(sandbox, 'node main.cjs')
    await sandbox.dispose()
    return stdout
  })
  expect(outcome).toBe('7 1000000 1000000\n')
})

test('a server that has closed can listen on its port again at once', async () => {
  const outcome = await page().evaluate(async (source) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map([['again.cjs', source]]) })
    const result = await window.runCommand(sandbox, 'node again.cjs')
    await sandbox.dispose()
    return result.stdout + result.stderr
  }, reopening)
  expect(outcome).toBe('ok\n')
})

test('a data: URL is fetched, however long it is', async () => {
  const source = `
const data = Buffer.alloc(3e5, 'long')
fetch('data:application/wasm;base64,' + data.toString('base64')).then(async (answer) =>
  console.log(answer.headers.get('content-type'), data.equals(Buffer.from(await answer.arrayBuffer()))))`
  const outcome = await page().evaluate(async (source) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map([['main.cjs', source]]) })
    const result = await window.runCommand(sandbox, 'node main.cjs')
    await sandbox.dispose()
    return result.stdout + result.stderr
  }, source)
  expect(outcome).toBe('application/wasm true\n')
})
