import { afterEach, expect, it } from 'vitest'
import type { Library } from './library/library'
import { installStackTraces } from './stack-traces'

type Prepare = (error: Error, sites: { getFunctionName(): string | null }[]) => unknown
const native = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
const V8Error = Error as unknown as { prepareStackTrace: Prepare | undefined }

afterEach(() => {
  Reflect.deleteProperty(Error, 'prepareStackTrace')
  if (native) Object.defineProperty(Error, 'prepareStackTrace', native)
})

const kIsNodeError = Symbol('kIsNodeError')

function install() {
  const library = { require: () => ({ overrideStackTrace: new Map(), kIsNodeError }), indentOf: () => 4 }
  installStackTraces(library as unknown as Library)
}

/** Read at once, as the engine asks only then. */
function stackHere(): unknown {
  return new Error('x').stack
}

it('lets a program change the frames and have the one before write them, as Babel does', () => {
  install()
  const before = V8Error.prepareStackTrace as Prepare
  V8Error.prepareStackTrace = (error, sites) => `mine: ${before(error, sites.slice(0, 1))}`
  expect(stackHere()).toMatch(/^mine: Error: x\n {4}at stackHere \(.+stack-traces\.test\.ts:\d+:\d+\)$/)
})

it('shows the code of an error of Node’s own table behind its name', () => {
  install()
  class NodeError extends TypeError {
    code = 'ERR_X'
    get [kIsNodeError]() {
      return true
    }
  }
  const error = new NodeError('why')
  Error.captureStackTrace(error)
  expect(error.stack).toMatch(/^TypeError \[ERR_X\]: why\n/)
})

it('takes sites that a program makes', () => {
  install()
  const before = V8Error.prepareStackTrace as (error: Error, sites: unknown[]) => unknown
  V8Error.prepareStackTrace = (error) => before(error, [{ toString: () => '/own.js:1:2' }])
  expect(stackHere()).toBe('Error: x\n    at /own.js:1:2')
})

it('has a function that was read and set again go on', () => {
  install()
  V8Error.prepareStackTrace = () => 'first'
  const before = V8Error.prepareStackTrace
  V8Error.prepareStackTrace = (_, sites) => sites[0]?.getFunctionName()
  expect(stackHere()).toBe('stackHere')
  V8Error.prepareStackTrace = before
  expect(stackHere()).toBe('first')
  V8Error.prepareStackTrace = undefined
  expect(stackHere()).toMatch(/^Error: x\n/)
})

it('shows the frames of Node’s library at their own columns, and none of the machine but where it plays Node’s loader', () => {
  install()
  const before = V8Error.prepareStackTrace as (error: Error, sites: unknown[]) => unknown
  const frames = [
    'Array.map (<anonymous>)',
    'EventEmitter.emit (node:events:519:24)',
    'Array.map (<anonymous>)',
    'Object.<anonymous> (/home/project/a.js:1:2)',
    'Module._compile (vitrine:process.js:3:4)',
    '.js (vitrine:process.js:5:6)',
    'Array.map (<anonymous>)',
    'Object.start (vitrine:process.js:7:8)',
    'listOnTimeout (node:internal/timers:9:10)',
    'listOnTimeout.next (<anonymous>)',
    'process.processTimers (node:internal/timers:11:12)',
    'processTimers.next (<anonymous>)',
    'turn (vitrine:process.js:13:14)',
    'runMainModule (vitrine:process.js:15:16)',
  ]
  V8Error.prepareStackTrace = (error) =>
    before(
      error,
      frames.map((frame) => ({ toString: () => frame })),
    )
  expect(stackHere()).toBe(`Error: x
    at Array.map (<anonymous>)
    at EventEmitter.emit (node:events:519:28)
    at Array.map (<anonymous>)
    at Object.<anonymous> (/home/project/a.js:1:2)
    at Module._compile (node:internal/modules/cjs/loader:3:4)
    at Object..js (node:internal/modules/cjs/loader:5:6)
    at listOnTimeout (node:internal/timers:9:14)
    at process.processTimers (node:internal/timers:11:16)
    at node:internal/main/run_main_module:15:16`)
})
