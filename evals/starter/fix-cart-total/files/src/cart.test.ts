import { expect, test } from 'vitest'
import { total } from './cart'

test('an empty cart costs nothing', () => {
  expect(total([])).toBe(0)
})

test('a voucher of an amount is taken off', () => {
  expect(total([{ name: 'tea', price: 450, quantity: 1 }], { kind: 'amount', value: 50 })).toBe(400)
})
