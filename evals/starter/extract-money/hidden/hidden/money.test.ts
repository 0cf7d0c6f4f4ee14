import { expect, test } from 'vitest'
import { invoice } from '../src/invoice'
import { formatMoney } from '../src/money'
import { receipt } from '../src/receipt'

test.each([
  [0, 'EUR', '€0.00'],
  [5, 'USD', '$0.05'],
  [-123, 'EUR', '-€1.23'],
  [99_999, 'USD', '$999.99'],
  [100_000, 'USD', '$1,000.00'],
  [-123_456_789_01, 'EUR', '-€123,456,789.01'],
] as const)('%d %s is %s', (cents, currency, text) => {
  expect(formatMoney(cents, currency)).toBe(text)
})

test('what is printed has not changed', () => {
  const items = [
    { name: 'Desk', cents: 123_450 },
    { name: 'Discount', cents: -2_345_678 },
  ]
  expect(invoice(items, 'USD')).toBe('Desk: $1,234.50\nDiscount: -$23,456.78\nTotal: -$22,222.28')
  expect(receipt(50, 75, 'EUR')).toBe('Paid €0.50, change -€0.25')
})
