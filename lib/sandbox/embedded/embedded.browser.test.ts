import { expect, type Page, test } from 'playwright/test'
import { sandboxContract } from '../sandbox.contract'
import { sandboxPage } from '../testing/sandbox-page'

/**
 * A page that is not cross-origin isolated has no SharedArrayBuffer; some browsers grant none at all. That run has its
 * Workers started by the frame, as in Firefox, too.
 */
const paths = { '': '/', ' without SharedArrayBuffer': '/plain' } as const

for (const [without, path] of Object.entries(paths)) {
  test.describe(`the embedded sandbox${without}`, () => {
    const page = sandboxPage({ path })
    test.beforeAll(async () => {
      expect(await page().evaluate(() => 'SharedArrayBuffer' in window)).toBe(without === '')
      if (without) await page().evaluate(() => Object.assign(window, { InternalError: Error }))
    })

    for (const [claim] of sandboxContract) {
      test(claim, async () => {
        await page().evaluate((name) => window.runContractCase(name), claim)
        expect(await page().locator('iframe').count()).toBe(0)
      })
    }

    test('has the symbolic links it was mounted with, and tells of those that come and go', async () => {
      const outcome = await page().evaluate(async () => {
        const sandbox = await window.createEmbeddedSandbox({
          files: new Map([['a.txt', 'one\n']]),
          links: new Map([
            ['current', 'a.txt'],
            ['old', 'a.txt'],
          ]),
        })
        const told: unknown[] = []
        sandbox.onLinks?.((changes) => told.push(...changes))
        const program = `const fs = require('fs'); console.log(fs.lstatSync('current').isSymbolicLink(), fs.readlinkSync('current'))`
        const { stdout } = await window.runCommand(
          sandbox,
          `node -e "${program}" && cat current && ls -l current && ln -s current next && rm old`,
        )
        await sandbox.apply([{ path: 'current', after: 'a file' }])
        await sandbox.link?.([
          { path: 'next', target: null },
          { path: 'latest', target: 'a.txt' },
        ])
        const fork = await sandbox.fork()
        const forked = await window.runCommand(fork, 'readlink next; cat current latest; ls')
        await sandbox.dispose()
        await fork.dispose()
        return { stdout, told, forked: forked.stdout }
      })
      expect(outcome).toEqual({
        stdout: expect.stringMatching(/^true a\.txt\none\nlrwxrwxrwx 1 vitrine vitrine 5 .* current -> a\.txt\n$/),
        told: [
          { path: 'next', target: 'current' },
          { path: 'old', target: null },
          { path: 'current', target: null },
          { path: 'next', target: null },
          { path: 'latest', target: 'a.txt' },
        ],
        forked: 'a fileone\na.txt\ncurrent\nlatest\n',
      })
    })

    test('has the modes it was mounted with, and tells of those that programs change', async () => {
      const outcome = await page().evaluate(async () => {
        const script = '#!/bin/sh\n'
        const files = new Map([
          ['a.sh', script],
          ['b.sh', script],
          ['c', 'echo c'],
        ])
        const guessing = await window.createEmbeddedSandbox({ files })
        const guessed = await window.runCommand(guessing, 'stat -c %a a.sh b.sh c')
        await guessing.dispose()
        const sandbox = await window.createEmbeddedSandbox({ files, executables: new Set(['b.sh', 'c']) })
        const told: unknown[] = []
        sandbox.onExecutables?.((changes) => told.push(...changes))
        const { stdout } = await window.runCommand(
          sandbox,
          'stat -c %a a.sh b.sh c; chmod +x a.sh; chmod 600 b.sh; chmod 711 c; cp c d; mv c e',
        )
        await sandbox.setExecutable?.([
          { path: 'a.sh', executable: false },
          { path: 'b.sh', executable: true },
        ])
        const fork = await sandbox.fork()
        const forked = await window.runCommand(fork, 'stat -c %a a.sh b.sh d e')
        await sandbox.dispose()
        await fork.dispose()
        return { guessed: guessed.stdout, stdout, told, forked: forked.stdout }
      })
      expect(outcome).toEqual({
        guessed: '755\n755\n644\n',
        stdout: '644\n755\n755\n',
        told: [
          { path: 'a.sh', executable: true },
          { path: 'b.sh', executable: false },
          { path: 'd', executable: true },
          { path: 'e', executable: true },
        ],
        forked: '644\n711\n711\n711\n',
      })
    })
  })
}

test.describe('the embedded sandbox’s threads', () => {
  const page = sandboxPage()

  test('see the files that another wrote before it said so, by a message or through shared memory, or that they wait for', async () => {
    const files = {
      'main.mjs': `import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
const words = new Int32Array(new SharedArrayBuffer(4))
const worker = new Worker('./thread.mjs', { workerData: words })
const seen = { message: 0, memory: 0, none: 0 }
const look = (how, path) => { try { seen[how] += readFileSync(path, 'utf8') === path ? 1 : 0 } catch {} }
for (let i = 1; i <= 50; i++) {
  worker.postMessage('message ' + i)
  await once(worker, 'message')
  look('message', 'message ' + i)
  worker.postMessage('memory ' + i)
  Atomics.wait(words, 0, i - 1)
  look('memory', 'memory ' + i)
}
worker.postMessage('none')
for (const end = Date.now() + 5000; seen.none === 0 && Date.now() < end; ) look('none', 'none')
console.log(seen)
await worker.terminate()`,
      'thread.mjs': `import { writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
parentPort.on('message', (path) => {
  writeFileSync(path, path)
  if (path.startsWith('message')) return parentPort.postMessage('written')
  if (path === 'none') return
  Atomics.add(workerData, 0, 1)
  Atomics.notify(workerData, 0)
})`,
    }
    const stdout = await runMain(page(), files)
    expect(stdout).toBe('{ message: 50, memory: 50, none: 1 }\n')
  })

  test('do so in a Worker, too, that had another thread before', async () => {
    const files = {
      'main.mjs': `import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
const seen = []
for (let round = 0; round < 6; round++) {
  const words = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker('./thread.mjs', { workerData: words })
  await once(worker, 'message')
  writeFileSync('round', String(round))
  Atomics.store(words, 0, 1)
  Atomics.notify(words, 0)
  seen.push(...(await once(worker, 'message')))
  await once(worker, 'exit')
}
console.log(seen.join())`,
      'thread.mjs': `import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
parentPort.postMessage('ready')
Atomics.wait(workerData, 0, 0)
parentPort.postMessage(readFileSync('round', 'utf8'))`,
    }
    const stdout = await runMain(page(), files)
    expect(stdout).toBe('0,1,2,3,4,5\n')
  })
})

test.describe('the embedded sandbox’s sleeping threads', () => {
  const page = sandboxPage()

  test('read the message that they were woken for, once and in order, whatever it holds', async () => {
    const files = {
      'main.mjs': `import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
const words = new Int32Array(new SharedArrayBuffer(4))
const { port1, port2 } = new MessageChannel()
const worker = new Worker('./thread.mjs', { workerData: { words, port: port2 }, transferList: [port2] })
const call = (request) => {
  Atomics.store(words, 0, 0)
  worker.postMessage(request)
  Atomics.wait(words, 0, 0, 5000)
  return receiveMessageOnPort(port1)?.message
}
console.log(call(new Map([['a', [1n, new Date(0), /x/g, undefined]]])), call('é'.repeat(70_000)).length, call(new RangeError('no')).message)
let right = 0
for (let i = 0; i < 300; i++) right += call({ i, text: 'x'.repeat(10_000) }).i === i ? 1 : 0
console.log(right)
const late = []
port1.on('message', (message) => late.push(message.length) === 3 && (console.log(late), worker.terminate()))
for (const message of ['a', 'x'.repeat(2_000_000), 'c']) worker.postMessage(message)
`,
      'thread.mjs': `import { parentPort, workerData } from 'node:worker_threads'
parentPort.on('message', (message) => {
  workerData.port.postMessage(message)
  Atomics.store(workerData.words, 0, 1)
  Atomics.notify(workerData.words, 0)
})`,
    }
    const stdout = await runMain(page(), files)
    expect(stdout).toBe(
      "Map(1) { 'a' => [ 1n, 1970-01-01T00:00:00.000Z, /x/g, undefined ] } 70000 no\n300\n[ 1, 2000000, 1 ]\n",
    )
  })
})

test.describe('the embedded sandbox’s threads that sleep until there is work', () => {
  const page = sandboxPage()

  test('read it at once, though only they ask for that', async () => {
    const files = {
      'main.mjs': `import { Worker } from 'node:worker_threads'
const words = new Int32Array(new SharedArrayBuffer(4))
const worker = new Worker('./thread.mjs', { workerData: words })
worker.on('message', (message) => {
  if (message !== 'ready') return console.log(message)
  for (const task of ['one', new Intl.NumberFormat(), 'two', [].values(), 'three'])
    try {
      worker.postMessage(task)
    } catch (error) {
      console.log(error.name)
    }
  Atomics.store(words, 0, 1)
  Atomics.notify(words, 0)
})`,
      'thread.mjs': `import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
parentPort.postMessage('ready')
Atomics.wait(workerData, 0, 0, 10_000)
const tasks = []
for (let next = receiveMessageOnPort(parentPort); next; next = receiveMessageOnPort(parentPort)) tasks.push(next.message)
parentPort.postMessage(tasks)`,
    }
    // What cannot be sent is not read early either, in the place of the next.
    expect(await runMain(page(), files)).toBe("DataCloneError\nDataCloneError\n[ 'one', 'two', 'three' ]\n")
  })
})

test.describe('the embedded sandbox, when its frame is gone', () => {
  const page = sandboxPage()

  test('ends every call and process', async () => {
    const outcome = await page().evaluate(async () => {
      const sandbox = await window.createEmbeddedSandbox({
        files: new Map([['w.mjs', 'setInterval(() => {}, 1000)']]),
      })
      const child = await sandbox.spawn('node w.mjs')
      document.querySelector('iframe')?.remove()
      const { exitCode } = await child.exit
      const message = await sandbox.snapshot().then(String, (error: Error) => error.message)
      await sandbox.dispose()
      return { exitCode, message }
    })
    expect(outcome).toEqual({ exitCode: 137, message: 'The sandbox has crashed.' })
  })
})

/** What `node main.mjs` prints in a sandbox of its own. */
async function runMain(page: Page, files: Record<string, string>): Promise<string> {
  return page.evaluate(async (given) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map(Object.entries(given)) })
    const { stdout } = await window.runCommand(sandbox, 'node main.mjs')
    await sandbox.dispose()
    return stdout
  }, files)
}
