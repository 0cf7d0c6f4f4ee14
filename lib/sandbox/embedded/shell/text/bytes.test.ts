import { expect, it } from 'vitest'
import { git } from '../../git/git'
import { projectRoot } from '../../process/host'
import { createFakeHost } from '../../process/testing/fake-host'
import { shell } from '../shell'

/** `é` as ISO 8859-1 has it: no UTF-8. */
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const hunk = '--- a/l1\n+++ b/l1\n@@ -1,2 +1,2 @@\n-b\n+c\n caf\xe9\n'

it.each([
  ['sort -o l1 l1', 'b\ncaf\xe9\n', 'b\ncaf\xe9\n'],
  ['patch -p1 -i p', 'b\ncaf\xe9\n', 'c\ncaf\xe9\n'],
  ['git apply p', 'b\ncaf\xe9\n', 'c\ncaf\xe9\n'],
])('%s leaves bytes that are no UTF-8 as they are', async (line, before, after) => {
  const argv = line.startsWith('git') ? line.split(' ') : ['sh', '-c', line]
  const { host } = createFakeHost(argv)
  host.fs.writeFile(`${projectRoot}/l1`, latin(before))
  host.fs.writeFile(`${projectRoot}/p`, latin(hunk))
  expect(await (argv[0] === 'git' ? git(host) : shell(host))).toBe(0)
  expect(host.fs.readFile(`${projectRoot}/l1`)).toEqual(latin(after))
})

it('grep does not print bytes that are no UTF-8 as other ones', async () => {
  const fake = createFakeHost(['sh', '-c', 'grep -n . l1'])
  fake.host.fs.writeFile(`${projectRoot}/l1`, latin('a\ncaf\xe9\n'))
  expect(await shell(fake.host)).toBe(0)
  expect([fake.stdout(), fake.stderr()]).toEqual(['1:a\n', 'grep: l1: binary file matches\n'])
})

it('sort takes more lines than a call has arguments', async () => {
  const fake = createFakeHost(['sh', '-c', 'sort -n many | tail -1'], { many: '9\n'.repeat(200_000) })
  expect([await shell(fake.host), fake.stdout()]).toEqual([0, '9\n'])
})

it('git apply takes nothing of a patch that changes a binary file too', async () => {
  const binary = 'diff --git a/e b/e\nindex 0000000..e69de29 100644\nBinary files a/e and b/e differ\n'
  const fake = createFakeHost(['git', 'apply', 'p'], { l1: 'b\ncaf\n', p: `${hunk.replace('\xe9', '')}${binary}` })
  expect(await git(fake.host)).toBe(128)
  expect(fake.stderr()).toContain('diff --git a/e b/e')
  expect(new TextDecoder().decode(fake.host.fs.readFile(`${projectRoot}/l1`))).toBe('b\ncaf\n')
})
