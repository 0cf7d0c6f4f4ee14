import { describe, expect, test } from 'vitest'
import type { ResponseItem, ToolDefinition } from '../types'
import { demoModelInfo, demoReply } from './demo-model'
import { demoPrompts } from './demo-prompts'
import type { Reply } from './reply'

const freeform: ToolDefinition[] = [{ type: 'custom', name: 'apply_patch', description: '' }]
const money = 'const a = 1\n  const rest = cents % 100\nreturn a'

function user(text: string): ResponseItem {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
}

/** The reply's items as they stand in the next request, each call with the output given for its tool. */
function answered(reply: Reply, outputs: Record<string, string>): ResponseItem[] {
  const items = reply.parts.map((part, index): ResponseItem => {
    const call_id = `${index}-${Math.random()}`
    if (part.type === 'text')
      return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: part.text }] }
    if (part.type === 'function_call') return { ...part, call_id, arguments: JSON.stringify(part.arguments) }
    return { ...part, call_id }
  })
  const results = items.flatMap((item): ResponseItem[] => {
    if (item.type === 'function_call') {
      return [{ type: 'function_call_output', call_id: item.call_id, output: outputs[item.name] ?? 'done' }]
    }
    if (item.type !== 'custom_tool_call') return []
    return [{ type: 'custom_tool_call_output', call_id: item.call_id, output: outputs[item.name] ?? 'done' }]
  })
  return [...items, ...results]
}

/** Plays a prompt against outputs, one record a step, and returns every reply. */
function play(prompt: string, steps: Record<string, string>[], tools = freeform): Reply[] {
  const input: ResponseItem[] = [user('<environment>\n- a.ts\n</environment>'), user(prompt)]
  const replies = [demoReply({ input, tools })]
  for (const outputs of steps) {
    input.push(...answered(replies.at(-1) ?? { parts: [] }, outputs))
    replies.push(demoReply({ input, tools }))
  }
  return replies
}

const calls = (reply: Reply | undefined) =>
  reply?.parts.flatMap((part) => (part.type === 'text' ? [] : [part.name])) ?? []
const said = (reply: Reply | undefined) =>
  reply?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? ''

const fix = demoPrompts.find(({ id }) => id === 'fix-failing-test')?.prompt ?? ''
const read = {
  read_file: `src/money.ts, lines 1–3 of 3\n${money
    .split('\n')
    .map((line, index) => `${index + 1}\t${line}`)
    .join('\n')}`,
}

describe('the demo model', () => {
  test('says what it would change where it may only plan', () => {
    const session = (text: string): ResponseItem => ({
      ...{ type: 'message', role: 'developer' },
      content: [{ type: 'input_text', text: `<session>\n${text}\n</session>` }],
    })
    const planned = (modes: ResponseItem[]) => {
      const input = [...modes, user('Build a small page with a counter.')]
      for (let step = 0; step < 9; step++) {
        const made = demoReply({ input, tools: freeform })
        if (calls(made).includes('apply_patch') || calls(made).length === 0) return made
        input.push(...answered(made, {}))
      }
      return undefined
    }
    expect(calls(planned([session('Plan: x'), session('Edit: x')]))).toContain('apply_patch')
    const made = planned([session('Edit: x'), session('Plan: x')])
    expect(calls(made)).toEqual([])
    expect(said(made)).toMatch(/\d\. Change `\S+` so\.\n/)
    expect(said(made)).toContain('Nothing is changed yet.')
  })

  test('carries out what it has planned', () => {
    const input = [user('Add a slugify function with tests.'), user('Carry out the plan.')]
    expect(calls(demoReply({ input, tools: freeform }))).toEqual(['update_plan', 'search'])
  })

  test('is called what it is', () => {
    expect(demoModelInfo).toMatchObject({ id: 'vitrine-demo', label: 'Demo model (scripted)', kind: 'scripted' })
  })

  test('says what it is, what it can do and how to connect a real model to anything else', () => {
    const [reply] = play('What is the meaning of life?', [])
    expect(calls(reply)).toEqual([])
    for (const words of [
      'scripted',
      'OPENAI_API_KEY',
      'OPENAI_BASE_URL',
      'http://localhost:11434/v1',
      'http://localhost:1234/v1',
      'vLLM',
    ]) {
      expect(said(reply)).toContain(words)
    }
    for (const { prompt } of demoPrompts) expect(said(reply)).toContain(prompt)
  })

  test('offers six tasks', () => {
    expect(demoPrompts).toHaveLength(6)
    for (const { prompt } of demoPrompts) expect(calls(play(prompt, [])[0]).length).toBeGreaterThan(0)
  })

  test('reads several files at once, then runs the tests, then patches what it has read', () => {
    const replies = play(fix, [read, { run_tests: 'tests 4/6 passed, 2 failed, 0.1 s\n✗ money > cents (a.ts:1)' }])
    expect(replies.map(calls)).toEqual([
      ['update_plan', 'read_file', 'read_file', 'read_file', 'read_file'],
      ['update_plan', 'run_tests'],
      ['update_plan', 'apply_patch'],
    ])
    expect(said(replies[2])).toContain('4 of 6 tests pass. Failing: “money > cents”.')
  })

  test('takes its numbers from the output and claims no progress that it has not seen', () => {
    const mended = (output: string): Record<string, string>[] => [
      read,
      { run_tests: 'tests 4/6 passed' },
      { apply_patch: output },
    ]
    const patched = (output: string) => said(play(fix, mended(output))[3])
    const passed = mended('verification: tests 6/6 passed')
    expect(calls(play(fix, passed)[3])).toEqual(['update_plan'])
    expect(said(play(fix, [...passed, { update_plan: 'plan shown to the user' }])[4])).toContain('**6 of 6**')
    expect(patched('verification: tests 5/6 passed\n✗ other (b.ts)')).toContain(
      '1 of 6 tests fail for a reason that is not in my script (“other”)',
    )
    expect(patched('verification: tests not checked (no sandbox)')).toContain('could not see a test result')
  })

  test.each([
    'refused by the user; it was not run. The user said: no.',
    'refused by the policy: read-only',
    'stopped by the user; it may have partly run',
    'patch not applied, nothing was changed: not found',
  ])('ends the turn when the patch comes back with “%s”', (output) => {
    const reply = play(fix, [read, { run_tests: 'tests 4/6 passed' }, { apply_patch: output }])[3]
    expect(calls(reply)).toEqual([])
    expect(said(reply)).toContain(output.slice(0, 20))
  })

  test('says plainly that it cannot go on without the files it knows', () => {
    const reply = play(fix, [{ read_file: 'There is no file src/money.ts.' }])[1]
    expect(calls(reply)).toEqual([])
    expect(said(reply)).toMatch(/scripted demo.*Connect a real model/)
  })

  test('has nothing to do when all tests pass', () => {
    expect(said(play(fix, [read, { run_tests: 'tests 6/6 passed' }])[2])).toContain('nothing to mend')
  })

  test('sends a patch as a function where tools have no free form', () => {
    const reply = play(fix, [read, { run_tests: 'tests 4/6 passed' }], [])[2]
    expect(reply?.parts.at(-1)).toMatchObject({
      type: 'function_call',
      arguments: { patch: expect.stringContaining('padStart') },
    })
  })
})

test('the demo model sums up the bare facts when it may call no tools', () => {
  const patch = '*** Begin Patch\n*** Update File: src/a.ts\n@@\n-1\n+2\n*** End Patch'
  const input: ResponseItem[] = [
    user('<environment>\n- a.ts\n</environment>'),
    user('Fix the failing test'),
    { type: 'custom_tool_call', call_id: 'c', name: 'apply_patch', input: patch },
    { type: 'custom_tool_call_output', call_id: 'c', output: 'changed 1 file' },
    user('Write a hand-over note.'),
  ]
  const summary = demoReply({ input, tools: freeform, tool_choice: 'none' })
  expect(calls(summary)).toEqual([])
  expect(said(summary)).toContain('- Fix the failing test\n\n## Done\n- 1 tool calls: apply_patch\n- Changed src/a.ts')
})

test('a record that is attached is what it explains', () => {
  const record =
    '## record of the turn “Mend a”\n## You\n\n> Mend a\n\n## demo\n\n- Edit a.ts: +1 −1\n\n*done · verified*\n\n*** Begin Patch\n*** Update File: a.ts\n- old line\n+ new line\n*** End Patch'
  const input = [user(`<attachments>\n${record}\n</attachments>`), user('Explain your last change.')]
  const text = said(demoReply({ input, tools: freeform }))
  expect(text).toContain('- Edit a.ts: +1 −1\n\nIt ended so: done · verified')
})

describe('a finding of the scripted reviewer', () => {
  const attached = (title: string, line: number) =>
    `<attachments>\n## finding of a review, priority 1, at a.ts:${line}-${line}\n${title}\nBody.\n</attachments>`
  const mend = (title: string, line: number, text: string) => {
    const input: ResponseItem[] = [user(attached(title, line)), user('Fix the attached finding of the review.')]
    const look = demoReply({ input, tools: freeform })
    const shown = text.split('\n').map((each, index) => `${index + 1}\t${each}`)
    input.push(
      ...answered(look, { read_file: [`a.ts, lines 1–${shown.length} of ${shown.length}`, ...shown].join('\n') }),
    )
    return demoReply({ input, tools: freeform }).parts
  }

  test.each([
    [
      'A debugger statement is left in the code',
      'a\n  debugger',
      '*** Update File: a.ts\n@@\n a\n-  debugger\n*** End',
    ],
    ['Compares with == instead of ===', 'a\nif (a == b) {', '-if (a == b) {\n+if (a === b) {'],
    ['Nobody waits for save()', 'a\n  save()', '-  save()\n+  await save()'],
  ])('is mended in its one line: %s', (title, text, expected) => {
    expect(mend(title, 2, text).at(-1)).toMatchObject({ name: 'apply_patch', input: expect.stringContaining(expected) })
  })

  test('that takes understanding is left alone, and it says so', () => {
    expect(mend('An error is swallowed', 1, 'x')).toMatchObject([
      { text: expect.stringContaining('Nothing was changed') },
    ])
  })
})
