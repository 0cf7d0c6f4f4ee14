import { expect, test } from 'vitest'
import { formatMoney } from './money'

test('writes cents, thousands and what is owed', () => {
  expect(formatMoney(5, 'EUR')).toBe('€0.05')
  expect(formatMoney(123_456_78, 'USD')).toBe('$123,456.78')
  expect(formatMoney(-123, 'EUR')).toBe('-€1.23')
})
