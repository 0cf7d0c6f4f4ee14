import { expect, it } from 'vitest'
import { toUserFrame } from './stack'

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
