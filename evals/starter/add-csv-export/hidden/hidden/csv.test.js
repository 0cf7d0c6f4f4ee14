import { expect, test } from 'vitest'
import { toCsv } from '../src/csv.js'

const columns = [
  { key: 'a', title: 'A' },
  { key: 'b', title: 'The "b"' },
]

test('writes a header and a line for each row', () => {
  expect(toCsv([{ a: 1, b: 'x', c: 'left out' }], columns)).toBe('A,"The ""b"""\r\n1,x\r\n')
  expect(toCsv([], columns)).toBe('A,"The ""b"""\r\n')
})

test('quotes what would break a line or a field', () => {
  expect(toCsv([{ a: 'x,y', b: 'say "hi"\nyou' }], columns)).toBe('A,"The ""b"""\r\n"x,y","say ""hi""\nyou"\r\n')
})

test('leaves out what is not there, and keeps zero and false', () => {
  expect(toCsv([{ a: null }, { a: 0, b: false }], columns).split('\r\n').slice(1)).toEqual([',', '0,false', ''])
})

test('keeps spreadsheets from running a field', () => {
  expect(toCsv([{ a: '=1+1', b: '@x' }, { a: -5, b: '-x' }], columns).split('\r\n').slice(1, 3)).toEqual(["'=1+1,'@x", "-5,'-x"])
})
