import { expect, test } from 'playwright/test'
import { sandboxPage } from '../testing/sandbox-page'

/** Were code in a process to get hold of its port to the kernel, what it sends there would be its own invention. */
const grabPort = `
  const { internalBinding } = require('internal/test/binding')
  const prototype = internalBinding('messaging').nativePortPrototype
  const { postMessage } = prototype
  let port
  prototype.postMessage = function (...args) { port = this; return postMessage.apply(this, args) }
  console.log('grabbed')
  const forge = (message) => postMessage.call(port, message)
  const ownPid = process.pid * 100_000 + 1
  const child = (other) => ({ argv: ['node', '-e', '0'], cwd: '/', env: {}, stdio: [], detached: false, ...other })
  const shared = () => new Uint8Array(new SharedArrayBuffer(3))
`
const forgeries: [name: string, message: string][] = [
  [
    'output on a stream that is none',
    `{ type: 'batch', number: 1, files: [], output: [{ stream: 'constructor', data: new Uint8Array(3) }] }`,
  ],
  [
    'output in shared memory',
    `{ type: 'batch', number: 1, files: [], output: [{ stream: 'stdout', data: shared() }] }`,
  ],
  [
    'a file in shared memory',
    `{ type: 'batch', number: 1, files: [{ kind: 'file', path: '/home/project/x', data: shared(), mtimeMs: 1, mode: 1 }], output: [] }`,
  ],
  [
    'a file outside the machine',
    `{ type: 'batch', number: 1, files: [{ kind: 'gone', path: '/home/project/../x' }], output: [] }`,
  ],
  ['files that are no list', `{ type: 'batch', number: 1, files: { every: 1 }, output: [] }`],
  ['a child with the pid of a stranger', `{ type: 'spawn', pid: 1, child: child() }`],
  ['a child whose pid is no number', `{ type: 'spawn', pid: NaN, child: child() }`],
  ['a child without a program', `{ type: 'spawn', pid: ownPid, child: child({ argv: null }) }`],
  [
    'a child on a wire of the kernel',
    `{ type: 'spawn', pid: ownPid, child: child({ stdio: [{ kind: 'wire', wire: -1 }] }) }`,
  ],
  ['a connection to nowhere', `{ type: 'connect', wire: 1, address: { port: 1 } }`],
  ['a connection by a number that is none', `{ type: 'connect', wire: 1.5, address: 80 }`],
  ['a port out of range', `{ type: 'listen', address: 70000 }`],
  [
    'a message to the parent of a thread it is not',
    `{ type: 'thread-message', thread: null, message: 1, transfer: [] }`,
  ],
  ['a call without shared memory', `{ type: 'sync', number: 1, call: { name: 'more', offset: 0 }, buffer: null }`],
  [
    'a package that it may not ask for',
    `{ type: 'package', id: 1, request: { path: 'x', integrity: null, full: false } }`,
  ],
  ['an install that it may not make', `{ type: 'install', removed: ['/home/project/node_modules/a'], packages: [] }`],
  ['a report that is none', `{ type: 'report', report: { passed: 1, suites: null } }`],
]

const page = sandboxPage()

for (const [name, message] of forgeries) {
  test(`a process that forges ${name} ends, and nobody else notices`, async () => {
    const source = `${grabPort}\nforge(${message})\nsetTimeout(() => console.log('went on'), 3000)`
    const outcome = await page().evaluate(async (program) => {
      const project = new Map([
        ['forger.cjs', program],
        ['neighbour.cjs', `setTimeout(() => console.log('still here'), 300)`],
      ])
      const sandbox = await window.createEmbeddedSandbox({ files: project })
      const neighbour = window.runCommand(sandbox, 'node neighbour.cjs')
      const forger = await window.runCommand(sandbox, 'node --no-warnings --expose-internals forger.cjs')
      const files = [...(await sandbox.snapshot()).keys()].sort()
      const { stdout } = await neighbour
      await sandbox.dispose()
      return { forger, neighbour: stdout, files }
    }, source)
    expect(outcome).toEqual({
      forger: expect.objectContaining({
        exitCode: 1,
        stdout: 'grabbed\n',
        stderr: expect.stringMatching(/^The process broke the protocol: /),
      }),
      neighbour: 'still here\n',
      files: ['forger.cjs', 'neighbour.cjs'],
    })
  })
}

test('a Worker in which a program ran serves no other one, whatever it says', async () => {
  const source = `${grabPort}\nglobalThis.isTainted = true\nforge({ type: 'exit', exitCode: 0, isIdle: true })\nsetInterval(() => 0, 100)`
  const next = await page().evaluate(async (program) => {
    const sandbox = await window.createEmbeddedSandbox({ files: new Map([['forger.cjs', program]]) })
    await window.runCommand(sandbox, 'node --no-warnings --expose-internals forger.cjs')
    const outcomes = []
    for (let run = 0; run < 3; run++) outcomes.push(await window.runCommand(sandbox, 'node -p "typeof isTainted"'))
    await sandbox.dispose()
    return outcomes.map(({ stdout }) => stdout)
  }, source)
  expect(next).toEqual(['undefined\n', 'undefined\n', 'undefined\n'])
})
