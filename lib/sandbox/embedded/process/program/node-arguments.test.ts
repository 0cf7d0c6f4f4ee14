import { describe, expect, it } from 'vitest'
import { parseNodeArguments } from './node-arguments'

describe('parseNodeArguments', () => {
  it.each([
    [['a.js', '-v', 'x'], { mode: 'file', file: 'a.js', rest: ['-v', 'x'], execArgv: [] }],
    [
      ['-r', './p', '--import=./q', 'a.js'],
      { requires: ['./p'], imports: ['./q'], execArgv: ['-r', './p', '--import=./q'] },
    ],
    [['-e', '1', 'x', 'y'], { mode: 'eval', code: '1', rest: ['x', 'y'] }],
    [['--eval=a = "b"', 'x'], { mode: 'eval', code: 'a = "b"', rest: ['x'], execArgv: ['--eval=a = "b"'] }],
    [['-p', '1'], { mode: 'print', code: '1', execArgv: ['-p', '1'] }],
    [['-pe', '1'], { mode: 'print', code: '1' }],
    [['--print', '1'], { mode: 'print', code: '1' }],
    [['--check', 'a.js'], { mode: 'check', file: 'a.js' }],
    [['--test', 'a', 'b'], { mode: 'test', rest: ['a', 'b'] }],
    [['-C', 'dev', '--conditions=x', 'a.js'], { conditions: ['dev', 'x'], file: 'a.js' }],
    [
      ['--env-file=.env', '--env-file-if-exists', '.b', 'a.js'],
      {
        envFiles: [
          { path: '.env', isOptional: false },
          { path: '.b', isOptional: true },
        ],
      },
    ],
    [
      ['--loader', './l.mjs', '--experimental-loader=./m.mjs', 'a.js'],
      { loaders: ['./l.mjs', './m.mjs'], file: 'a.js' },
    ],
    [['--entry-url', './a.js?q'], { isUrl: true, file: './a.js?q' }],
    [['-i'], { mode: 'stdin', isInteractive: true }],
    [['--trace-require-module=1', 'a.js'], { complaint: 'invalid value for --trace-require-module' }],
    [['--watch', 'a.js'], { watches: true, file: 'a.js' }],
    [['--input-type=module', '-e', 'x'], { inputType: 'module' }],
    [['--', '-odd.js', '1'], { mode: 'file', file: '-odd.js', rest: ['1'] }],
    [['-', 'x'], { mode: 'stdin', rest: ['-', 'x'] }],
    [[], { mode: 'stdin' }],
    [['-r'], { complaint: '-r requires an argument' }],
    [['--unhandled-rejections=loud', 'a.js'], { complaint: 'invalid value for --unhandled-rejections' }],
  ])('reads %j', (argv, expected) => {
    expect(parseNodeArguments(argv)).toMatchObject(expected)
  })

  it('takes options from NODE_OPTIONS without showing them as its own', () => {
    const { requires, execArgv, flags } = parseNodeArguments(['a.js'], '-r "./with space" --no-warnings')
    expect({ requires, execArgv, flags }).toEqual({
      requires: ['./with space'],
      execArgv: [],
      flags: ['-r', './with space', '--no-warnings'],
    })
  })
})
