import { describe, expect, test } from 'vitest'
import { needsTranspiler } from './transpile'
import { noConfig } from './tsconfig'

describe('TypeScript itself is asked', () => {
  const cases: [string, boolean][] = [
    ['namespace A { export const x = 1 }', true],
    ['export namespace A.B {\n}', true],
    ['declare namespace A {}', false],
    ['export import A = B.C', true],
    ['@Injectable()\nclass A {}', true],
    ['class A {\n  @Input() x = 1\n}', true],
    ['// @ts-check\nconst mail = "a@b.c"', false],
    ['/** @param x */ const x = 1', false],
    ['const s = `\n@media print {}\n`', false],
    ['class A { accessor x = 1 }', true],
    ['const enum E { A }', false],
    ['enum B {\n  A = 1,\n  B,\n}', true],
    ['enum B {B}', true],
    ['enum B { A, Both = B.A }', false],
    ['const namespace = { a: 1 }', false],
  ]
  test.each(cases)('%j: %s', (text, expected) => {
    expect(needsTranspiler('/a.ts', text, noConfig)).toBe(expected)
  })

  test('for parameter properties only where fields are assigned', () => {
    const text = 'class A { constructor(private x: number) {} }'
    expect(needsTranspiler('/a.ts', text, noConfig)).toBe(false)
    expect(needsTranspiler('/a.ts', text, { ...noConfig, definesFields: false })).toBe(true)
  })
})
