import { expect, it } from 'vitest'
import { firstPlace, toUserFrame } from './stack'

it.each([
  ['eval (/home/project/a.js:1:2)', '/home/project/a.js:1:2'],
  ['Object.eval (/home/project/a.js:1:2)', 'Object.<anonymous> (/home/project/a.js:1:2)'],
  ['EventEmitter.eval (/home/project/a.js:1:2)', 'EventEmitter.<anonymous> (/home/project/a.js:1:2)'],
  ['Timeout.eval [as _onTimeout] (/home/project/a.js:1:2)', 'Timeout._onTimeout (/home/project/a.js:1:2)'],
  ['Box.open [as close] (/home/project/a.js:1:2)', 'Box.open [as close] (/home/project/a.js:1:2)'],
  ['evaluate (/home/project/eval (1).js:1:2)', 'evaluate (/home/project/eval (1).js:1:2)'],
])('shows the frame “%s” as Node does', (frame, shown) => {
  expect(toUserFrame(frame)).toBe(shown)
})

it('takes the first place of the user’s own from a stack, not one of Node’s library', () => {
  const stack = 'Error: x\n    at emit (node:internal/modules/cjs/loader:1:2)\n    at run (/home/project/a.js:3:4)'
  expect(firstPlace(stack)).toEqual({ file: '/home/project/a.js', line: 3, column: 4 })
})
