import { expect, test } from 'vitest'
import { classifyFailure, classifyIncomplete, retryAfterMs } from './failure'

const now = Date.parse('2026-03-01T12:00:00Z')

test.each([
  ['retry-after', '3', 3000],
  ['retry-after', '0.5', 500],
  ['retry-after', 'Sun, 01 Mar 2026 12:00:07 GMT', 7000],
  ['retry-after', 'Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['retry-after', 'Fri, 01 Mar 2126 12:00:00 GMT', 60_000],
  ['retry-after', '1000000000', 60_000],
  ['retry-after', 'soon', undefined],
  ['retry-after', '-5', undefined],
  ['retry-after-ms', '250', 250],
])('reads %s: %s as %s ms', (name, value, expected) => {
  expect(retryAfterMs(new Headers({ [name]: value }), now)).toBe(expected)
})

test('asks for no wait without a header', () => {
  expect(retryAfterMs(new Headers())).toBeUndefined()
})

test.each([
  ['Try again in 2 minutes.', 60_000],
  ['try again in 1.5 s', 1500],
  ['Try again in 90 milliseconds', 90],
  ['Try again later', undefined],
])('reads the wait in “%s”', (message, delayMs) => {
  expect(classifyFailure({ code: 'rate_limit_exceeded', message }).delayMs).toBe(delayMs)
})

test('takes an unknown failure as one that may pass', () => {
  const message = 'The model’s server reported a failure without saying why.'
  expect(classifyFailure({ code: 'novel' })).toEqual({ kind: 'retryable', code: 'upstream_error', message })
})

test('does not try again what a content filter cut', () => {
  expect(classifyIncomplete('content_filter')).toMatchObject({ kind: 'fatal', code: 'content_filter' })
})
