import { describe, expect, it } from 'vitest'
import type { SymbolFile } from '@/lib/sandbox'
import { call, reply, say } from '../testing/scripted'
import { createWorld, outputs, run } from '../testing/world'
import { globToRegex } from './glob'
import { regexProblem } from './regex-guard'

const files = {
  'src/main.ts': "import { greet } from './greet'\n\nconsole.log(greet('you'))\n",
  'src/greet.ts': 'export function greet(name: string) {\n  return `Hello, ` + name\n}\n',
  'src/deep/user.ts': 'export class User {\n  async rename(to: string) {\n    this.name = to\n  }\n}\n',
  'README.md': '# Greeter\n',
}

async function ask(
  name: string,
  input: unknown,
  project: Record<string, string> = files,
  known: readonly SymbolFile[] = [],
): Promise<string> {
  const { events } = await run(createWorld({ files: project }), [reply(call('c1', name, input)), reply(say('Done.'))], {
    dependencies: { refreshedSymbols: async () => new Map(known.map((file) => [file.path, file])) },
  })
  return outputs(events).c1 ?? ''
}

describe('read_file', () => {
  it('numbers the lines and says which they are', async () => {
    expect(await ask('read_file', { path: 'src/greet.ts' })).toBe(
      'src/greet.ts, lines 1–3 of 3\n1\texport function greet(name: string) {\n2\t  return `Hello, ` + name\n3\t}',
    )
  })

  it('reads a range, also past the end', async () => {
    expect(await ask('read_file', { path: './src/greet.ts', start_line: 3, end_line: 99 })).toBe(
      'src/greet.ts, lines 3–3 of 3\n3\t}',
    )
    expect(await ask('read_file', { path: 'src/greet.ts', start_line: 9 })).toContain('has 3 lines')
  })

  it('takes the absolute path that a stack trace shows', async () => {
    expect(await ask('read_file', { path: '/home/project/README.md' })).toContain('1\t# Greeter')
  })

  it('suggests a path for one that is missing, and lists a folder', async () => {
    expect(await ask('read_file', { path: 'greet.ts' })).toBe('There is no file greet.ts. Did you mean src/greet.ts?')
    expect(await ask('read_file', { path: 'src/User.tsx' })).toContain('Did you mean src/deep/user.ts?')
    expect(await ask('read_file', { path: 'src/deep' })).toBe('src/deep is a folder with 1 file: src/deep/user.ts.')
    expect(await ask('read_file', { path: '../secrets' })).toContain('There is no file ../secrets.')
  })

  it('cuts long files and says where to go on', async () => {
    const long = { 'long.txt': 'line\n'.repeat(1500) }
    expect(await ask('read_file', { path: 'long.txt' }, long)).toMatch(
      /1000\tline\n\(cut here; go on with start_line 1001\)$/,
    )
    const wide = await ask('read_file', { path: 'wide.js' }, { 'wide.js': 'x'.repeat(100_000) })
    expect(wide.length).toBeLessThan(41_000)
  })
})

describe('search', () => {
  it('finds text in any case', async () => {
    expect(await ask('search', { query: 'GREETER' })).toBe('1 match\nREADME.md:1: # Greeter')
  })

  it('finds patterns, within a folder', async () => {
    expect(await ask('search', { query: '^export', kind: 'regex', path: 'src/deep' })).toBe(
      '1 match\nsrc/deep/user.ts:1: export class User {',
    )
  })

  it('finds files by name', async () => {
    expect(await ask('search', { query: '*.ts', kind: 'glob' })).toBe(
      '3 files\nsrc/deep/user.ts\nsrc/greet.ts\nsrc/main.ts',
    )
  })

  it('finds definitions, not uses', async () => {
    expect(await ask('search', { query: 'greet', kind: 'symbol' })).toBe(
      '1 match (by the look of the lines)\nsrc/greet.ts:1: export function greet(name: string) {',
    )
    expect(await ask('search', { query: 'rename', kind: 'symbol' })).toBe(
      '1 match (by the look of the lines)\nsrc/deep/user.ts:2: async rename(to: string) {',
    )
  })

  it('tells what TypeScript knows of exports, those first, each once, and says that it does', async () => {
    const greet = { name: 'greet', kind: 'function' as const, line: 1, signature: 'greet(name: string): string' }
    const known: SymbolFile[] = [
      { path: 'src/greet.ts', symbols: [{ ...greet, usedIn: 1 }], uses: [] },
      { path: 'lib/elsewhere.ts', symbols: [{ ...greet, usedIn: 9 }], uses: [] },
    ]
    const project = { 'app.py': 'def greet():\n  pass\n', ...files }
    expect(await ask('search', { query: 'greet', kind: 'symbol' }, project, known)).toBe(
      [
        '2 matches (exports from TypeScript, all else by the look of the lines)',
        'src/greet.ts:1: export function greet(name: string) {  [greet(name: string): string; used in 1 other file]',
        'app.py:1: def greet():',
      ].join('\n'),
    )
    expect(await ask('search', { query: 'greet', kind: 'symbol', path: 'app.py' }, project, known)).toContain(
      '1 match (by the look of the lines)',
    )
  })

  it('says that there is nothing, and stops at 200 matches', async () => {
    expect(await ask('search', { query: 'nowhere' })).toBe('0 matches')
    expect(await ask('search', { query: 'a' }, { 'a.txt': 'a\n'.repeat(300) })).toMatch(
      /^first 200 matches\n[\s\S]*\(cut here;/,
    )
  })

  it('refuses patterns that could hang the tab and says why', async () => {
    expect(await ask('search', { query: '(a+)+$', kind: 'regex' })).toContain('can take exponential time')
    expect(await ask('search', { query: '(', kind: 'regex' })).toContain('The pattern was not run')
  })
})

describe('the guard of patterns', () => {
  it.each(['(a+)+', '(a|b)*', '((ab)*c){2,}', '(\\w+\\s?)*x', '(a)\\1', '(?<n>a)\\k<n>', '.*.*.*.*.*'])(
    'refuses %s',
    (source) => {
      expect(regexProblem(source)).not.toBeNull()
    },
  )

  it.each([
    '^export (const|function) \\w+',
    'a{2,3}',
    '[(+*]+x',
    'foo\\(.*\\)',
    '(?:async )?function\\s+\\w+',
    '\\d+\\.\\d+',
  ])('lets %s through', (source) => expect(regexProblem(source)).toBeNull())
})

describe('a glob', () => {
  it.each([
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/deep/a.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**/*.ts', 'src/x/y/a.ts', true],
    ['*.{js,ts}', 'deep/a.ts', true],
    ['*.{js,ts}', 'deep/a.tsx', false],
    ['?.md', 'a.md', true],
    ['a.ts', 'axts', false],
    ['{open', '{open', false],
  ])('%s on %s gives %s', (glob, path, fits) => {
    expect(globToRegex(glob).test(path)).toBe(fits)
  })
})
