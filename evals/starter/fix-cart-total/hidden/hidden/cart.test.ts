import { expect, test } from 'vitest'
import { total } from '../src/cart'

const line = (price: number, quantity: number) => ({ name: 'x', price, quantity })

test('counts each of several', () => {
  expect(total([line(250, 3), line(100, 2)])).toBe(950)
})

test('rounds what is to be paid half up', () => {
  expect(total([line(109, 1)], { kind: 'percent', value: 10 })).toBe(98)
  expect(total([line(333, 1)], { kind: 'percent', value: 10 })).toBe(300)
  expect(total([line(5, 1)], { kind: 'percent', value: 10 })).toBe(5)
  expect(total([line(99, 1)], { kind: 'percent', value: 50 })).toBe(50)
})

test('never falls below nothing', () => {
  expect(total([line(100, 1)], { kind: 'amount', value: 500 })).toBe(0)
  expect(total([line(100, 1)], { kind: 'percent', value: 120 })).toBe(0)
})
