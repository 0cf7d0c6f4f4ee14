import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string) => readFileSync(`src/${name}`, 'utf8')

test.each(['invoice.ts', 'receipt.ts'])('%s leaves money to the one place for it', (name) => {
  expect(read(name)).toMatch(/import\s*\{[^}]*\bformatMoney\b[^}]*\}\s*from\s*['"]\.\/money(\.[jt]s)?['"]/)
  expect(read(name)).not.toMatch(/[€$](?!\{)['"`]|toFixed|padStart/)
})

test('its tests look at negative amounts and thousands', () => {
  expect(read('money.test.ts')).toMatch(/formatMoney\(\s*-|\[\s*-\d/)
  expect(read('money.test.ts')).toMatch(/\d,\d{3}/)
})
