import { expect, it, vi } from 'vitest'
import type { Diagnostic } from '../../types'
import { createFakeHost } from './testing/fake-host'
import { tsc } from './tsc'

// Node's library, which the compiler of a project needs, runs in Workers alone.
vi.mock('./program', () => ({ programs: {} }))

const files = {
  'tsconfig.json': '{}',
  'packages/a/tsconfig.json': '{}',
  'packages/a/src/x.ts': '',
  'packages/c/x.ts': '',
  'b/build.json': '{}',
}
const wrong: Diagnostic = {
  path: 'packages/a/src/x.ts',
  line: 1,
  column: 2,
  endLine: 1,
  endColumn: 3,
  severity: 'error',
  code: 'ts(2322)',
  message: 'No.',
}

async function run(line: string, cwd = '/home/project') {
  const { host, stdout } = createFakeHost(line.split(' '), files)
  const asked: (string | undefined)[] = []
  const check = async (_paths: string[] | null, config?: string) => {
    asked.push(config)
    return [wrong]
  }
  const code = await tsc({ ...host, cwd, check })
  return { asked, code, stdout: stdout() }
}

it.each([
  ['tsc --noEmit', '', [undefined]],
  ['tsc --noEmit', '/src', [undefined]],
  ['tsc --noEmit', '/packages/a', ['packages/a/tsconfig.json']],
  ['tsc --noEmit', '/packages/a/src', ['packages/a/tsconfig.json']],
  ['tsc -b', '/packages/a', ['packages/a/tsconfig.json']],
  ['tsc -b packages/a b/build.json --noEmit', '', ['packages/a/tsconfig.json', 'b/build.json']],
  ['tsc -p ../../tsconfig.json', '/packages/a', [undefined]],
  ['tsc --noEmit -p packages/a', '', ['packages/a/tsconfig.json']],
] as const)('%s in %j asks for what %j governs', async (line, folder, configs) => {
  expect((await run(line, `/home/project${folder}`)).asked).toEqual(configs)
})

it('names files from the folder that it runs in, and each error once', async () => {
  expect((await run('tsc', '/home/project/packages/a')).stdout).toBe(
    'src/x.ts(1,2): error TS2322: No.\n\nFound 1 error in 1 file.\n',
  )
  expect((await run('tsc -b ../.. ../../packages/a', '/home/project/packages/c')).stdout).toContain(
    '../a/src/x.ts(1,2): error TS2322: No.\n\nFound 1 error',
  )
})

it.each([
  ['tsc -p nowhere', "error TS5058: The specified path does not exist: 'nowhere'.\n"],
  ['tsc -p b', "error TS5057: Cannot find a tsconfig.json file at the specified directory: 'b'.\n"],
])('%s says what is missing', async (line, stdout) => {
  expect(await run(line)).toEqual({ asked: [], code: 1, stdout })
})
