import { expect, it } from 'vitest'
import { fileToSave } from './downloads'

const nameOf = (headers: Record<string, string>, url = 'http://localhost:3000/files/a%20b.bin?x=1') =>
  fileToSave(url, new Headers(headers))

it.each([
  [{}, null],
  [{ 'content-type': 'text/html; charset=utf-8' }, null],
  [{ 'content-type': 'application/problem+json' }, null],
  [{ 'content-type': 'image/svg+xml', 'content-disposition': 'inline; filename=a.svg' }, null],
  [{ 'content-type': 'application/octet-stream' }, 'a b.bin'],
  [{ 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="a \\"b\\".csv"' }, 'a "b".csv'],
  [{ 'content-disposition': "attachment; filename=x.csv; filename*=UTF-8''%C3%BC.csv" }, 'ü.csv'],
  [{ 'content-disposition': 'attachment' }, 'a b.bin'],
])('knows of %j what is saved', (headers, name) => {
  expect(nameOf(headers)).toBe(name)
})

it('finds a name where the address has none', () => {
  expect(nameOf({ 'content-type': 'application/zip' }, 'http://localhost:3000/')).toBe('download')
})
