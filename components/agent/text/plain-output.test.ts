import { expect, test } from 'vitest'
import { plainOutput } from './plain-output'

test.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['10 %\r50 %\r100 %\r\ndone', '100 %\ndone'],
  ['\u001b]52;c;cGFzdGU=\u0007text', 'text'],
  ['\u001b]8;;https://example.org\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001bPq#0\u001b\\after', 'after'],
  ['\u009b2Jx\u001b(Bx', 'xx'],
  ['cut \u001b[', 'cut '],
  ['cut \u001b]0;title', 'cut '],
])('%j reads %j', (raw, plain) => {
  expect(plainOutput(raw)).toBe(plain)
})
