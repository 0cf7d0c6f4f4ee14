import { describe, expect, it } from 'vitest'
import type { Diagnostic, TestReport } from '@/lib/sandbox'
import { call, patch, reply, say } from '../testing/scripted'
import { createWorld, ofType, outputs, run, type WorldOptions } from '../testing/world'

const files = {
  'src/sum.ts': 'export const sum = (a: number, b: number) => a - b\n',
  'src/sum.test.ts': "import { sum } from './sum'\ntest('adds', () => expect(sum(1, 2)).toBe(3))\n",
}
const fix = patch(
  'c1',
  '*** Update File: src/sum.ts',
  '-export const sum = (a: number, b: number) => a - b',
  '+export const sum = (a: number, b: number) => a + b',
)

function report(passed: number, ...failures: string[]): TestReport {
  const failed = failures.map((name) => ({
    name,
    status: 'failed' as const,
    durationMs: 1,
    error: 'expected -1 to be 3\n- 3\n+ -1',
    location: { file: 'src/sum.test.ts', line: 2, column: 20 },
  }))
  const tests = Array.from({ length: passed }, (_, index) => ({
    name: `ok ${index}`,
    status: 'passed' as const,
    durationMs: 1,
  }))
  const suites = [{ file: 'src/sum.test.ts', tests: [...tests, ...failed] }]
  return { passed, failed: failures.length, skipped: 0, durationMs: 3, suites }
}

const typeError: Diagnostic = {
  path: 'src/sum.ts',
  line: 1,
  column: 7,
  endLine: 1,
  endColumn: 10,
  severity: 'error',
  message: 'Type "string" is not assignable to type "number".',
  code: 'ts(2322)',
}

async function afterPatch(options: WorldOptions, item = fix) {
  const { events, result } = await run(createWorld({ files, ...options }), [reply(item), reply(say('Done.'))])
  const [end] = ofType(events, 'tool-end')
  return { output: outputs(events).c1 ?? '', verified: result.verified, verification: end?.result.verification }
}

describe('the verification of a patch', () => {
  it('says in one line that all is well', async () => {
    const { output, verified } = await afterPatch({ test: () => report(6) })
    expect(output).toBe(
      'patch applied\n\nchanged 1 file: src/sum.ts (+1 −1)\n\nverification: tests 6/6 passed · types ok · scan ok',
    )
    expect(verified).toBe(true)
  })

  it('takes tests of which none ran for no proof', async () => {
    const skipped = { name: 'adds', status: 'skipped' as const, durationMs: 0 }
    const none = { ...report(0), skipped: 1, suites: [{ file: 'src/sum.test.ts', tests: [skipped] }] }
    const js = { 'src/sum.js': 'export const a = 1\n', 'src/sum.test.js': "import './sum.js'\n" }
    const edit = patch('c1', '*** Update File: src/sum.js', '-export const a = 1', '+export const a = 2')
    const { output, verified, verification } = await afterPatch({ files: js, test: () => none }, edit)
    expect(output).toContain('tests not checked (none of them ran)')
    expect([verified, verification?.verified]).toEqual([false, false])
  })

  it('names tests that became slow, in a line of its own', async () => {
    const slower = ['sorts', 'merges', 'splits', 'joins'].map((name) => ({
      name,
      file: 'src/sum.test.ts',
      durationMs: 640.4,
      usualMs: 120,
    }))
    const { output, verified } = await afterPatch({ test: () => ({ ...report(6), slower }) })
    expect(output).toMatch(
      /verification: tests 6\/6 passed .*\nslower than before: sorts \(src\/sum\.test\.ts\) 640 ms, was 120; merges .*; splits .*; and 1 more$/,
    )
    expect(verified).toBe(true)
  })

  it('shows what failed: name, place and message', async () => {
    const { output, verified } = await afterPatch({ test: () => report(5, 'sum > adds') })
    expect(output).toContain(
      'verification: tests 5/6 passed, 1 failed · types ok · scan ok\n✗ sum > adds (src/sum.test.ts:2)\n  expected -1 to be 3\n  - 3\n  + -1',
    )
    expect(verified).toBe(false)
  })

  it('fails on type errors and names them', async () => {
    const { output, verified } = await afterPatch({ test: () => report(6), check: () => [typeError] })
    expect(output).toContain('tests 6/6 passed · 1 type error · scan ok\nsrc/sum.ts:1:7 error ts(2322): Type "string"')
    expect(verified).toBe(false)
  })

  it('fails on test files that do not load', async () => {
    const broken = {
      ...report(0),
      suites: [{ file: 'src/sum.test.ts', error: 'SyntaxError: Unexpected token', tests: [] }],
    }
    const { output, verified } = await afterPatch({ test: () => broken })
    expect(output).toContain('tests 0/0 passed, 1 test file did not load')
    expect(output).toContain('✗ src/sum.test.ts did not load\n  SyntaxError: Unexpected token')
    expect(verified).toBe(false)
  })

  it('reports findings that the patch brought in, not those that were there', async () => {
    const unsafe = { ...files, 'src/old.js': 'eval(input)\n' }
    const edit = (line: string) => patch('c1', '*** Update File: src/old.js', '@@', ' eval(input)', `+${line}`)
    const harmless = await afterPatch({ files: unsafe, test: () => report(6) }, edit('done()'))
    expect(harmless.output).toContain('scan ok')
    const harmful = await afterPatch({ files: unsafe, test: () => report(6) }, edit('eval(other)'))
    expect(harmful.output).toMatch(/scan: 1 finding\n.*src\/old\.js:2 /)
  })

  it('says what was not checked and why', async () => {
    const edit = patch('c1', '*** Update File: notes.md', '-a', '+b')
    const { output, verified, verification } = await afterPatch({ files: { 'notes.md': 'a\n' } }, edit)
    expect(output).toContain(
      'verification: tests not checked (the project has no tests) · types not checked (the project has no TypeScript files) · scan ok',
    )
    expect(verified).toBe(false)
    expect(verification?.notChecked.map(({ what }) => what)).toEqual(['tests', 'types'])
  })

  it('still scans when the sandbox is not there', async () => {
    const { events } = await run(createWorld({ files }), [reply(fix), reply(say('Done.'))], {
      dependencies: { sandbox: () => Promise.reject(new Error('the sandbox did not start')) },
    })
    expect(outputs(events).c1).toContain('tests not checked (the sandbox did not start)')
    expect(outputs(events).c1).toContain('scan ok')
  })
})

describe('a turn', () => {
  const write = (path: string, after: string) => ({ path, after })

  it('is verified by its last verification only', async () => {
    let failing = true
    const world = createWorld({ files, test: () => (failing ? report(5, 'adds') : report(6)) })
    const again = patch('c2', '*** Add File: src/more.ts', '+export const more = 1')
    const { result, events } = await run(world, [reply(fix), reply(again), reply(say('Done.'))], {
      onEvent: (event) => {
        if (event.type === 'tool-end') failing = false
      },
    })
    expect(ofType(events, 'tool-end').map(({ result: { verification } }) => verification?.verified)).toEqual([
      false,
      true,
    ])
    expect(result.verified).toBe(true)
  })

  it('is not verified when a program changed files after the last verification', async () => {
    const world = createWorld({ files, test: () => report(6) })
    const { result } = await run(world, [reply(fix), reply(say('Done.'))], {
      onEvent: (event) => {
        if (event.type !== 'tool-end') return
        world.workspace.apply([write('src/generated.ts', '')], { origin: 'sandbox', label: 'Written by a program' })
      },
    })
    expect(result.verified).toBe(false)
  })

  it('stays verified when the user types meanwhile', async () => {
    const world = createWorld({ files, test: () => report(6) })
    const { result } = await run(world, [reply(fix), reply(say('Done.'))], {
      onEvent: (event) => {
        if (event.type === 'tool-end')
          world.workspace.apply([write('notes.md', 'x')], { origin: 'user', label: 'Typing' })
      },
    })
    expect(result.verified).toBe(true)
  })

  it('verifies what a command wrote, in the command’s own output', async () => {
    const world: ReturnType<typeof createWorld> = createWorld({
      files,
      test: () => report(6),
      commands: {
        'node format.js': () => {
          world.workspace.apply([write('src/sum.ts', 'export const sum = 1\n')], {
            origin: 'sandbox',
            label: 'Written by a program',
          })
          return { output: 'formatted\n' }
        },
      },
    })
    const { events, result } = await run(world, [
      reply(call('c1', 'shell', { command: 'node format.js' })),
      reply(say('Done.')),
    ])
    expect(outputs(events).c1).toMatch(
      /^exit code 0, .*\nformatted\n\nchanged 1 file: src\/sum\.ts \(\+1 −1\)\n\nverification: tests 6\/6 passed/,
    )
    expect(result.verified).toBe(true)
  })
})
