import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Finding, placeOf } from './finding'
import { readReport } from './read-findings'

const files = new Map([
  ['src/a.ts', 'one\ntwo\nthree\nfour\n'],
  ['lib/b.ts', 'x\n'],
])
const read = (value: unknown) => readReport(typeof value === 'string' ? value : JSON.stringify(value), files)
const one = (raw: Record<string, unknown>) => {
  const result = read({ findings: [{ title: 'T', path: 'src/a.ts', ...raw }] })
  return result.ok ? result.report.findings[0] : undefined
}

describe('a report', () => {
  test.each([
    [{ priority: 'P0' }, { priority: 0 }],
    [{ severity: 'High' }, { priority: 1 }],
    [{ priority: 9 }, { priority: 3 }],
    [{ title: '[P1] Wrong' }, { priority: 1, title: 'Wrong' }],
    [{}, { priority: 2, confidence: 0.5, startLine: 1, endLine: 1 }],
    [{ confidence: '80 %' }, { confidence: 0.8 }],
    [{ confidence_score: 0.25 }, { confidence: 0.25 }],
    [{ line: 3 }, { startLine: 3, endLine: 3, anchor: 'three' }],
    [{ lines: '2-3' }, { startLine: 2, endLine: 3 }],
    [{ line_range: { start: 2, end: 3 } }, { startLine: 2, endLine: 3 }],
    [
      { start_line: 3, end_line: 2 },
      { startLine: 2, endLine: 3 },
    ],
    [
      { start_line: 2, end_line: 99 },
      { startLine: 2, endLine: 5 },
    ],
    [{ path: 'b/src/a.ts' }, { path: 'src/a.ts' }],
    [{ path: './b.ts' }, { path: 'lib/b.ts' }],
    [{ code_location: { path: 'src/a.ts', line_range: { start: 4, end: 4 } } }, { startLine: 4 }],
    [
      { title: undefined, description: 'Why.\nMore.' },
      { title: 'Why.', body: 'Why.\nMore.' },
    ],
  ])('with %j is read as %j', (raw, expected) => {
    expect(one(raw)).toMatchObject(expected)
  })

  test('leaves out and counts what is about places that are not there', () => {
    const result = read({
      findings: [
        { title: 'T', path: 'no.ts' },
        { title: 'T', path: 'src/a.ts', line: 40 },
        'x',
        { title: 'T', path: 'src/a.ts' },
      ],
    })
    expect(result).toMatchObject({ ok: true, report: { strays: 3, findings: [{ path: 'src/a.ts' }] } })
  })

  test('puts the worst and surest first', () => {
    const findings = [
      { title: 'c', path: 'src/a.ts', priority: 2 },
      { title: 'b', path: 'src/a.ts', priority: 1, confidence: 0.3 },
      { title: 'a', path: 'src/a.ts', priority: 1, confidence: 0.9 },
    ]
    const result = read({ findings })
    expect(result.ok && result.report.findings.map(({ title }) => title)).toEqual(['a', 'b', 'c'])
  })

  test.each([
    ['a list alone', '[]'],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ findings: [] }))],
    ['text around', 'Sure!\n{"issues": []}\nDone.'],
    ['a fence', 'So:\n```json\n{"findings": []}\n```'],
  ])('may be %s', (_, raw) => {
    expect(read(raw)).toMatchObject({ ok: true, report: { findings: [] } })
  })

  test('says what is missing', () => {
    expect(read('')).toEqual({ ok: false, problem: 'it is empty.' })
    expect(read('{"result": 1}')).toEqual({ ok: false, problem: 'it has no list “findings”.' })
    expect(read('hm')).toMatchObject({ ok: false, problem: expect.stringContaining('no JSON') })
  })

  test('of anything at all is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        read({ findings: [value] })
        read({ findings: value })
        read(JSON.stringify(value).slice(1))
      }),
    )
  })
})

describe('a finding', () => {
  const finding = one({ lines: '2-3' }) as Finding

  test('is found again where its first line went', () => {
    expect(placeOf(finding, 'one\ntwo\nthree\n')).toEqual({ startLine: 2, endLine: 3 })
    expect(placeOf(finding, 'zero\nhalf\none\ntwo\nthree\n')).toEqual({ startLine: 4, endLine: 5 })
    expect(placeOf(finding, 'one\nthree\n')).toBeNull()
  })
})
