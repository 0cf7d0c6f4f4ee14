import { expect, it } from 'vitest'
import { foreignFrames, foreignFrameText } from './foreign-frames'
import { cleanStack, firstPlace } from './stack'

const asV8 = (stack: string) => foreignFrames(stack).map(foreignFrameText)

it('reads the frames of Firefox', () => {
  const stack = [
    'inner@/home/project/a.mjs:1:26',
    '@/home/project/node_modules/@scope/b.js:4:15',
    'outer/named@/home/project/a.mjs:2:1',
    'outer/<@/home/project/a.mjs:3:1',
    'async*load@/home/project/a.mjs:5:7',
    '',
  ].join('\n')
  expect(asV8(stack)).toEqual([
    'inner (/home/project/a.mjs:1:26)',
    '/home/project/node_modules/@scope/b.js:4:15',
    'named (/home/project/a.mjs:2:1)',
    '/home/project/a.mjs:3:1',
    'async load (/home/project/a.mjs:5:7)',
  ])
})

it('reads the frames of Safari', () => {
  expect(asV8('go@/home/project/a.mjs:2:30\nmap@[native code]\nmodule code@/home/project/a.mjs:4:15')).toEqual([
    'go (/home/project/a.mjs:2:30)',
    'map (<anonymous>)',
    '/home/project/a.mjs:4:15',
  ])
})

it('goes on past frames of WebAssembly', () => {
  const stack =
    'fail@/home/project/a.mjs:2:9\nrun@blob:null/1-2:wasm-function[3]:0x1a\nrun@[wasm code]\n@/home/project/a.mjs:4:1'
  expect(asV8(stack)).toEqual([
    'fail (/home/project/a.mjs:2:9)',
    'run (<anonymous>)',
    'run (<anonymous>)',
    '/home/project/a.mjs:4:1',
  ])
})

it('finds the user’s place in a stack of another engine, and leaves out the machine’s frames', () => {
  const stack = 'check@vitrine:testing.js:1:90\n@/home/project/a.test.ts:6:15\nrun@vitrine:testing.js:2:1'
  expect(cleanStack(stack)).toBe('    at /home/project/a.test.ts:6:15')
  expect(firstPlace(cleanStack(stack))).toEqual({ file: '/home/project/a.test.ts', line: 6, column: 15 })
})

it('takes a message for no stack', () => {
  const message = 'Error: cannot reach me@/home/project/a.js:1:2\nat all'
  expect(cleanStack(message)).toBe(message)
})
