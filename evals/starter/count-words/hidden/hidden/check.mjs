import assert from 'node:assert'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

writeFileSync('a.txt', 'one two\nthree')
writeFileSync('b.txt', 'ü\n')

function count(args, input = '') {
  const { status, stdout, stderr } = spawnSync('node', ['bin/count.mjs', ...args], { input, encoding: 'utf8' })
  return [status, stdout.trimEnd(), stderr.trimEnd()]
}

assert.deepEqual(count(['a.txt']), [0, '3 a.txt', ''])
assert.deepEqual(count(['--lines', 'a.txt', 'b.txt']), [0, '2 a.txt\n1 b.txt\n3 total', ''])
assert.deepEqual(count(['--bytes', 'b.txt']), [0, '3 b.txt', ''])
assert.deepEqual(count([], ' a  b\tc\n'), [0, '3', ''])
assert.deepEqual(count(['--lines'], ''), [0, '0', ''])
assert.deepEqual(count(['a.txt', 'none.txt', 'b.txt']), [1, '3 a.txt\n1 b.txt\n4 total', 'count: none.txt: no such file'])
assert.deepEqual(count(['--chars', 'a.txt']), [2, '', 'count: unknown option --chars'])
