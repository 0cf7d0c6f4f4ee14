import { describe, expect, it } from 'vitest'
import { createFakeHost } from '../process/testing/fake-host'
import { shell } from './shell'

/** `node <words>` prints its words; `node fail` exits with 3; `node upper` prints its input in capitals. */
function create(line: string, files: Record<string, string> = {}) {
  return createFakeHost(['sh', '-c', line], files, ([, ...words], stdin) => {
    if (words[0] === 'fail') return { stderr: 'failed\n', exitCode: 3 }
    if (words[0] === 'upper') return { stdout: new TextDecoder().decode(stdin as Uint8Array).toUpperCase() }
    return { stdout: `[${words.join(' ')}]\n` }
  })
}

describe('the shell', () => {
  it.each([
    ['echo a; echo b', 'a\nb\n', 0],
    ['false || echo fallback', 'fallback\n', 0],
    ['echo a && node x && echo b', 'a\n[x]\nb\n', 0],
    ['node fail && echo no', '', 3],
    ['node fail || echo caught', 'caught\n', 0],
    ['set -e; echo a; node fail; echo no', 'a\n', 3],
    ['cd src && pwd && node x', '/home/project/src\n[x]\n', 0],
    ['X=1; Y=$X$X; echo $Y', '11\n', 0],
    ['for i in 1 2; do echo $i; node $i; done', '1\n[1]\n2\n[2]\n', 0],
    ['i=0; while [ $i -lt 2 ]; do node $i; i=$((i+1)); done; echo $i', '[0]\n[1]\n2\n', 0],
    ['if node x; then echo yes; else echo no; fi', '[x]\nyes\n', 0],
    ['if ! node fail; then echo no; fi', 'no\n', 0],
    ['case a in a) node case;; esac', '[case]\n', 0],
    ['(echo sub; node x); { echo group; node y; }', 'sub\n[x]\ngroup\n[y]\n', 0],
    ['f() { echo "f $1"; node $1; return 4; }; f q', 'f q\n[q]\n', 4],
    ['exit 9; echo no', '', 9],
    ['node x | tr x y', '[y]\n', 0],
    ['echo abc | node upper', 'ABC\n', 0],
    ['echo "got $(node x)"', 'got [x]\n', 0],
    ['echo {a,b}{1,2}', 'a1 a2 b1 b2\n', 0],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
    ['f=src/a.b; echo ${f##*/} ${f%%/*}; case x/ in */) echo folder;; esac', 'a.b src\nfolder\n', 0],
    ['x=(*/); echo $x', 'src/\n', 0],
    ['node x > out.txt; cat out.txt', '[x]\n', 0],
    ['node fail 2> err.txt; cat err.txt', 'failed\n', 0],
    ['node fail 2>&1 | cat', 'failed\n', 0],
    ['cat <<END\nhere $((1+1))\nEND', 'here 2\n', 0],
    ['echo x > src/new.txt && ls src', 'a.txt\nnew.txt\n', 0],
    ['cat src/*.txt', 'text', 0],
    ['cp -r src copy && rm -r src && ls && cat copy/a.txt', 'copy\ntext', 0],
    ['mkdir -p d/e && touch d/e/f && mv d g && find g -type f', 'g/e/f\n', 0],
    ['echo é | wc -c', '3\n', 0],
    ['printf "a\\n\\nb\\n" | grep -c .', '2\n', 0],
    ['! true', '', 1],
    ['no-such-thing', '', 127],
    ['cmd="echo a b"; $cmd c', 'a b c\n', 0],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
    ['a=(echo "a  b"); "${a[@]}"', 'a  b\n', 0],
    ['N=node; $N x; N="node y"; $N "z z"', '[x]\n[y z z]\n', 0],
    ["trap 'echo end' EXIT; (trap - EXIT); echo $(trap 'echo below' EXIT; echo x)", 'x below\nend\n', 0],
    ['e=echo; i=1; $e $((i++)); echo $i', '1\n2\n', 0],
    ['e=cat; $e <(echo x)', 'x\n', 0],
    ['c=cd; $c src; pwd', '/home/project/src\n', 0],
    ['mkdir d; touch f; for i in */; do echo "<$i>"; done', '<d/>\n<src/>\n', 0],
    ['echo {a,b}{1,2}', 'a1 a2 b1 b2\n', 0],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
    ['f=src/a.b; echo ${f##*/} ${f%%/*}; case x/ in */) echo folder;; esac', 'a.b src\nfolder\n', 0],
    ['x=(*/); echo $x', 'src/\n', 0],
    ['node x > out.txt; cat out.txt; node y >> out.txt 2>&1; cat out.txt', '[x]\n[x]\n[y]\n', 0],
    ['node x > nowhere/out.txt; echo $?', '1\n', 0],
    ['trap "echo bye" EXIT; echo hi', 'hi\nbye\n', 0],
    ['clean() { echo "clean $tmp $?"; }; trap clean EXIT; tmp=x; exit 3', 'clean x 3\n', 3],
    ["set -e; trap 'echo $?' EXIT; false; echo no", '1\n', 1],
    ['trap "exit 9" EXIT; exit 1', '', 9],
    ['trap "echo no" EXIT; trap - EXIT; trap', '', 0],
    ['nohup node x; nice -n 5 node y', '[x]\n[y]\n', 0],
    ['timeout x node a; echo $?', '125\n', 0],
  ])('runs %j', async (line, stdout, exitCode) => {
    const { host, ...output } = create(line, { 'src/a.txt': 'text' })
    const code = await shell(host)
    expect({ stdout: output.stdout(), code }).toEqual({ stdout, code: exitCode })
  })

  it('reads a script into itself where packages are installed', async () => {
    const fake = create('. ./env.sh; echo $A', { 'env.sh': 'A=1\n', 'node_modules/.bin/own': '' })
    fake.host.env.PATH = '/home/project/node_modules/.bin:/usr/bin'
    await shell(fake.host)
    expect(fake.stdout()).toBe('1\n')
  })

  it('runs commands of packages by node, and those that are scripts of a shell by that', async () => {
    const bins = { 'node_modules/.bin/own': '#!/usr/bin/env node\n', 'node_modules/.bin/script': '#!/bin/sh\necho\n' }
    const started: string[][] = []
    const fake = createFakeHost(['sh', '-c', 'own a; script b | cat'], bins, (argv) => {
      started.push(argv)
      return {}
    })
    fake.host.env.PATH = '/home/project/node_modules/.bin:/usr/bin'
    await shell(fake.host)
    const at = '/home/project/node_modules/.bin'
    expect(started).toEqual([
      ['node', `${at}/own`, 'a'],
      ['sh', `${at}/script`, 'b'],
    ])
  })

  it.each([
    ['find d -name "*.sh" -exec ./{} a \\;', ['sh', './d/x y.sh', 'a']],
    ['find d -name "*.sh" -exec node --file={} {} \\;', ['node', '--file=d/x y.sh', 'd/x y.sh']],
    ['find d -name "*.sh" -execdir {} \\;', ['sh', './x y.sh']],
  ])('puts what is found into words: %s', async (line, argv) => {
    const started: string[][] = []
    const fake = createFakeHost(['sh', '-c', line], { 'd/x y.sh': '#!/bin/sh\n' }, (command) => {
      started.push(command)
      return {}
    })
    await shell(fake.host)
    expect(started).toEqual([argv])
  })

  it('lets no package take the name of a command that only looks', async () => {
    const fake = create('cat a; own x', { a: 'a\n', 'node_modules/.bin/cat': '', 'node_modules/.bin/own': '' })
    fake.host.env.PATH = '/home/project/node_modules/.bin:/usr/bin'
    await shell(fake.host)
    expect(fake.stdout()).toBe('a\n[/home/project/node_modules/.bin/own x]\n')
  })

  it('shows each statement’s output when it has run, not at the end', async () => {
    const { host, written } = create('echo a; node x; echo b >&2; echo c')
    await shell(host)
    expect(written).toEqual([
      { stream: 'stdout', text: 'a\n' },
      { stream: 'stdout', text: '[x]\n' },
      { stream: 'stderr', text: 'b\n' },
      { stream: 'stdout', text: 'c\n' },
    ])
  })

  it('says what is wrong with a line that cannot be parsed', async () => {
    const { host, stderr } = create('if true; echo')
    expect(await shell(host)).toBe(2)
    expect(stderr()).toMatch(/syntax error/)
  })

  it('runs a script file with its arguments, each statement’s output when it has run', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
    const text = '#!/bin/bash\necho "$0 $# $1"\necho "${BASH_SOURCE[0]}"\nexit 3'
    const { host, written } = createFakeHost(['bash', 'src/run.sh', 'one two'], { 'src/run.sh': text })
    expect(await shell(host)).toBe(3)
    expect(written.map(({ text: part }) => part)).toEqual(['src/run.sh 1 one two\n', 'src/run.sh\n'])
  })
})
