import { expect, test } from 'vitest'
import { parseTimeout } from './timeout-command'

const plain = { limitMs: 0, killAfterMs: 0, signal: 'SIGTERM', keepsStatus: false }

test.each([
  ['10 node a.js', { ...plain, limitMs: 10_000, argv: ['node', 'a.js'] }],
  ['.5m x', { ...plain, limitMs: 30_000, argv: ['x'] }],
  ['0 x -s y', { ...plain, argv: ['x', '-s', 'y'] }],
  ['-s KILL 1h x', { ...plain, limitMs: 3_600_000, signal: 'SIGKILL', argv: ['x'] }],
  ['--signal=SIGINT 1 x', { ...plain, limitMs: 1000, signal: 'SIGINT', argv: ['x'] }],
  [
    '--preserve-status -k5 --foreground -- 2 x',
    { ...plain, limitMs: 2000, killAfterMs: 5000, keepsStatus: true, argv: ['x'] },
  ],
  ['-k 5s 2 x', { ...plain, limitMs: 2000, killAfterMs: 5000, argv: ['x'] }],
  ['5', { problem: 'missing operand' }],
  ['soon x', { problem: "invalid time interval 'soon'" }],
  ['-s NONE 1 x', { problem: 'NONE: invalid signal' }],
  ['--now 1 x', { problem: "unrecognized option '--now'" }],
])('timeout %s', (line, expected) => {
  expect(parseTimeout(line.split(' '))).toEqual(expected)
})
