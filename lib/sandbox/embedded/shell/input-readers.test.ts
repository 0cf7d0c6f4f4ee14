import { Bash } from 'just-bash/browser'
import { describe, expect, it } from 'vitest'
import { readsInput } from './input-readers'

function answer(line: string): boolean {
  const command = new Bash().transform(line).ast.statements[0]?.pipelines[0]?.commands[0]
  if (command?.type !== 'SimpleCommand') throw new Error(`not one command: ${line}`)
  return readsInput(command)
}

describe('readsInput', () => {
  it.each([
    'cat',
    'cat -',
    'cat -n',
    'wc -c',
    'head -n 3',
    'head -3',
    'sort -t : -k 2',
    'grep -v no',
    `grep -e 'a b' -e c`,
    'grep "$pattern"',
    `sed -n -e 5p`,
    `sed 's/a/b/'`,
    `awk -F: '{ print $1 }'`,
    'jq .a',
    'tr a-z A-Z',
    'tee copy.txt',
    'xargs echo',
  ])('is true of %s', (line) => {
    expect(answer(line)).toBe(true)
  })

  it.each([
    'cat a.txt',
    'cat *.txt',
    'cat "$file"',
    'wc -l src/a.ts',
    'head -n 3 a.txt',
    'grep -rn text',
    'grep text .',
    'grep -e a b.txt',
    `sed -i 's/a/b/' a.txt`,
    'sed -n 5p a.txt',
    `awk 'BEGIN { print 1 }'`,
    `awk '{ print }' a.txt`,
    'jq -n 1',
    'sort --help',
    'xargs --version',
    'ls',
    'echo hi',
    'node x.js',
  ])('is false of %s', (line) => {
    expect(answer(line)).toBe(false)
  })
})
