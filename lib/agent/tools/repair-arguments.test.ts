import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { jsonTool } from './json-tool'

const { parse } = jsonTool({
  name: 'try',
  description: '',
  arguments: z.object({
    path: z.string(),
    lines: z.array(z.number().int()).optional(),
    deep: z.object({ on: z.boolean() }).optional(),
  }),
  parallel: true,
  describe: () => ({ title: '', detail: '' }),
  effect: () => null,
  execute: async () => ({ ok: true, output: '', summary: '' }),
})

describe('arguments of a call', () => {
  it.each<[string, string, unknown]>([
    ['as they should be', '{"path":"a","lines":[1]}', { path: 'a', lines: [1] }],
    ['with null for what is left out', '{"path":"a","lines":null}', { path: 'a' }],
    ['in a code fence', '```json\n{"path":"a"}\n```', { path: 'a' }],
    ['encoded twice', JSON.stringify('{"path":"a"}'), { path: 'a' }],
    ['with commas before closing brackets', '{"path":"a,}","lines":[1,2,],}', { path: 'a,}', lines: [1, 2] }],
    ['with line breaks and tabs inside strings', '{"path":"a\n\tb \\" c"}', { path: 'a\n\tb " c' }],
    ['with numbers in quotes', '{"path":"a","lines":["1"," 20 "]}', { path: 'a', lines: [1, 20] }],
    ['with one value for a list', '{"path":"a","lines":7}', { path: 'a', lines: [7] }],
    [
      'with JSON in a string',
      '{"path":"a","lines":"[1]","deep":"{\\"on\\":\\"true\\"}"}',
      { path: 'a', lines: [1], deep: { on: true } },
    ],
  ])('%s are read', (_how, raw, input) => expect(parse(raw)).toEqual({ ok: true, input }))

  it.each([
    '{"path":"a","lines":[1',
    '{"path":"a',
    '```json\n{"path":"a"',
    '"{\\"path\\":\\"a\\""',
    '{"path":"a"} {"path":"b"}',
    '{"path":7}',
    '{"path":"a","lines":["one"]}',
    '[]',
    'null',
  ])('%s are refused: a part of a call must not run, nor a guess', (raw) =>
    expect(parse(raw)).toMatchObject({ ok: false, message: expect.stringContaining('Expected {"path": string') }),
  )

  it('take no long time to mend, whatever they repeat', () => {
    for (const unit of ['"', '\\', ',', '{', '```', '"\n', ', ']) parse(unit.repeat(200_000 / unit.length))
  })
})
