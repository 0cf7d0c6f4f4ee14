import { expect, test } from 'vitest'
import { receipt } from './receipt'

test('tells what was paid and what comes back', () => {
  expect(receipt(200_000, 123_456, 'EUR')).toBe('Paid €2,000.00, change €765.44')
})
