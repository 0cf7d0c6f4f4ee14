import { afterEach, expect, it, vi } from 'vitest'
import type { FromProcess, ProcessStart } from '../protocol'
import type { MachineProgram } from './machine-host'
import { runProcessWorker } from './run-worker'

const start: ProcessStart = {
  pid: 2,
  parentPid: 1,
  firstChildPid: 200_001,
  argv: ['program'],
  invoked: null,
  env: {},
  cwd: '/home/project',
  terminal: null,
  stdin: new Uint8Array(),
  standard: ['none', 'none', 'none'],
  wires: [],
  addresses: [],
  bundles: {},
  maxOutputBytes: 1000,
  test: null,
  thread: null,
  mayShareWorker: false,
}

/** A Worker's global scope and the kernel's end of its port. */
function bootWorker(program: MachineProgram, prepare = () => {}) {
  const scope = new EventTarget()
  const { port1, port2 } = new MessageChannel()
  const received: FromProcess['type'][] = []
  port1.onmessage = ({ data }) => received.push(data.type)
  vi.stubGlobal('addEventListener', scope.addEventListener.bind(scope))
  vi.stubGlobal('SharedArrayBuffer', undefined)
  vi.stubGlobal('postMessage', vi.fn())
  runProcessWorker({ programs: { program }, prepare })
  scope.dispatchEvent(
    Object.assign(new Event('message'), {
      data: { files: { block: { index: '[]', data: new Uint8Array() }, ops: [] } },
      ports: [port2],
    }),
  )
  port1.postMessage({ type: 'start', start })
  return { scope, port: port1, received }
}

/** Whether an error that nobody has caught gets out of the Worker. */
const getsOut = (scope: EventTarget) => scope.dispatchEvent(new Event('error', { cancelable: true }))

afterEach(() => vi.unstubAllGlobals())

it('keeps what stops a program after its exit from overtaking the exit code', async () => {
  let exit: () => void = () => undefined
  const { scope, port, received } = bootWorker((host) => {
    exit = () => host.exit(5)
    return new Promise(() => undefined)
  })
  await vi.waitFor(() => expect(exit).toThrow('The process has ended with code 5.'))
  const others = vi.fn()
  scope.addEventListener('error', others)
  expect(getsOut(scope)).toBe(false)
  expect(others).not.toHaveBeenCalled()
  await vi.waitFor(() => expect(received).toEqual(['exit']))
  port.close()
})

it('lets an error of a program that runs get out', async () => {
  const run = vi.fn(() => new Promise<number>(() => undefined))
  const { scope, port } = bootWorker(run)
  await vi.waitFor(() => expect(run).toHaveBeenCalled())
  expect(getsOut(scope)).toBe(true)
  port.close()
})

it('runs a program though it could not be prepared for one', async () => {
  const run = vi.fn(async () => 0)
  const { port, received } = bootWorker(run, () => {
    throw new Error('not prepared')
  })
  await vi.waitFor(() => expect(received).toEqual(['exit']))
  expect(run).toHaveBeenCalled()
  port.close()
})
